import { element } from '../look/element.ts';
import type { SignInProblem } from '../operator/operator-session.ts';
import type { Language } from '../words/language.ts';
import { type DeskWords, deskWordsOf, type ToldSignInProblem } from './desk-words.ts';

/** Asks for an API key. What was typed stays in the field until it has let somebody in. */
export interface SignInForm {
  readonly root: HTMLElement;
  speak(language: Language): void;
  focus(): void;
  /** Empties the field: nobody shall find the key there. */
  clear(): void;
}

/** @param signIn gives why nobody was signed in, or nothing */
export function createSignInForm(signIn: (apiKey: string) => Promise<SignInProblem | undefined>): SignInForm {
  let words: DeskWords = deskWordsOf('zh-CN');
  let problem: SignInProblem | undefined;
  let isBusy = false;
  const label = element('label', { for: 'operator-key' });
  const hint = element('p', { class: 'desk-hint', id: 'operator-key-hint' });
  const fault = element('p', { class: 'desk-fault', id: 'operator-key-fault', role: 'alert' });
  const key = element('input', {
    id: 'operator-key',
    type: 'password',
    maxlength: '100',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'operator-key-fault operator-key-hint',
    input: () => show(undefined),
  });
  const submit = element('button', { class: 'button primary', type: 'submit' });
  const root = element(
    'form',
    {
      class: 'desk-form',
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        send();
      },
    },
    label,
    key,
    fault,
    hint,
    submit,
  );

  function show(found: SignInProblem | undefined): void {
    problem = found;
    fault.textContent = found === undefined ? '' : describeProblem(found, words);
    if (found === undefined) key.removeAttribute('aria-invalid');
    else key.setAttribute('aria-invalid', 'true');
  }

  async function send(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    // Not `disabled`: that would take the focus away from under the keyboard.
    submit.setAttribute('aria-disabled', 'true');
    const found = await signIn(key.value.trim());
    isBusy = false;
    submit.removeAttribute('aria-disabled');
    show(found);
    if (found === undefined) key.value = '';
    else key.select();
  }

  return {
    root,
    speak(language) {
      words = deskWordsOf(language);
      label.textContent = words.signIn.key;
      hint.textContent = words.signIn.keyHint;
      submit.textContent = words.signIn.submit;
      root.setAttribute('aria-label', words.signIn.heading);
      show(problem);
    },
    focus: () => key.focus(),
    clear() {
      key.value = '';
      show(undefined);
    },
  };
}

function describeProblem(problem: SignInProblem, { signIn }: DeskWords): string {
  return Object.hasOwn(signIn.problem, problem)
    ? signIn.problem[problem as ToldSignInProblem]
    : signIn.otherProblem(problem);
}
