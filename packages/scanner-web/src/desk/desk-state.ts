import type { ClockFault } from '../lists/clock-check.ts';
import type { Shift, ShiftEnd } from '../operator/operator-session.ts';
import type { QueueState } from '../receipts/receipt-queue.ts';
import type { Language } from '../words/language.ts';
import type { Mark } from './desk-words.ts';

/** Everything that is shown around the operator is a function of this. */
export interface DeskState {
  readonly language: Language;
  readonly currentDate: Date;
  readonly shift?: Shift | undefined;
  /** Why the last shift ended, until the next begins. */
  readonly end?: ShiftEnd | undefined;
  /** What codes are scanned for, five digits. */
  readonly businessType?: string | undefined;
  readonly queue: QueueState;
  /** Why nothing more was uploaded; a code of the service or of the way there. */
  readonly problem?: string | undefined;
  /** Of the code that is being answered. */
  readonly mark?: Mark | undefined;
  readonly clockFault?: ClockFault | undefined;
  /** False where the browser may clear what is stored here. */
  readonly isPersisted: boolean;
}
