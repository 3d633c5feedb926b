import { advanceSetup, type CameraSetup, NO_SETUP, type SetupEvent } from '../input/camera-setup.ts';
import { advanceCamera, type CameraEvent, type CameraState } from '../input/camera-state.ts';
import type { ListsSummary } from '../lists/lists-summary.ts';
import type { Language } from '../words/language.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { advanceWork, type VerdictStay, type Work, type WorkEvent } from './work.ts';

/** What the page knows of its lists. */
export interface ListsState extends ListsSummary {
  readonly refreshing: boolean;
}

/** What a verdict says of a person is not for whoever comes next to a counter that nobody touches. */
const COUNTER_STAY: VerdictStay = { seconds: 120, isForEach: false };
/** Who reads slowly has longer. */
const COUNTER_STAY_ELDER: VerdictStay = { seconds: 300, isForEach: false };

/** At a kiosk nobody puts away what the one before has left. */
const KIOSK_STAY: VerdictStay = { seconds: 20, isForEach: true };
const KIOSK_STAY_ELDER: VerdictStay = { seconds: 60, isForEach: true };

/** Everything the page shows is a function of this. */
export interface ScanState {
  readonly language: Language;
  readonly currentDate: Date;
  readonly online: boolean;
  readonly engine: 'starting' | 'ready' | 'failed';
  /** Where the browser allows no WASM, codes are read all the same, but slowly. */
  readonly readsSlowly: boolean;
  readonly camera: CameraState;
  readonly cameraSetup: CameraSetup;
  readonly lists: ListsState;
  readonly work: Work;
  /** The settings of this device. */
  readonly workplace: Workplace;
}

/** Everything that can happen to the page. */
export type ScanEvent =
  | CameraEvent
  | SetupEvent
  | WorkEvent
  | { readonly kind: 'engine_ready'; readonly isSlow?: boolean }
  | { readonly kind: 'engine_failed' }
  | { readonly kind: 'lists_refreshing' }
  | { readonly kind: 'lists_changed'; readonly lists: ListsSummary }
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
    cameraSetup: NO_SETUP,
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
    case 'camera_sought':
    case 'camera_reopened':
    case 'page_shown':
      return withCameraEvent(state, event);
    case 'page_hidden':
      // What was revealed is not left on a screen that its operator does not see.
      return withWork(withCameraEvent(state, event), advanceWork(state.work, { kind: 'person_masked' }, stayOf(state)));
    case 'camera_chosen':
      return withCamera(withSetup(state, event), advanceCamera(state.camera, event));
    case 'cameras_listed':
    case 'camera_found':
    case 'torch_switched':
    case 'zoom_chosen':
    case 'sight_changed':
      return withSetup(state, event);
    case 'code_read':
    case 'code_handed_over':
    case 'image_not_read':
    case 'several_codes':
    case 'view_cleared':
    case 'next_person':
    case 'check_failed':
    case 'operator_active':
    case 'person_masked':
      return withWork(state, advanceWork(state.work, event, stayOf(state)));
    case 'person_revealed':
      return { ...state, currentDate: event.currentDate, work: advanceWork(state.work, event, stayOf(state)) };
    case 'judged':
      // The age of the lists beside a verdict is the age at which it was given.
      return { ...state, currentDate: event.verdict.checkedAt, work: advanceWork(state.work, event, stayOf(state)) };
    case 'lists_refreshing':
      return { ...state, lists: { ...state.lists, refreshing: true } };
    case 'lists_changed':
      return { ...state, lists: { ...event.lists, refreshing: false } };
    case 'network_changed':
      return { ...state, online: event.online };
    case 'language_chosen':
      return { ...state, language: event.language };
    case 'workplace_changed':
      return {
        ...state,
        workplace: event.workplace,
        // What was judged in one kind of place means nothing in another: a specimen is no person, and a kiosk is everybody's.
        ...(event.workplace.mode !== state.workplace.mode && { work: { kind: 'looking' } }),
      };
    case 'clock_ticked':
      return { ...state, currentDate: event.currentDate, work: advanceWork(state.work, event, stayOf(state)) };
  }
}

/** Without a reader the camera would only watch. */
function withCameraEvent(state: ScanState, event: CameraEvent): ScanState {
  return state.engine === 'failed' ? state : withCamera(state, advanceCamera(state.camera, event));
}

/** The same state for the same picture. */
function withCamera(state: ScanState, camera: CameraState): ScanState {
  return camera === state.camera ? state : { ...state, camera };
}

/** The same state for the same set-up. */
function withSetup(state: ScanState, event: SetupEvent): ScanState {
  const cameraSetup = advanceSetup(state.cameraSetup, event);
  return cameraSetup === state.cameraSetup ? state : { ...state, cameraSetup };
}

/** How much of its time a verdict at a kiosk has left, from 1 down to 0; nothing where no time is shown. */
export function leftOfVerdict({ work, workplace, currentDate }: ScanState): number | undefined {
  if (workplace.mode !== 'kiosk' || work.kind !== 'verdict') return undefined;
  const seconds = (currentDate.getTime() - work.touchedAt.getTime()) / 1000;
  return Math.min(1, Math.max(0, 1 - seconds / stayOf({ workplace }).seconds));
}

function stayOf({ workplace }: Pick<ScanState, 'workplace'>): VerdictStay {
  if (workplace.mode === 'kiosk') return workplace.elder ? KIOSK_STAY_ELDER : KIOSK_STAY;
  return workplace.elder ? COUNTER_STAY_ELDER : COUNTER_STAY;
}

/** The same state for the same work. */
function withWork(state: ScanState, work: Work): ScanState {
  return work === state.work ? state : { ...state, work };
}
