import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Language } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';

/** Opens the page for a second screen, which faces the patient. */
export interface PatientScreenButton {
  readonly button: HTMLElement;
  /** @param isElsewhere another window of this browser has the screen */
  show(language: Language, isElsewhere: boolean): void;
}

export function createPatientScreenButton(): PatientScreenButton {
  const label = element('span');
  const button = element(
    'button',
    {
      class: 'button small patient-screen',
      type: 'button',
      mousedown: keepFocus,
      // Of one name: pressed again, it brings back the window that is open.
      click: () => window.open('/scan/patient/', 'zhengma-patient-screen', 'popup,width=1024,height=720')?.focus(),
    },
    icon('screen'),
    label,
  );
  return {
    button,
    show(language, isElsewhere) {
      const words = wordsOf(language);
      label.textContent = isElsewhere ? words.patientScreenElsewhere : words.openPatientScreen;
    },
  };
}
