import { element } from '../look/element.ts';
import type { Language } from '../words/language.ts';
import { type IntakeWords, intakeWordsOf } from './intake-words.ts';

/** Turns the scan field on and off. */
export interface FieldSection {
  readonly root: HTMLElement;
  speak(language: Language): void;
}

/** @param onTurn told with each change */
export function createFieldSection(isOnAtFirst: boolean, onTurn: (isOn: boolean) => void): FieldSection {
  let words: IntakeWords = intakeWordsOf('zh-CN');
  let isOn = isOnAtFirst;
  const heading = element('h3', {});
  const means = element('p', {});
  const turn = element('button', {
    class: 'button',
    type: 'button',
    click: () => {
      isOn = !isOn;
      onTurn(isOn);
      draw();
    },
  });
  const root = element('section', { class: 'intake-section' }, heading, means, turn);

  function draw(): void {
    heading.textContent = words.field.heading;
    means.textContent = words.field.means;
    turn.textContent = isOn ? words.field.turnOff : words.field.turnOn;
  }

  return {
    root,
    speak(language) {
      words = intakeWordsOf(language);
      draw();
    },
  };
}
