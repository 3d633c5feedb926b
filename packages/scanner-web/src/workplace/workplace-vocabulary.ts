import type { SpecimenName } from '../training/specimen-name.ts';
import type { HandOverOutcome } from './hand-over-sender.ts';
import type { HandOverWay, WorkplaceMode } from './workplace.ts';

/** What the page says of the place it stands at, in one language. A missing sentence does not compile. */
export interface WorkplaceWords {
  readonly open: string;
  readonly heading: string;
  readonly means: string;
  readonly mode: string;
  readonly modes: Readonly<Record<WorkplaceMode, { readonly name: string; readonly means: string }>>;
  readonly windowNumber: string;
  readonly windowNumberHint: string;
  readonly windowNumberFault: string;
  readonly window: (number: string) => string;
  readonly elder: string;
  readonly voice: string;
  readonly sound: string;
  readonly handOver: {
    readonly label: string;
    readonly off: string;
    readonly ways: Readonly<Record<HandOverWay, string>>;
    readonly address: string;
    readonly addressHint: Readonly<Record<'http' | 'websocket', string>>;
    readonly addressFault: string;
    readonly template: string;
    readonly templateHint: string;
    readonly templateFault: string;
    readonly automatic: string;
    readonly withCode: string;
    readonly withCodeMeans: string;
    readonly button: string;
    readonly key: string;
    readonly sending: string;
    readonly outcome: Readonly<Record<HandOverOutcome, string>>;
  };
  readonly steps: string;
  readonly slip: {
    readonly print: string;
    readonly heading: string;
    readonly result: string;
    readonly businessType: string;
    readonly time: string;
    readonly place: string;
    readonly receipt: string;
  };
  /** Of the bar that says how long a verdict stays. */
  readonly left: string;
  readonly training: {
    readonly mark: string;
    readonly means: string;
    readonly specimens: string;
    readonly specimen: Readonly<Record<SpecimenName, string>>;
  };
  readonly log: {
    readonly open: string;
    readonly heading: string;
    readonly means: string;
    readonly search: string;
    readonly count: (found: number, all: number) => string;
    readonly close: string;
  };
  /** What else an operator can do. */
  readonly desk: string;
  readonly save: string;
  readonly cancel: string;
}
