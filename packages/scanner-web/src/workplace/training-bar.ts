import { element, keepFocus } from '../look/element.ts';
import { SPECIMENS } from '../training/specimen-name.ts';
import type { Training } from '../training/training.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Language } from '../words/language.ts';
import { workplaceWordsOf } from './workplace-words.ts';

/** The banner that says that nothing here is valid, and the specimens to practise with. */
export interface TrainingBar {
  readonly banner: HTMLElement;
  readonly specimens: HTMLElement;
  speak(language: Language): void;
  /** Fetches what practising needs, while there is a network for it. */
  prepare(): void;
  judge(text: string, businessType: string | undefined): Promise<Verdict>;
}

/** @param onSpecimen takes the text of a specimen, as if it had been scanned; rejects where it cannot be made */
export function createTrainingBar(onSpecimen: (text: Promise<string>) => void): TrainingBar {
  let opened: Promise<Training> | undefined;
  const mark = element('strong', {});
  const means = element('span');
  const heading = element('p', {});
  const banner = element('section', { class: 'training-banner' }, mark, means);
  const buttons = SPECIMENS.map((name) => {
    const button = element('button', {
      class: 'button small specimen',
      type: 'button',
      'data-specimen': name,
      mousedown: keepFocus,
      click: () => onSpecimen(open().then((training) => training.makeSpecimen(name))),
    });
    return { name, button };
  });

  /** Loaded only where somebody practises: a counter has no use for it. */
  function open(): Promise<Training> {
    opened ??= import('../training/training.ts')
      .then(({ openTraining }) => openTraining(() => new Date()))
      .catch((error) => {
        opened = undefined;
        throw error;
      });
    return opened;
  }

  return {
    banner,
    specimens: element(
      'section',
      { class: 'specimens' },
      heading,
      element('div', { class: 'specimen-buttons' }, ...buttons.map(({ button }) => button)),
    ),
    speak(language) {
      const { training } = workplaceWordsOf(language);
      banner.setAttribute('aria-label', training.mark);
      mark.textContent = training.mark;
      means.textContent = training.means;
      heading.textContent = training.specimens;
      for (const { name, button } of buttons) button.textContent = training.specimen[name];
    },
    prepare: () => open().catch(() => undefined),
    judge: async (text, businessType) => (await open()).judge(text, businessType),
  };
}
