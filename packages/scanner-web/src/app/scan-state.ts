import type { CameraProblem } from '../input/camera-problem.ts';
import type { ListsProblem } from '../lists/lists-problem.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Language } from '../words/language.ts';
import type { ScanNotice } from '../words/words.ts';

/** How long what a verdict says of a person stays on the screen of a counter that nobody touches. */
const VERDICT_SECONDS = 120;

/** The picture: being opened, running, let go while nobody looks at the page, or why there is none. */
export type CameraState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'problem'; readonly problem: CameraProblem };

/** What the page is doing: one code at a time, from the frame to the verdict and back. */
export type Work =
  | { readonly kind: 'looking'; readonly notice?: ScanNotice }
  | { readonly kind: 'checking'; readonly text: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly touchedAt: Date };

/** What the page knows of its lists; the lists themselves stay with their keeper. */
export interface ListsState {
  /** Issue date of the oldest list in use: what the verdicts rest on. */
  readonly issuedAt?: Date;
  /** When the service last confirmed them. */
  readonly checkedAt?: Date;
  readonly refreshing: boolean;
  readonly problem?: ListsProblem;
}

/** Everything the page shows is a function of this. */
export interface ScanState {
  readonly language: Language;
  readonly currentDate: Date;
  readonly online: boolean;
  readonly engine: 'starting' | 'ready' | 'failed';
  /** Where the browser allows no WASM, codes are read all the same, but slowly. */
  readonly readsSlowly: boolean;
  readonly camera: CameraState;
  readonly lists: ListsState;
  readonly work: Work;
}

/** Everything that can happen to the page. */
export type ScanEvent =
  | { readonly kind: 'engine_ready'; readonly isSlow?: boolean }
  | { readonly kind: 'engine_failed' }
  | { readonly kind: 'camera_live' }
  | { readonly kind: 'camera_failed'; readonly problem: CameraProblem }
  | { readonly kind: 'camera_retried' }
  | { readonly kind: 'page_hidden' }
  | { readonly kind: 'page_shown' }
  | { readonly kind: 'code_read'; readonly text: string }
  | { readonly kind: 'image_without_code' }
  | { readonly kind: 'several_codes' }
  | { readonly kind: 'view_cleared' }
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  | { readonly kind: 'next_person' }
  | { readonly kind: 'operator_active'; readonly currentDate: Date }
  | { readonly kind: 'lists_refreshing' }
  | { readonly kind: 'lists_changed'; readonly lists: Omit<ListsState, 'refreshing'> }
  | { readonly kind: 'network_changed'; readonly online: boolean }
  | { readonly kind: 'language_chosen'; readonly language: Language }
  | { readonly kind: 'clock_ticked'; readonly currentDate: Date };

/** The page as it opens. */
export function openScan(start: Pick<ScanState, 'language' | 'currentDate' | 'online'>): ScanState {
  return {
    ...start,
    engine: 'starting',
    readsSlowly: false,
    camera: { kind: 'opening' },
    lists: { refreshing: true },
    work: { kind: 'looking' },
  };
}

/** The page after an event. An event that does not fit the state changes nothing. */
export function advance(state: ScanState, event: ScanEvent): ScanState {
  switch (event.kind) {
    case 'engine_ready':
      return { ...state, engine: 'ready', readsSlowly: event.isSlow === true };
    case 'engine_failed':
      // Without a reader the camera would only watch.
      return { ...state, engine: 'failed', camera: { kind: 'paused' } };
    case 'camera_live':
    case 'camera_failed':
    case 'camera_retried':
    case 'page_hidden':
    case 'page_shown':
      return state.engine === 'failed' ? state : { ...state, camera: advanceCamera(state.camera, event) };
    case 'code_read':
    case 'image_without_code':
    case 'several_codes':
    case 'view_cleared':
    case 'next_person':
    case 'operator_active':
      return withWork(state, advanceWork(state.work, event));
    case 'judged':
      // The age of the lists beside a verdict is the age at which it was given.
      return { ...state, currentDate: event.verdict.checkedAt, work: advanceWork(state.work, event) };
    case 'lists_refreshing':
      return { ...state, lists: { ...state.lists, refreshing: true } };
    case 'lists_changed':
      return { ...state, lists: { ...event.lists, refreshing: false } };
    case 'network_changed':
      return { ...state, online: event.online };
    case 'language_chosen':
      return { ...state, language: event.language };
    case 'clock_ticked':
      return { ...state, currentDate: event.currentDate, work: advanceWork(state.work, event) };
  }
}

/** The same state for the same work: a camera says many times a second that nothing has changed. */
function withWork(state: ScanState, work: Work): ScanState {
  return work === state.work ? state : { ...state, work };
}

type CameraEvent = Extract<
  ScanEvent,
  { kind: 'camera_live' | 'camera_failed' | 'camera_retried' | 'page_hidden' | 'page_shown' }
>;

function advanceCamera(camera: CameraState, event: CameraEvent): CameraState {
  switch (event.kind) {
    case 'camera_live':
      return camera.kind === 'opening' ? { kind: 'live' } : camera;
    case 'camera_failed':
      return camera.kind === 'paused' ? camera : { kind: 'problem', problem: event.problem };
    case 'camera_retried':
      return camera.kind === 'problem' ? { kind: 'opening' } : camera;
    case 'page_hidden':
      // Phones take the camera away from a hidden page; a picture that is let go can be had again.
      return camera.kind === 'problem' ? camera : { kind: 'paused' };
    case 'page_shown':
      return camera.kind === 'paused' ? { kind: 'opening' } : camera;
  }
}

type WorkEvent = Extract<
  ScanEvent,
  {
    kind:
      | 'code_read'
      | 'image_without_code'
      | 'several_codes'
      | 'view_cleared'
      | 'judged'
      | 'next_person'
      | 'operator_active'
      | 'clock_ticked';
  }
>;

function advanceWork(work: Work, event: WorkEvent): Work {
  switch (event.kind) {
    case 'code_read':
      // A verdict stays until the operator has seen it, whatever passes before the camera.
      return work.kind === 'looking' ? { kind: 'checking', text: event.text } : work;
    case 'image_without_code':
      return work.kind === 'looking' ? { kind: 'looking', notice: 'no_code_in_image' } : work;
    case 'several_codes':
      return work.kind === 'looking' && work.notice !== 'several_codes'
        ? { kind: 'looking', notice: 'several_codes' }
        : work;
    case 'view_cleared':
      return work.kind === 'looking' && work.notice === 'several_codes' ? { kind: 'looking' } : work;
    case 'judged':
      return work.kind === 'checking'
        ? { kind: 'verdict', verdict: event.verdict, touchedAt: event.verdict.checkedAt }
        : work;
    case 'next_person':
      return work.kind === 'verdict' ? { kind: 'looking' } : work;
    case 'operator_active':
      return work.kind === 'verdict' ? { ...work, touchedAt: event.currentDate } : work;
    case 'clock_ticked':
      return isForgotten(work, event.currentDate) ? { kind: 'looking' } : work;
  }
}

function isForgotten(work: Work, currentDate: Date): boolean {
  if (work.kind !== 'verdict' || !work.verdict.person) return false;
  return currentDate.getTime() - work.touchedAt.getTime() >= VERDICT_SECONDS * 1000;
}
