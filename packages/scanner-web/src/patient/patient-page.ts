import { element } from '../look/element.ts';
import { type IconName, icon } from '../look/icon.ts';
import type { Tone } from '../verdict/verdict.ts';
import { otherLanguage } from '../words/language.ts';
import { type Explanation, type Words, wordsOf } from '../words/words.ts';
import type { PatientEvent, PatientState } from './patient-state.ts';

/** The screen that faces the patient, drawn from the state. */
export interface PatientPage {
  show(state: PatientState): void;
}

/** @param dispatch takes what the patient does */
export function createPatientPage(body: HTMLElement, dispatch: (event: PatientEvent) => void): PatientPage {
  let shown: PatientState | undefined;
  const sign = element('div', { class: 'patient-sign' });
  const headline = element('h1', {});
  const who = element('p', { class: 'patient-who' });
  const reason = element('p', { class: 'patient-reason' });
  const next = element('p', { class: 'patient-next' });
  const language = element('button', {
    class: 'button patient-language',
    type: 'button',
    click: () => shown && dispatch({ kind: 'language_chosen', language: otherLanguage(shown.language) }),
  });
  const footer = element('footer', {});
  body.replaceChildren(
    element('main', { class: 'patient', 'aria-live': 'polite' }, sign, headline, who, reason, next),
    element('div', { class: 'patient-below' }, footer, language),
  );

  return {
    show(state) {
      const words = wordsOf(state.language);
      const { title, icon: shape, explanation, person } = describe(state, words);
      document.documentElement.lang = state.language;
      document.documentElement.toggleAttribute('data-elder', state.elder);
      document.title = `${words.patient.title} · ${words.brand}`;
      sign.replaceChildren(icon(shape));
      headline.textContent = title;
      who.textContent = person ?? '';
      reason.textContent = explanation.reason;
      next.textContent = explanation.next;
      language.textContent = words.languageSwitch;
      language.lang = otherLanguage(state.language);
      footer.textContent = words.notAffiliated;
      body.dataset['view'] = state.hasScanner ? state.view.kind : 'lost';
      if (state.view.kind === 'verdict') body.dataset['tone'] = state.view.tone;
      else delete body.dataset['tone'];
      shown = state;
    },
  };
}

/** Neither a cross nor a stop sign: nobody has done wrong. */
const SIGNS: Readonly<Record<Tone, IconName>> = {
  valid: 'valid',
  unsure: 'person',
  refused: 'unsure',
  foreign: 'foreign',
};

interface Scene {
  readonly title: string;
  readonly icon: IconName;
  readonly explanation: Explanation;
  readonly person?: string | undefined;
}

function describe({ view, hasScanner }: PatientState, { patient }: Words): Scene {
  if (!hasScanner) return describePlainly(patient.scannerLost, 'offline');
  if (view.kind !== 'verdict')
    return describePlainly(patient[view.kind], view.kind === 'waiting' ? 'phone' : 'refresh');
  const { tone, code, name, delegate } = view;
  return {
    title: patient.headline[tone],
    icon: SIGNS[tone],
    explanation: patient.verdict[code],
    person: name !== undefined && delegate !== undefined ? patient.actsFor(delegate, name) : (delegate ?? name),
  };
}

/** Where nothing was answered, the sentence itself is the large one. */
function describePlainly({ reason, next }: Explanation, shape: IconName): Scene {
  return { title: reason, icon: shape, explanation: { reason: '', next } };
}
