import type { ScreenMessage } from '../second-screen/screen-message.ts';
import type { Language } from '../words/language.ts';

/** How long a verdict faces the hall; who reads slowly has longer. */
const SHOWN_SECONDS = 20;
const SHOWN_SECONDS_ELDER = 60;

/** Everything that the second screen shows is a function of this. */
export interface PatientState {
  readonly language: Language;
  readonly elder: boolean;
  /** False where no page scans: what it says would be about nobody. */
  readonly hasScanner: boolean;
  readonly view: ScreenMessage;
  /** Since when it is shown. */
  readonly since: Date;
}

/** Everything that can happen to it. */
export type PatientEvent =
  | { readonly kind: 'told'; readonly message: ScreenMessage; readonly currentDate: Date }
  | { readonly kind: 'scanner_looked_for'; readonly isOpen: boolean; readonly currentDate: Date }
  | { readonly kind: 'language_chosen'; readonly language: Language }
  | { readonly kind: 'elder_chosen'; readonly elder: boolean };

/** The screen as it opens. */
export function openPatient(start: Pick<PatientState, 'language' | 'elder'>, currentDate: Date): PatientState {
  return { ...start, hasScanner: true, view: { kind: 'waiting' }, since: currentDate };
}

/** The screen after an event; the very same where nothing changed. */
export function advancePatient(state: PatientState, event: PatientEvent): PatientState {
  switch (event.kind) {
    case 'told':
      return { ...state, hasScanner: true, view: event.message, since: event.currentDate };
    case 'scanner_looked_for': {
      const { isOpen: hasScanner, currentDate } = event;
      const isOver = !hasScanner || isShownLongEnough(state, currentDate);
      if (isOver && state.view.kind !== 'waiting') {
        return { ...state, hasScanner, view: { kind: 'waiting' }, since: currentDate };
      }
      return hasScanner === state.hasScanner ? state : { ...state, hasScanner };
    }
    case 'language_chosen':
      return { ...state, language: event.language };
    case 'elder_chosen':
      return { ...state, elder: event.elder };
  }
}

function isShownLongEnough({ view, since, elder }: PatientState, currentDate: Date): boolean {
  const seconds = elder ? SHOWN_SECONDS_ELDER : SHOWN_SECONDS;
  return view.kind === 'verdict' && currentDate.getTime() - since.getTime() >= seconds * 1000;
}
