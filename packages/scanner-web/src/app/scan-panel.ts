import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { type Explanation, type Words, wordsOf } from '../words/words.ts';
import type { ScanState } from './scan-state.ts';

/** What the operator can do before a code is read. */
export interface ScanPanelActions {
  readonly onRetry: () => void;
  readonly onImage: (image: Blob) => void;
}

/** The picture of the camera, or why there is none and what to do. */
export interface ScanPanel {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  show(state: ScanState): void;
}

/** The video element lives as long as the page: a camera is opened once, not with every rendering. */
export function createScanPanel(actions: ScanPanelActions): ScanPanel {
  const video = element('video', { muted: true, playsinline: true });
  video.muted = true;
  const title = element('h1', { class: 'visually-hidden' });
  const hint = element('p', { class: 'hint', role: 'status' });
  const problem = element('div', { class: 'problem', role: 'alert' });
  const notice = element('p', { class: 'notice', role: 'alert' });
  const chooseLabel = element('span');
  const file = element('input', {
    type: 'file',
    accept: 'image/*',
    class: 'visually-hidden',
    change: () => {
      const [image] = file.files ?? [];
      if (image) actions.onImage(image);
      file.value = '';
    },
  });
  const root = element(
    'section',
    { class: 'scan' },
    title,
    element('div', { class: 'viewfinder' }, video, element('div', { class: 'corners' }), hint, problem),
    notice,
    element('label', { class: 'button choose' }, file, icon('image'), chooseLabel),
  );

  return {
    root,
    video,
    show(state) {
      const words = wordsOf(state.language);
      const explanation = explainStandstill(state, words);
      title.textContent = words.scan.title;
      root.setAttribute('data-camera', explanation ? 'problem' : state.camera.kind);
      hint.textContent = explanation ? '' : describeWork(state, words);
      hint.hidden = explanation !== undefined;
      problem.hidden = explanation === undefined;
      problem.replaceChildren(...(explanation ? renderProblem(explanation, words, actions.onRetry) : []));
      const noticed = state.work.kind === 'looking' ? state.work.notice : undefined;
      // What the camera sees is said in its picture, where the eyes are; there is none beside a problem.
      const isInPicture = noticed === 'several_codes' && !explanation;
      if (isInPicture) hint.textContent = words.scan.notice.several_codes;
      notice.textContent = noticed && !isInPicture ? words.scan.notice[noticed] : '';
      chooseLabel.textContent = words.scan.chooseImage;
    },
  };
}

function explainStandstill(state: ScanState, words: Words): Explanation | undefined {
  if (state.engine === 'failed') return words.scan.engineFailed;
  return state.camera.kind === 'problem' ? words.camera[state.camera.problem] : undefined;
}

function describeWork(state: ScanState, words: Words): string {
  if (state.work.kind === 'checking') return words.scan.checking;
  if (state.camera.kind !== 'live' || state.engine !== 'ready') return words.scan.starting;
  return state.readsSlowly ? words.scan.aimSlowly : words.scan.aim;
}

function renderProblem({ reason, next }: Explanation, words: Words, onRetry: () => void): Node[] {
  return [
    element('div', { class: 'problem-icon' }, icon('camera')),
    element('h2', {}, reason),
    element('p', {}, next),
    element(
      'button',
      { class: 'button primary', type: 'button', click: onRetry },
      icon('refresh'),
      words.scan.tryAgain,
    ),
  ];
}
