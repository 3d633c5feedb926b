import { element, keepFocus } from '../look/element.ts';
import { otherLanguage } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { createListsBar, describeListsProblem } from './lists-bar.ts';
import { createScanPanel, type ScanPanelActions } from './scan-panel.ts';
import type { ScanEvent, ScanState } from './scan-state.ts';
import { renderVerdict } from './verdict-panel.ts';

/** The whole page, drawn from the state. */
export interface ScanPage {
  readonly video: HTMLVideoElement;
  show(state: ScanState): void;
}

/** @param dispatch takes what the operator does */
export function createScanPage(
  body: HTMLElement,
  dispatch: (event: ScanEvent) => void,
  actions: ScanPanelActions & { readonly onRefresh: () => void },
): ScanPage {
  let shown: ScanState | undefined;
  const brand = element('span', { class: 'brand-name' });
  const bar = createListsBar(actions.onRefresh);
  const language = element('button', {
    class: 'button small language',
    type: 'button',
    mousedown: keepFocus,
    click: () => shown && dispatch({ kind: 'language_chosen', language: otherLanguage(shown.language) }),
  });
  const warning = element('p', { class: 'warning', role: 'alert' });
  const panel = createScanPanel(actions);
  const answer = element('div', { class: 'answer', 'aria-live': 'assertive' });
  const footer = element('footer', {});
  const onNext = () => dispatch({ kind: 'next_person' });

  body.replaceChildren(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'brand' },
        element('img', { src: '/scan/icon.svg', alt: '', width: '40', height: '40' }),
        brand,
      ),
      bar.root,
      language,
    ),
    warning,
    element('main', {}, panel.root, answer),
    footer,
  );

  // A counter's hands are on the keyboard: both keys work wherever the focus is.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    if (shown?.work.kind !== 'verdict' || event.target instanceof HTMLButtonElement || event.repeat) return;
    event.preventDefault();
    onNext();
  });

  return {
    video: panel.video,
    show(state) {
      const words = wordsOf(state.language);
      document.documentElement.lang = state.language;
      document.title = `${words.scan.title} · ${words.brand}`;
      brand.textContent = words.brand;
      language.textContent = words.languageSwitch;
      language.lang = otherLanguage(state.language);
      footer.textContent = words.notAffiliated;
      bar.show(state);

      const problem = describeListsProblem(state, words);
      warning.textContent = problem ?? '';
      warning.hidden = problem === undefined;

      const verdict = state.work.kind === 'verdict' ? state.work.verdict : undefined;
      panel.root.hidden = verdict !== undefined;
      panel.show(state);
      if (!verdict) answer.replaceChildren();
      else if (shown?.work !== state.work || shown.language !== state.language) {
        const { root, next } = renderVerdict(verdict, state.language, isOffline(state), onNext);
        answer.replaceChildren(root);
        next.focus({ preventScroll: true });
      }
      // The colour fills the screen, behind the bar with the age of the lists.
      if (verdict) body.setAttribute('data-tone', verdict.tone);
      else body.removeAttribute('data-tone');
      shown = state;
    },
  };
}

function isOffline({ online, lists }: ScanState): boolean {
  return !online || lists.problem === 'unreachable';
}
