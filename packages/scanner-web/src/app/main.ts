import '../look/stop-if-old.ts';
import { createListClient } from '@zhengma/verifier-service/client';
import { createDesk } from '../desk/desk.ts';
import type { Reading } from '../engine/reading.ts';
import { startEngine } from '../engine/worker/client.ts';
import { createCameraKeeper } from '../input/camera-keeper.ts';
import type { Size } from '../input/digital-zoom.ts';
import { createAdviser } from '../input/sight-advice.ts';
import { createIntake } from '../intake/intake.ts';
import { createServiceClock } from '../lists/clock-check.ts';
import { createListKeeper, type ListKeeper, NO_LISTS } from '../lists/list-keeper.ts';
import { createListSource } from '../lists/list-source.ts';
import { openListStore } from '../lists/list-store.ts';
import { recallLanguage, rememberLanguage } from '../look/language-choice.ts';
import { createFrameReader } from '../scanner/frame-reader.ts';
import { createJudge, type Judgement } from '../scanner/judge.ts';
import { watchLists } from '../scanner/list-watch.ts';
import { openScreenSender } from '../second-screen/screen-link.ts';
import { tellPatient } from '../second-screen/screen-message.ts';
import { createAnnouncer } from '../voice/announcer.ts';
import { type CheckSetting, createPlace } from '../workplace/place.ts';
import { openWorkplaceStore } from '../workplace/workplace-store.ts';
import { createPatientScreenButton } from './patient-screen-button.ts';
import { createScanPage } from './scan-page.ts';
import { advance, leftOfVerdict, openScan, type ScanEvent, type ScanState } from './scan-state.ts';
import { findNewCheck } from './work.ts';
import '../look/look.css';
import './scan.css';
import '../look/elder.css';

const CLOCK_SECONDS = 10;

/** Reads the service's clock off all that it answers. */
const clock = createServiceClock(() => new Date());

const page = createScanPage(document.body, dispatch, {
  onRetry: () => (state.engine === 'failed' ? location.reload() : dispatch({ kind: 'camera_retried' })),
  onCamera: dispatch,
  onFocus: (touch) => camera.focus(touch),
  onRefresh: () => lists.refresh(),
});
const lists = watchLists(openKeeper, {
  onRefreshing: () => dispatch({ kind: 'lists_refreshing' }),
  onLists: (newest, summary) => {
    held = newest;
    dispatch({ kind: 'clock_ticked', currentDate: new Date() });
    dispatch({ kind: 'lists_changed', lists: summary });
  },
});

const workplaces = openWorkplaceStore(location.search, (workplace) =>
  dispatch({ kind: 'workplace_changed', workplace }),
);
const patientScreen = createPatientScreenButton();
const patient = openScreenSender((hasTurn) => {
  isScreenElsewhere = !hasTurn;
  patientScreen.show(state.language, isScreenElsewhere);
});
const announcer = createAnnouncer(() => state.workplace);

const desk = createDesk({
  keeper: lists.keeper,
  clock,
  language: recallLanguage(),
  onLists: lists.tell,
  onShift: () => place.changeShift() && dispatch({ kind: 'next_person' }),
});
const place = createPlace({
  desk,
  logo: page.logo,
  onSettings(workplace) {
    workplaces.save(workplace);
    dispatch({ kind: 'workplace_changed', workplace });
  },
  onSpecimen: (specimen) =>
    specimen.then(
      (text) => dispatch({ kind: 'code_read', text }),
      () => dispatch({ kind: 'check_failed' }),
    ),
  onLeft() {
    dispatch({ kind: 'language_chosen', language: recallLanguage() });
    dispatch({ kind: 'zoom_chosen', zoom: 1 });
  },
});
page.placeInHeader([place.where, patientScreen.button, ...place.header]);
page.placeDesk([...place.bars, ...desk.parts]);
page.placeTools(place.practice, place.tools);

const intake = createIntake({
  onCode: (text) => dispatch({ kind: 'code_handed_over', text }),
  onPicture: (image) => reader.takePicture(image),
  readPicture: (image) => reader.readPicture(image),
  judge: async (text) => (await judgeText(text, place.setting)).verdict,
  onFilesClosed: desk.clearMark,
});
page.placeIntake(intake.ways, intake.parts);

const judge = createJudge({
  keeper: lists.keeper,
  refresh: lists.refresh,
  isOnline: () => state.online,
  accept: desk.accept,
  now: () => new Date(),
});

let state: ScanState = openScan({
  language: recallLanguage(),
  currentDate: new Date(),
  online: navigator.onLine,
  workplace: workplaces.load(),
});
/** Whether the second screen follows another window. */
let isScreenElsewhere = false;
/** How many checks have begun. */
let checks = 0;
/** The lists as they were last shown. */
let held = NO_LISTS;

