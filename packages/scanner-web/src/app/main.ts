import '../look/stop-if-old.ts';
import { createListClient } from '@zhengma/verifier-service/client';
import { createDesk } from '../desk/desk.ts';
import { listTexts } from '../engine/reading.ts';
import { startEngine } from '../engine/worker/client.ts';
import { type Camera, openCamera } from '../input/camera.ts';
import { createServiceClock } from '../lists/clock-check.ts';
import { createListKeeper, type HeldLists, type ListKeeper } from '../lists/list-keeper.ts';
import { createListSource } from '../lists/list-source.ts';
import { openListStore } from '../lists/list-store.ts';
import { recallLanguage, rememberLanguage } from '../look/language-choice.ts';
import { createFrameChooser, type FrameChoice } from '../scanner/frame-choice.ts';
import { createJudge } from '../scanner/judge.ts';
import { openScreenSender } from '../second-screen/screen-link.ts';
import { tellPatient } from '../second-screen/screen-message.ts';
import { chooseCode } from '../verdict/choose-code.ts';
import { createAnnouncer } from '../voice/announcer.ts';
import { createSettings } from '../workplace/settings-dialog.ts';
import { openWorkplaceStore } from '../workplace/workplace-store.ts';
import { createPatientScreenButton } from './patient-screen-button.ts';
import { createScanPage } from './scan-page.ts';
import { advance, type ListsState, openScan, type ScanEvent, type ScanState } from './scan-state.ts';
import '../look/look.css';
import './scan.css';
import '../look/elder.css';

const REFRESH_SECONDS = 60;
const CLOCK_SECONDS = 10;

/** Reads the service's clock off all that it answers. */
const clock = createServiceClock(() => new Date());

/** The keeper once it has taken what the store had; nothing where the browser keeps no data. */
const keeperReady = openKeeper().catch(() => undefined);
const page = createScanPage(document.body, dispatch, {
  onRetry: () => (state.engine === 'failed' ? location.reload() : dispatch({ kind: 'camera_retried' })),
  onImage: readImage,
  onRefresh: refreshLists,
});

const workplaces = openWorkplaceStore(location.search, (workplace) =>
  dispatch({ kind: 'workplace_changed', workplace }),
);
const settings = createSettings((workplace) => {
  workplaces.save(workplace);
  dispatch({ kind: 'workplace_changed', workplace });
});
const patientScreen = createPatientScreenButton();
page.placeInHeader([patientScreen.button, settings.button]);
const patient = openScreenSender();
const announcer = createAnnouncer(() => state.workplace);

const desk = createDesk({
  keeper: keeperReady,
  clock,
  language: recallLanguage(),
  onLists: () => keeperReady.then((keeper) => keeper && showLists(keeper)),
});
page.placeDesk(desk.parts);

const judge = createJudge({
  keeper: keeperReady,
  refresh: refreshLists,
  isOnline: () => state.online,
  businessType: () => desk.businessType,
  accept: desk.accept,
  now: () => new Date(),
});

let state: ScanState = openScan({
  language: recallLanguage(),
  currentDate: new Date(),
  online: navigator.onLine,
  workplace: workplaces.load(),
});
let camera: Camera | undefined;
/** The lists as they were last shown. */
let held: HeldLists = { status: new Map(), refused: new Map() };
const frames = createFrameChooser();
let lastChoice: FrameChoice['kind'] | undefined;
let onLookingAgain: (() => void) | undefined;

showAll();
const engine = startEngine({
  onReady: ({ isSlow }) => dispatch({ kind: 'engine_ready', isSlow }),
  onFailed: () => dispatch({ kind: 'engine_failed' }),
});
openPicture();

keeperReady.then((keeper) => {
  if (!keeper) return dispatch({ kind: 'lists_changed', lists: { problem: 'no_storage' } });
  showLists(keeper);
  return refreshLists();
});

setInterval(() => dispatch({ kind: 'clock_ticked', currentDate: new Date() }), CLOCK_SECONDS * 1000);
setInterval(countDown, 1000);
setInterval(refreshLists, REFRESH_SECONDS * 1000);
addEventListener('online', () => {
  dispatch({ kind: 'network_changed', online: true });
  refreshLists();
});
addEventListener('offline', () => dispatch({ kind: 'network_changed', online: false }));
document.addEventListener('visibilitychange', () => {
  dispatch({ kind: document.hidden ? 'page_hidden' : 'page_shown' });
});
document.addEventListener('paste', (event) => {
  const [image] = event.clipboardData?.files ?? [];
  const text = event.clipboardData?.getData('text/plain').trim();
  if (image) readImage(image);
  else if (text) dispatch({ kind: 'code_read', text });
});

// Where the browser keeps no data it keeps no page either; the page works all the same while there is a network.
navigator.serviceWorker?.register('/scan/sw.js', { scope: '/scan/' }).catch(() => undefined);

