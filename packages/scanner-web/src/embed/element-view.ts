import { createListsBar, describeListsProblem } from '../app/lists-bar.ts';
import { createScanPanel, type ScanPanelActions } from '../app/scan-panel.ts';
import type { ScanEvent, ScanState } from '../app/scan-state.ts';
import { renderVerdict } from '../app/verdict-panel.ts';
import { createWarning } from '../app/warning.ts';
import { element } from '../look/element.ts';
import { createFileButton } from '../look/file-button.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { wordsOf } from '../words/words.ts';
import { nameParts } from './parts.ts';

/** What people can do. */
export interface ElementActions {
  readonly dispatch: (event: ScanEvent) => void;
  readonly onRetry: () => void;
  readonly onImage: (image: Blob) => void;
  readonly onRefresh: () => void;
  readonly onFocus: ScanPanelActions['onFocus'];
}

/** What the element shows, drawn from the state. */
export interface ElementView {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  /** Leaves out what belongs to inputs that it does not have. */
  showInputs(inputs: ReadonlySet<string>): void;
  show(state: ScanState): void;
}

/** Built once; a verdict is drawn when it comes. */
export function createElementView({ dispatch, ...actions }: ElementActions): ElementView {
  let drawn: { readonly verdict: Verdict; readonly language: string } | undefined;
  const bar = createListsBar(actions.onRefresh);
  const panel = createScanPanel({ ...actions, onCamera: dispatch });
  const choose = createFileButton(false, ([image]) => image && actions.onImage(image));
  const warning = createWarning();
  const answer = element('div', { class: 'answer', 'aria-live': 'assertive' });
  const root = element('div', { class: 'page' }, bar.root, warning.root, panel.root, choose.root, answer);
  for (const kind of ['keydown', 'pointerdown']) {
    root.addEventListener(kind, () => dispatch({ kind: 'operator_active', currentDate: new Date() }));
  }

  function showVerdict({ work, language, online, lists }: ScanState): void {
    const verdict = work.kind === 'verdict' ? work.verdict : undefined;
    panel.root.hidden = choose.root.hidden = verdict !== undefined;
    if (!verdict) {
      drawn = undefined;
      answer.replaceChildren();
      root.removeAttribute('data-tone');
    } else if (verdict !== drawn?.verdict || language !== drawn.language) {
      const isOffline = !online || lists.problem === 'unreachable';
      const panelOfVerdict = renderVerdict(verdict, {
        language,
        offline: isOffline,
        elder: false,
        onNext: () => dispatch({ kind: 'next_person' }),
      });
      answer.replaceChildren(panelOfVerdict.root);
      root.setAttribute('data-tone', verdict.tone);
      // Whoever types in a field of the page goes on typing there.
      if (isFocusFree(root)) panelOfVerdict.next.focus({ preventScroll: true });
      drawn = { verdict, language };
    }
  }

  return {
    root,
    video: panel.video,
    showInputs(inputs) {
      root.classList.toggle('without-camera', !inputs.has('camera'));
      root.classList.toggle('without-file', !inputs.has('file'));
    },
    show(state) {
      root.lang = state.language;
      bar.show(state);
      panel.show(state);
      choose.speak(wordsOf(state.language).scan.chooseImage);
      warning.show(describeListsProblem(state, wordsOf(state.language)));
      showVerdict(state);
      nameParts(root.parentNode ?? root);
    },
  };
}

function isFocusFree(root: HTMLElement): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || activeElement === (root.getRootNode() as ShadowRoot).host;
}
