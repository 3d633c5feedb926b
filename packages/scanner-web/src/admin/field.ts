import { element } from '../look/element.ts';
import { type Phrase, say, sayAttribute } from './spoken.ts';

type Input = HTMLInputElement | HTMLSelectElement;

/** A labelled input, with a hint and room for what is wrong with it. */
export interface Field<Kind extends Input = Input> {
  readonly row: HTMLElement;
  readonly input: Kind;
  /** Says what is wrong; nothing takes it back. */
  fail(phrase?: Phrase): void;
}

/** What a field is like. */
export interface FieldOptions {
  readonly id: string;
  readonly label: Phrase;
  readonly hint?: Phrase;
}

let rows = 0;

/** Puts a label, a hint and a place for faults around an input. */
export function createField<Kind extends Input>(input: Kind, { id, label, hint }: FieldOptions): Field<Kind> {
  const number = ++rows;
  const problem = element('p', { class: 'problem', id: `${id}-problem-${number}` });
  const hinted = hint ? element('p', { class: 'hint', id: `${id}-hint-${number}` }, say(hint)) : null;
  input.id = id;
  input.setAttribute('aria-describedby', [hinted?.id, problem.id].filter(Boolean).join(' '));
  const fail = (phrase?: Phrase) => {
    problem.replaceChildren(...(phrase ? [say(phrase)] : []));
    if (phrase) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  };
  input.addEventListener('input', () => fail());
  return {
    row: element('div', { class: 'field' }, element('label', { for: id }, say(label)), input, hinted, problem),
    input,
    fail,
  };
}

/** A line to write on; nothing that was written is offered again. */
export function createTextField(
  options: FieldOptions & { readonly maxLength?: number; readonly type?: string; readonly isCode?: boolean },
): Field<HTMLInputElement> {
  const { maxLength = 100, type = 'text', isCode = false } = options;
  const input = element('input', {
    type,
    maxlength: String(maxLength),
    autocomplete: 'off',
    spellcheck: 'false',
    class: isCode ? 'code' : '',
  });
  return createField(input, options);
}

/** An entry of a list to choose from. */
export interface Option {
  readonly value: string;
  readonly label: Phrase;
}

/** A list to choose from. */
export function createSelect(options: FieldOptions, entries: readonly Option[]): Field<HTMLSelectElement> {
  const field = createField(element('select', {}), options);
  offer(field.input, entries);
  return field;
}

/** Replaces what can be chosen; the choice stays where it can. */
export function offer(select: HTMLSelectElement, entries: readonly Option[]): void {
  const chosen = select.value;
  select.replaceChildren(...entries.map(({ value, label }) => element('option', { value }, say(label))));
  if (entries.some(({ value }) => value === chosen)) select.value = chosen;
}

/** Buttons of which one is chosen, with its name and what it means. */
export function createChoice<Value extends string>(
  { id, label }: Pick<FieldOptions, 'id' | 'label'>,
  entries: readonly { readonly value: Value; readonly label: Phrase; readonly hint?: Phrase }[],
  onChange: (value: Value) => void,
): { readonly row: HTMLElement; readonly chosen: () => Value; choose(value: Value): void } {
  const inputs = entries.map(({ value }) =>
    element('input', { type: 'radio', name: id, value, change: () => onChange(value) }),
  );
  const [first] = inputs;
  if (first) first.checked = true;
  const row = element(
    'fieldset',
    { class: 'choice' },
    element('legend', {}, say(label)),
    ...entries.map(({ label: name, hint }, index) =>
      element(
        'label',
        {},
        inputs[index] ?? null,
        element(
          'span',
          {},
          element('strong', {}, say(name)),
          hint ? element('span', { class: 'hint' }, say(hint)) : null,
        ),
      ),
    ),
  );
  return {
    row,
    chosen: () => inputs.find(({ checked }) => checked)?.value as Value,
    choose(value) {
      for (const input of inputs) input.checked = input.value === value;
      onChange(value);
    },
  };
}

/** A form whose submission never leaves the page. While `submit` works, it cannot be sent a second time. */
export function createForm(
  attributes: { readonly class?: string; readonly label: Phrase },
  button: HTMLButtonElement,
  submit: () => Promise<void>,
  ...children: readonly (Node | null)[]
): HTMLFormElement {
  let isBusy = false;
  const form = element(
    'form',
    {
      class: attributes.class ?? '',
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        if (isBusy) return;
        isBusy = true;
        // Not `disabled`: that would take the focus away from under the keyboard.
        button.setAttribute('aria-disabled', 'true');
        submit().finally(() => {
          isBusy = false;
          button.removeAttribute('aria-disabled');
        });
      },
    },
    ...children,
  );
  return sayAttribute(form, 'aria-label', attributes.label);
}

/** A button that sends its form. */
export function createSubmit(label: Phrase): HTMLButtonElement {
  return element('button', { class: 'button primary', type: 'submit' }, say(label));
}

/** Where a form says what became of it; read out when it changes. */
export function createNotice(): {
  readonly row: HTMLElement;
  tell(kind: 'good' | 'bad' | 'plain', phrase?: Phrase): void;
} {
  const row = element('p', { class: 'notice', role: 'status' });
  return {
    row,
    tell(kind, phrase) {
      row.className = `notice ${kind}`;
      row.replaceChildren(...(phrase ? [say(phrase)] : []));
    },
  };
}

/** Moves to the first field that something is wrong with. */
export function focusFault(form: HTMLElement): boolean {
  const faulty = form.querySelector<HTMLElement>('[aria-invalid="true"]');
  faulty?.focus();
  return faulty !== null;
}