/** The only place where the state changes; what must follow a change is started here. */
function dispatch(event: ScanEvent): void {
  const before = state;
  state = advance(before, event);
  if (state === before) return;
  showAll();

  if (state.language !== before.language) rememberLanguage(state.language);
  if (state.camera.kind !== before.camera.kind) {
    if (state.camera.kind === 'opening') openPicture();
    else if (state.camera.kind !== 'live') closePicture();
  }
  if (state.work.kind !== before.work.kind) tellPeople();
  if (state.work.kind === 'checking' && before.work.kind !== 'checking') checkCode(state.work.text);
  if (state.work.kind === 'looking' && before.work.kind !== 'looking') {
    // A code that was left lying there must not bring back what was just cleared away.
    if (event.kind === 'clock_ticked') frames.awaitEmptyView();
    onLookingAgain?.();
    desk.clearMark();
  }
}

/** What came of a code, to the person at the counter: on their screen, and to be heard. */
function tellPeople(): void {
  const { work, language } = state;
  announcer.hush();
  if (work.kind === 'verdict') {
    patient.tell(tellPatient(work.verdict));
    announcer.announce(work.verdict, language);
  } else patient.tell({ kind: work.kind === 'checking' ? 'checking' : 'waiting' });
}

/** While something is readable that is masked otherwise, the seconds are counted. */
function countDown(): void {
  if (state.work.kind === 'verdict' && state.work.revealedUntil) {
    dispatch({ kind: 'clock_ticked', currentDate: new Date() });
  }
}

function showAll(): void {
  const { language, currentDate, workplace } = state;
  page.show(state);
  settings.show(language, workplace);
  patientScreen.show(language);
  desk.show({ language, currentDate, lists: held });
}

async function openKeeper(): Promise<ListKeeper> {
  const source = createListSource(createListClient({ fetch: clock.fetch }));
  const keeper = createListKeeper(await openListStore(), source, () => new Date());
  await keeper.load();
  return keeper;
}

async function openPicture(): Promise<void> {
  const opening = await openCamera(page.video, readFrame, () =>
    dispatch({ kind: 'camera_failed', problem: 'missing' }),
  );
  if (!opening.ok) return dispatch({ kind: 'camera_failed', problem: opening.problem });
  if (state.camera.kind !== 'opening') return opening.camera.stop();
  camera = opening.camera;
  dispatch({ kind: 'camera_live' });
}

function closePicture(): void {
  camera?.stop();
  camera = undefined;
}

/** Settles when the next frame is wanted: at once after a miss, after the verdict when a code was read. */
async function readFrame(frame: ImageBitmap): Promise<void> {
  const reading = await engine.read(frame, 'frame');
  const choice = frames.choose(listTexts(reading));
  if (choice.kind === 'code') dispatch({ kind: 'code_read', text: choice.text });
  else if (choice.kind === 'several') dispatch({ kind: 'several_codes' });
  else if (lastChoice === 'several') dispatch({ kind: 'view_cleared' });
  lastChoice = choice.kind;
  if (state.work.kind === 'looking') return;
  await new Promise<void>((resolve) => {
    onLookingAgain = resolve;
  });
}

async function readImage(image: Blob): Promise<void> {
  const picture = await createImageBitmap(image).catch(() => null);
  const reading = picture && (await engine.read(picture, 'still'));
  const choice = chooseCode(listTexts(reading));
  if (choice.kind === 'code') dispatch({ kind: 'code_read', text: choice.text });
  else dispatch({ kind: choice.kind === 'several' ? 'several_codes' : 'image_without_code' });
}

async function checkCode(text: string): Promise<void> {
  dispatch({ kind: 'judged', verdict: await judge.judge(text) });
}

async function refreshLists(): Promise<void> {
  const keeper = await keeperReady;
  if (!keeper) return;
  dispatch({ kind: 'lists_refreshing' });
  await keeper.refresh();
  dispatch({ kind: 'clock_ticked', currentDate: new Date() });
  showLists(keeper);
}

function showLists({ lists }: ListKeeper): void {
  held = lists;
  dispatch({ kind: 'lists_changed', lists: describeLists(lists) });
}

/** The oldest list decides: a revocation is known only to the list it stands in. */
function describeLists({ trust, status, checkedAt, problem }: HeldLists): Omit<ListsState, 'refreshing'> {
  const issued = status.size > 0 ? [...status.values()] : trust ? [trust] : [];
  const oldest = issued.map((list) => list.issuedAt.getTime());
  return {
    ...(oldest.length > 0 ? { issuedAt: new Date(Math.min(...oldest)) } : {}),
    ...(checkedAt ? { checkedAt } : {}),
    ...(problem ? { problem } : {}),
  };
}
