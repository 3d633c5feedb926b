import { element } from '../look/element.ts';

/** A labelled field with a hint and a fault below it. */
export interface Field<Input extends HTMLElement> {
  readonly root: HTMLElement;
  readonly input: Input;
  speak(label: string): void;
  hint(text: string): void;
  /** Says why it is not taken; the empty text: it is. */
  refuse(fault: string): void;
}

/** A field for a text. */
export function createField(id: string, attributes: Readonly<Record<string, string>> = {}): Field<HTMLInputElement> {
  return surround(id, element('input', { id, type: 'text', spellcheck: 'false', ...attributes }));
}

/** A choice of one. */
export interface Select extends Omit<Field<HTMLSelectElement>, 'speak'> {
  speak(label: string, options: readonly { readonly value: string; readonly name: string }[]): void;
}

/** @param onChoice after every choice */
export function createSelect(id: string, onChoice: () => void): Select {
  const field = surround(id, element('select', { id, change: onChoice }));
  return {
    ...field,
    speak(label, options) {
      field.speak(label);
      const { value } = field.input;
      field.input.replaceChildren(...options.map((option) => element('option', { value: option.value }, option.name)));
      field.input.value = value;
    },
  };
}

/** A yes or no. */
export interface Check {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  speak(label: string, means?: string): void;
}

/** @param onChoice after every choice */
export function createCheck(id: string, onChoice: () => void = () => undefined): Check {
  const input = element('input', { id, type: 'checkbox', change: onChoice });
  const label = element('span');
  const means = element('small', {});
  return {
    root: element('label', { class: 'settings-check' }, input, element('span', {}, label, means)),
    input,
    speak(text, more = '') {
      label.textContent = text;
      means.textContent = more;
    },
  };
}

function surround<Input extends HTMLElement>(id: string, input: Input): Field<Input> {
  const label = element('label', { for: id });
  const hint = element('p', { class: 'settings-hint', id: `${id}-hint` });
  const fault = element('p', { class: 'settings-fault', id: `${id}-fault`, role: 'alert' });
  const refuse = (text: string) => {
    fault.textContent = text;
    if (text === '') input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
  };
  input.setAttribute('aria-describedby', `${id}-fault ${id}-hint`);
  input.addEventListener('input', () => refuse(''));
  return {
    root: element('div', { class: 'settings-field' }, label, input, fault, hint),
    input,
    speak(text) {
      label.textContent = text;
    },
    hint(text) {
      hint.textContent = text;
    },
    refuse,
  };
}
