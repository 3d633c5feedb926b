import { advanceCamera, type CameraEvent, type CameraState } from '../input/camera-state.ts';
import type { ListsProblem } from '../lists/lists-problem.ts';
import type { Language } from '../words/language.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { advanceWork, type Work, type WorkEvent } from './work.ts';

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
  /** The settings of this device. */
  readonly workplace: Workplace;
}

/** Everything that can happen to the page. */
export type ScanEvent =
  | CameraEvent
  | WorkEvent
  | { readonly kind: 'engine_ready'; readonly isSlow?: boolean }
  | { readonly kind: 'engine_failed' }
  | { readonly kind: 'lists_refreshing' }
  | { readonly kind: 'lists_changed'; readonly lists: Omit<ListsState, 'refreshing'> }
  | { readonly kind: 'network_changed'; readonly online: boolean }
  | { readonly kind: 'language_chosen'; readonly language: Language }
  | { readonly kind: 'workplace_changed'; readonly workplace: Workplace };

/** The page as it opens. */
export function openScan(start: Pick<ScanState, 'language' | 'currentDate' | 'online' | 'workplace'>): ScanState {
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
    case 'page_shown':
      return withCamera(state, event);
    case 'page_hidden':
      // What was revealed is not left on a screen that its operator does not see.
      return withWork(withCamera(state, event), advanceWork(state.work, { kind: 'person_masked' }));
    case 'code_read':
    case 'image_without_code':
    case 'several_codes':
    case 'view_cleared':
    case 'next_person':
    case 'operator_active':
    case 'person_masked':
      return withWork(state, advanceWork(state.work, event));
    case 'person_revealed':
      return { ...state, currentDate: event.currentDate, work: advanceWork(state.work, event) };
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
    case 'workplace_changed':
      return { ...state, workplace: event.workplace };
    case 'clock_ticked':
      return {
        ...state,
        currentDate: event.currentDate,
        work: advanceWork(state.work, event, state.workplace.elder),
      };
  }
}

function withCamera(state: ScanState, event: CameraEvent): ScanState {
  return state.engine === 'failed' ? state : { ...state, camera: advanceCamera(state.camera, event) };
}

/** The same state for the same work. */
function withWork(state: ScanState, work: Work): ScanState {
  return work === state.work ? state : { ...state, work };
}