showAll();
const worker = new Worker(new URL('../engine/worker/worker.ts', import.meta.url), { type: 'module', name: 'engine' });
const engine = startEngine(worker, {
  onReady: ({ isSlow }) => dispatch({ kind: 'engine_ready', isSlow }),
  onFailed: () => dispatch({ kind: 'engine_failed' }),
});
const reader = createFrameReader({
  engine,
  dispatch,
  isLooking: () => state.work.kind === 'looking',
  onReading: showSight,
});
const adviser = createAdviser();
const camera = createCameraKeeper({ video: page.video, takeFrame: reader.readFrame, dispatch });
camera.follow(state.camera, state.cameraSetup);

setInterval(() => dispatch({ kind: 'clock_ticked', currentDate: new Date() }), CLOCK_SECONDS * 1000);
setInterval(countDown, 1000);
addEventListener('online', () => dispatch({ kind: 'network_changed', online: true }));
addEventListener('offline', () => dispatch({ kind: 'network_changed', online: false }));

// Where the browser keeps no data it keeps no page either; the page works all the same while there is a network.
navigator.serviceWorker?.register('/scan/sw.js', { scope: '/scan/' }).catch(() => undefined);

/** The only place where the state changes; what must follow a change is started here. */
function dispatch(event: ScanEvent): void {
  const before = state;
  state = advance(before, event);
  if (state === before) return;
  showAll();

  // What somebody chose at a kiosk ends with them.
  if (state.language !== before.language && state.workplace.mode !== 'kiosk') rememberLanguage(state.language);
  camera.follow(state.camera, state.cameraSetup);
  const text = findNewCheck(before.work, state.work);
  if (text !== undefined) {
    desk.clearMark();
    checkCode(text);
  }
  if (state.work.kind !== before.work.kind) tellPeople();
  if (state.work.kind === 'looking' && before.work.kind !== 'looking') {
    // A code that was left lying there must not bring back what was just cleared away.
    if (event.kind === 'clock_ticked') reader.awaitEmptyView();
    reader.lookAgain();
    desk.clearMark();
  }
}

/** What came of a code, to the person at the counter: on their screen, and to be heard. */
function tellPeople(): void {
  const { work, language, workplace } = state;
  announcer.hush();
  if (work.kind === 'verdict') {
    // Of a specimen nobody who waits is told.
    patient.tell(workplace.mode === 'training' ? { kind: 'waiting' } : tellPatient(work.verdict));
    announcer.announce(work.verdict, language);
  } else patient.tell({ kind: work.kind === 'checking' ? 'checking' : 'waiting' });
}

/** Where the time of what is on the screen is seen to go, its seconds are counted. */
function countDown(): void {
  const isRevealed = state.work.kind === 'verdict' && state.work.revealedUntil !== undefined;
  if (isRevealed || leftOfVerdict(state) !== undefined) dispatch({ kind: 'clock_ticked', currentDate: new Date() });
}

function showAll(): void {
  const { language, currentDate, workplace } = state;
  page.show(state);
  const verdict = state.work.kind === 'verdict' ? state.work.verdict : undefined;
  place.show({ language, workplace, verdict, left: leftOfVerdict(state) });
  patientScreen.show(language, isScreenElsewhere);
  desk.show({ language, currentDate, lists: held });
  intake.show(language);
}

async function openKeeper(): Promise<ListKeeper> {
  const source = createListSource(createListClient({ fetch: clock.fetch }));
  const keeper = createListKeeper(await openListStore('zhengma-scanner'), source, () => new Date());
  await keeper.load();
  return keeper;
}

/** What a frame showed of codes, and what would help the next one to show more. */
function showSight(size: Size, reading: Reading | null): void {
  const { unread, light } = engine;
  page.outline({ size, codes: reading?.codes ?? [], unread });
  const advice = adviser.advise({ size, light, hasCode: reading !== null, unread });
  dispatch({ kind: 'sight_changed', advice });
}

async function judgeText(text: string, { mode, businessType }: CheckSetting): Promise<Judgement> {
  if (mode === 'training') return { verdict: await place.judgeSpecimen(text, businessType) };
  return judge.judge(text, businessType);
}

async function checkCode(text: string): Promise<void> {
  const mine = ++checks;
  const { setting } = place;
  const judged = await judgeText(text, setting).catch(() => undefined);
  // The device has become another kind of place, and another code is being checked there.
  const isCurrent = mine === checks;
  if (!judged) {
    if (isCurrent) dispatch({ kind: 'check_failed' });
    return;
  }
  if (isCurrent) dispatch({ kind: 'judged', verdict: judged.verdict });
  place.take({ text, setting, ...judged });
}
