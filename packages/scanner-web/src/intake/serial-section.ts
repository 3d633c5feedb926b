import { BAUD_RATES, type SerialState } from '../input/serial-gun.ts';
import { element } from '../look/element.ts';
import type { Language } from '../words/language.ts';
import { type IntakeWords, intakeWordsOf } from './intake-words.ts';

/** The gun at a serial port. */
export interface SerialSection {
  readonly root: HTMLElement;
  show(state: SerialState | 'unsupported'): void;
  speak(language: Language): void;
}

/** @param baudRate the rate that is chosen as the page opens */
export function createSerialSection(
  baudRate: number,
  actions: { readonly onChoose: () => void; readonly onBaudRate: (baudRate: number) => void },
): SerialSection {
  let words: IntakeWords = intakeWordsOf('zh-CN');
  let state: SerialState | 'unsupported' = 'unsupported';
  const heading = element('h3', {});
  const means = element('p', {});
  const told = element('p', { class: 'serial-state', role: 'status' });
  const choose = element('button', { class: 'button', type: 'button', click: actions.onChoose });
  const rateLabel = element('span');
  const rates = element(
    'select',
    { change: () => actions.onBaudRate(Number(rates.value)) },
    ...BAUD_RATES.map((rate) => element('option', { value: String(rate), selected: rate === baudRate }, String(rate))),
  );
  const controls = element(
    'div',
    { class: 'serial-controls' },
    choose,
    element('label', { class: 'serial-rate' }, rateLabel, rates),
  );
  const root = element('section', { class: 'intake-section' }, heading, means, controls, told);

  function draw(): void {
    const { serial } = words;
    const isSupported = state !== 'unsupported';
    heading.textContent = serial.heading;
    means.textContent = serial.means;
    choose.textContent = serial.choose;
    rateLabel.textContent = serial.baudRate;
    controls.hidden = !isSupported;
    told.setAttribute('data-state', state);
    told.textContent = state === 'unsupported' ? serial.unsupported : serial.state[state];
  }

  return {
    root,
    show(newState) {
      state = newState;
      draw();
    },
    speak(language) {
      words = intakeWordsOf(language);
      draw();
    },
  };
}
