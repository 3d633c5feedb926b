import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Language } from '../words/language.ts';
import { createHandOverFields } from './hand-over-fields.ts';
import { parseWindowNumber } from './kept-workplace.ts';
import { createCheck, createField, createSelect } from './settings-field.ts';
import { WORKPLACE_MODES, type Workplace } from './workplace.ts';
import { workplaceWordsOf } from './workplace-words.ts';
import './workplace.css';

/** The settings of this device, behind a gear. */
export interface Settings {
  readonly button: HTMLElement;
  open(): void;
  show(language: Language, workplace: Workplace): void;
}

/**
 * @param onSave takes what was chosen; it is whole
 * @param onDesk opens what else an operator can do, from where no other way leads there
 */
export function createSettings(onSave: (workplace: Workplace) => void, onDesk: () => void): Settings {
  let shown: { readonly language: Language; readonly workplace: Workplace } | undefined;
  const label = element('span');
  const button = element(
    'button',
    { class: 'button small settings-open', type: 'button', mousedown: keepFocus, click: open },
    icon('gear'),
    label,
  );
  const heading = element('h2', {});
  const means = element('p', { class: 'settings-hint' });
  const mode = createSelect('settings-mode', () => speak());
  const windowNumber = createField('settings-window', { maxlength: '24', autocomplete: 'off' });
  const elder = createCheck('settings-elder', () => {
    // Who cannot read well listens; the voice can be taken away again.
    if (elder.input.checked) voice.input.checked = true;
  });
  const voice = createCheck('settings-voice');
  const sound = createCheck('settings-sound');
  const handOver = createHandOverFields();
  const save = element('button', { class: 'button primary', type: 'submit' });
  const desk = element('button', {
    class: 'button',
    type: 'button',
    click: () => {
      dialog.close();
      onDesk();
    },
  });
  const cancel = element('button', { class: 'button', type: 'button', click: () => dialog.close() });
  const form = element(
    'form',
    { class: 'settings-form', novalidate: true, submit: submit },
    heading,
    means,
    mode.root,
    windowNumber.root,
    elder.root,
    voice.root,
    sound.root,
    handOver.root,
    element('p', { class: 'choices' }, save, cancel, desk),
  );
  const dialog = element(
    'dialog',
    {
      class: 'settings-dialog',
      close: () => dialog.remove(),
      // What is typed or pasted here is not for the page beneath.
      keydown: stop,
      keyup: stop,
      keypress: stop,
      paste: stop,
      pointerdown: stop,
    },
    form,
  );

  function open(): void {
    if (dialog.open || !shown) return;
    const { workplace } = shown;
    speak();
    mode.input.value = workplace.mode;
    windowNumber.input.value = workplace.windowNumber ?? '';
    windowNumber.refuse('');
    elder.input.checked = workplace.elder;
    voice.input.checked = workplace.voice;
    sound.input.checked = workplace.sound;
    handOver.fill(workplace.handOver);
    speak();
    document.body.append(dialog);
    dialog.showModal();
  }

  function speak(): void {
    if (!shown) return;
    const words = workplaceWordsOf(shown.language);
    heading.textContent = words.heading;
    means.textContent = words.means;
    mode.speak(
      words.mode,
      WORKPLACE_MODES.map((value) => ({ value, name: words.modes[value].name })),
    );
    const chosen = WORKPLACE_MODES.find((known) => known === mode.input.value);
    mode.hint(chosen ? words.modes[chosen].means : '');
    windowNumber.speak(words.windowNumber);
    windowNumber.hint(words.windowNumberHint);
    elder.speak(words.elder);
    voice.speak(words.voice);
    sound.speak(words.sound);
    handOver.speak(words.handOver);
    save.textContent = words.save;
    cancel.textContent = words.cancel;
    desk.textContent = words.desk;
    desk.hidden = shown.workplace.mode !== 'kiosk';
  }

  function submit(event: Event): void {
    event.preventDefault();
    if (!shown) return;
    const words = workplaceWordsOf(shown.language);
    const typed = windowNumber.input.value.trim();
    const number = parseWindowNumber(typed);
    windowNumber.refuse(typed !== '' && number === undefined ? words.windowNumberFault : '');
    const target = handOver.read(words.handOver);
    if ((typed !== '' && number === undefined) || target === 'refused') {
      form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    const chosen = WORKPLACE_MODES.find((known) => known === mode.input.value);
    dialog.close();
    onSave({
      mode: chosen ?? shown.workplace.mode,
      elder: elder.input.checked,
      voice: voice.input.checked,
      sound: sound.input.checked,
      ...(number !== undefined && { windowNumber: number }),
      ...(target && { handOver: target }),
    });
  }

  return {
    button,
    open,
    show(language, workplace) {
      shown = { language, workplace };
      label.textContent = workplaceWordsOf(language).open;
      if (dialog.open) speak();
    },
  };
}

function stop(event: Event): void {
  event.stopPropagation();
}
