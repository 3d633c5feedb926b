import { element, keepFocus } from '../look/element.ts';
import { hidePriority } from '../verdict/masking.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { otherLanguage } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import type { Outlines } from './camera-view.ts';
import { createListsBar, describeListsProblem } from './lists-bar.ts';
import { createScanPanel, type ScanPanelActions } from './scan-panel.ts';
import type { ScanEvent, ScanState } from './scan-state.ts';
import { renderVerdict, type VerdictPanel } from './verdict-panel.ts';
import { createWarning } from './warning.ts';
import { countRevealed } from './work.ts';

/** The whole page, drawn from the state. */
export interface ScanPage {
  readonly video: HTMLVideoElement;
  show(state: ScanState): void;
  /** What the page is known by. */
  readonly logo: HTMLElement;
  /** Draws the lines around the codes of a frame. */
  outline(outlines: Outlines): void;
  /** Puts what is about this device into the header, in this order. */
  placeInHeader(parts: readonly HTMLElement[]): void;
  /** Puts what is about the operator below the header, in this order. */
  placeDesk(parts: readonly HTMLElement[]): void;
  /** Puts the other ways to bring a code below the camera's picture, and what is always there at the end. */
  placeIntake(ways: HTMLElement, parts: readonly HTMLElement[]): void;
  /** Puts what is done before a verdict below the picture of the camera, and what is done with one above the answer. */
  placeTools(before: HTMLElement, after: HTMLElement): void;
}

/** @param dispatch takes what the operator does */
export function createScanPage(
  body: HTMLElement,
  dispatch: (event: ScanEvent) => void,
  actions: ScanPanelActions & { readonly onRefresh: () => void },
): ScanPage {
  let shown: ScanState | undefined;
  let drawn: Verdict | undefined;
  let verdictPanel: VerdictPanel | undefined;
  const brand = element('span', { class: 'brand-name' });
  const logo = element('img', { src: '/scan/icon.svg', alt: '', width: '40', height: '40', draggable: 'false' });
  const bar = createListsBar(actions.onRefresh);
  const language = element('button', {
    class: 'button small language',
    type: 'button',
    mousedown: keepFocus,
    click: () => shown && dispatch({ kind: 'language_chosen', language: otherLanguage(shown.language) }),
  });
  const warning = createWarning();
  const panel = createScanPanel(actions);
  const answer = element('div', { class: 'answer', 'aria-live': 'assertive' });
  const footer = element('footer', {});
  const onNext = () => dispatch({ kind: 'next_person' });

  body.replaceChildren(
    element('header', {}, element('div', { class: 'brand' }, logo, brand), bar.root, language),
    warning.root,
    element('main', {}, panel.root, answer),
    footer,
  );

  for (const kind of ['keydown', 'pointerdown']) {
    document.addEventListener(kind, () => dispatch({ kind: 'operator_active', currentDate: new Date() }));
  }
  window.addEventListener('blur', () => dispatch({ kind: 'person_masked' }));
  // A counter's hands are on the keyboard: both keys work wherever the focus is.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    if (shown?.work.kind !== 'verdict' || isPressed(event.target) || event.repeat) return;
    event.preventDefault();
    onNext();
  });

  return {
    video: panel.video,
    outline: panel.outline,
    logo,
    placeInHeader: (parts) => language.before(...parts),
    placeTools(before, after) {
      panel.root.after(before);
      answer.before(after);
    },
    placeDesk: (parts) => warning.root.before(...parts),
    placeIntake(ways, parts) {
      panel.root.append(ways);
      footer.before(...parts);
    },
    show(state) {
      const words = wordsOf(state.language);
      document.documentElement.lang = state.language;
      document.documentElement.toggleAttribute('data-elder', state.workplace.elder);
      document.title = `${words.scan.title} · ${words.brand}`;
      brand.textContent = words.brand;
      language.textContent = words.languageSwitch;
      language.lang = otherLanguage(state.language);
      footer.textContent = words.notAffiliated;
      bar.show(state);

      warning.show(describeListsProblem(state, words));

      const verdict = state.work.kind === 'verdict' ? state.work.verdict : undefined;
      panel.root.hidden = verdict !== undefined;
      panel.show(state);
      const { elder } = state.workplace;
      if (!verdict) {
        verdictPanel = undefined;
        answer.replaceChildren();
      } else if (verdict !== drawn || shown?.language !== state.language || shown.workplace.elder !== elder) {
        verdictPanel = renderVerdict(state.workplace.mode === 'kiosk' ? hidePriority(verdict) : verdict, {
          language: state.language,
          offline: isOffline(state),
          elder,
          onNext,
          onReveal: () => dispatch({ kind: 'person_revealed', currentDate: new Date() }),
          onMask: () => dispatch({ kind: 'person_masked' }),
        });
        answer.replaceChildren(verdictPanel.root);
        verdictPanel.next.focus({ preventScroll: true });
      }
      verdictPanel?.reveal(countRevealed(state.work, state.currentDate));
      // The colour fills the screen, behind the bar with the age of the lists.
      if (verdict) body.setAttribute('data-tone', verdict.tone);
      else body.removeAttribute('data-tone');
      drawn = verdict;
      shown = state;
    },
  };
}

/** Whether the keys are meant for what has the focus. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, summary') !== null;
}

function isOffline({ online, lists }: ScanState): boolean {
  return !online || lists.problem === 'unreachable';
}
