import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { type Explanation, type Words, wordsOf } from '../words/words.ts';
import { type CameraActions, createCameraView, type Outlines } from './camera-view.ts';
import type { ScanState } from './scan-state.ts';

/** What the operator can do before a code is read. */
export interface ScanPanelActions extends CameraActions {
  readonly onRetry: () => void;
}

/** The picture of the camera, or why there is none and what to do. */
export interface ScanPanel {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  show(state: ScanState): void;
  /** Draws the lines around the codes of a frame. */
  outline(outlines: Outlines): void;
}

/** The panel before a code is read. */
export function createScanPanel(actions: ScanPanelActions): ScanPanel {
  const camera = createCameraView(actions);
  const title = element('h1', { class: 'visually-hidden' });
  const hint = element('p', { class: 'hint', role: 'status' });
  const problem = element('div', { class: 'problem', role: 'alert' });
  const notice = element('p', { class: 'notice', role: 'alert' });
  let explained: Explanation | undefined;
  const root = element(
    'section',
    { class: 'scan' },
    title,
    element('div', { class: 'viewfinder' }, camera.picture, element('div', { class: 'corners' }), hint, problem),
    notice,
    element('div', { class: 'tools' }, camera.controls),
  );

  return {
    root,
    video: camera.video,
    outline: camera.outline,
    show(state) {
      const words = wordsOf(state.language);
      camera.show(state.camera, state.cameraSetup, words.camera);
      // The next person's code is not where the last one's was.
      if (state.work.kind === 'verdict') camera.clear();
      const explanation = explainStandstill(state, words);
      root.toggleAttribute('data-advised', state.camera.kind === 'live' && state.cameraSetup.advice !== undefined);
      title.textContent = words.scan.title;
      root.setAttribute('data-camera', explanation ? 'problem' : state.camera.kind);
      hint.textContent = explanation ? '' : describeWork(state, words);
      hint.hidden = explanation !== undefined;
      problem.hidden = explanation === undefined;
      // Drawn anew, a problem that the page tries to solve by itself would be read aloud each time.
      if (explanation !== explained) {
        problem.replaceChildren(...(explanation ? renderProblem(explanation, words, actions.onRetry) : []));
      }
      explained = explanation;
      const noticed = state.work.kind === 'looking' ? state.work.notice : undefined;
      // What the camera sees is said in its picture, where the eyes are; there is none beside a problem.
      const isInPicture = noticed === 'several_codes' && !explanation;
      if (isInPicture) hint.textContent = words.scan.notice.several_codes;
      notice.textContent = noticed && !isInPicture ? words.scan.notice[noticed] : '';
    },
  };
}

function explainStandstill(state: ScanState, words: Words): Explanation | undefined {
  if (state.engine === 'failed') return words.scan.engineFailed;
  return state.camera.kind === 'problem' ? words.camera.problem[state.camera.problem] : undefined;
}

function describeWork(state: ScanState, words: Words): string {
  if (state.work.kind === 'checking') return words.scan.checking;
  if (state.camera.kind !== 'live' || state.engine !== 'ready') return words.scan.starting;
  if (state.cameraSetup.advice) return words.camera.advice[state.cameraSetup.advice];
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
