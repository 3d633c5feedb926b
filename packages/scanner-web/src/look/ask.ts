import { element } from './element.ts';

/** What somebody can answer. */
export interface Choice<Answer extends string> {
  readonly answer: Answer;
  readonly words: string;
  readonly isDangerous?: boolean;
}

/**
 * Asks before something is lost. The first choice is the harmless one and has the focus.
 *
 * @returns the answer; nothing where the question was put away
 */
export function ask<Answer extends string>(
  question: string,
  meaning: string,
  choices: readonly Choice<Answer>[],
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let given: Answer | undefined;
    const buttons = choices.map(({ answer, words, isDangerous = false }, index) =>
      element(
        'button',
        {
          class: isDangerous ? 'button danger' : 'button',
          type: 'button',
          autofocus: index === 0,
          click: () => {
            given = answer;
            dialog.close();
          },
        },
        words,
      ),
    );
    const dialog = element(
      'dialog',
      {
        close: () => {
          dialog.remove();
          resolve(given);
        },
      },
      element('p', { class: 'question' }, question),
      element('p', {}, meaning),
      element('p', { class: 'choices' }, ...buttons),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
