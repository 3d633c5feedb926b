import { type Camera, listCameras, openCamera, queryCameraPermission, readCameraPermission } from './camera.ts';
import { type CameraDevice, findCamera } from './camera-choice.ts';
import type { CameraFrame } from './camera-frame.ts';
import { recallCamera, rememberCamera } from './camera-memory.ts';
import { hangsOnDevices, hangsOnPermission, mayPass } from './camera-problem.ts';
import { type CameraSetup, NO_SETUP, type SetupEvent } from './camera-setup.ts';
import { type CameraEvent, type CameraState, chooseRetryDelay, isTrying } from './camera-state.ts';
import { chooseDigitalZoom, readAbilities, type TrackCapabilities, zoomSettings } from './camera-track.ts';
import { type Place, placeInFrame } from './digital-zoom.ts';

/** The camera of one page: opens it, lets it go, and finds it again, as the state says. */
export interface CameraKeeper {
  /** To be called with every new state: what must follow from the change is done here. */
  follow(state: CameraState, setup: CameraSetup): void;
  /** Has the lens focus on what was touched in the box of the video, in pixels; without a place, on the middle. */
  focus(touch?: Place): void;
  /** Lets the camera go and listens to nothing any more. */
  dispose(): void;
}

/** What a keeper needs of its page. */
export interface CameraKeeperParts {
  readonly video: HTMLVideoElement;
  /** Takes one frame at a time; settles when the next one is wanted. The frame is the receiver's to close. */
  readonly takeFrame: (frame: CameraFrame) => Promise<void>;
  readonly dispatch: (event: CameraEvent | SetupEvent) => void;
}

/** After this a lens that was told where to look looks for itself again. */
const FOCUS_SECONDS = 4;

/** Begins to listen to what befalls cameras; nothing is opened before the first state. */
export function createCameraKeeper({ video, takeFrame, dispatch }: CameraKeeperParts): CameraKeeper {
  let state: CameraState = { kind: 'paused' };
  let setup = NO_SETUP;
  let camera: Camera | undefined;
  let opening: AbortController | undefined;
  let wanted = recallCamera();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let refocus: ReturnType<typeof setTimeout> | undefined;

  const listening = new AbortController();
  const { signal: whileListening } = listening;
  document.addEventListener(
    'visibilitychange',
    () => dispatch({ kind: document.hidden ? 'page_hidden' : 'page_shown' }),
    { signal: whileListening },
  );
  // Whoever comes back from the program that had the camera has just closed it.
  addEventListener('focus', () => seekIf(mayPass), { signal: whileListening });
  navigator.mediaDevices?.addEventListener('devicechange', renewList, { signal: whileListening });
  queryCameraPermission().then((permission) => {
    const seek = () => permission?.state !== 'denied' && seekIf(hangsOnPermission);
    permission?.addEventListener('change', seek, { signal: whileListening });
  });

  function seekIf(hangs: typeof mayPass): void {
    if (!document.hidden && state.kind === 'problem' && hangs(state.problem)) dispatch({ kind: 'camera_sought' });
  }

  async function renewList(): Promise<void> {
    const devices = await listCameras();
    dispatch({ kind: 'cameras_listed', devices });
    if (devices.length > 0) seekIf(hangsOnDevices);
    if (setup.isSubstitute && wanted && findCamera(devices, wanted)) dispatch({ kind: 'camera_reopened' });
  }

  async function open(): Promise<void> {
    const mine = new AbortController();
    opening = mine;
    const { signal } = mine;
    const openOne = (device: CameraDevice | undefined) =>
      openCamera(video, device, {
        signal,
        takeFrame,
        onLost: () => !signal.aborted && reportLoss(),
        onStalled: () => dispatch({ kind: 'camera_reopened' }),
      });
    const listed = wanted && findCamera(await listCameras(), wanted);
    let opened = await openOne(listed);
    // Before the first camera is open, browsers do not tell what they are called.
    const devices = await listCameras();
    const found = wanted && findCamera(devices, wanted);
    if (opened.ok && found && !listed && found.id !== opened.camera.device.id) {
      opened.camera.stop();
      opened = await openOne(found);
    }
    if (signal.aborted) return;
    dispatch({ kind: 'cameras_listed', devices });
    if (opened.ok) start(opened.camera, wanted !== undefined && found?.id !== opened.camera.device.id);
    else dispatch({ kind: 'camera_failed', problem: opened.problem });
  }

  function start(opened: Camera, isSubstitute: boolean): void {
    camera = opened;
    const { track, device } = opened;
    const supported = navigator.mediaDevices.getSupportedConstraints() as { pointsOfInterest?: boolean };
    const capabilities = (track.getCapabilities?.() ?? {}) as TrackCapabilities;
    const abilities = readAbilities(capabilities, supported.pointsOfInterest === true);
    if (abilities.focusesItself) opened.set({ focusMode: 'continuous' });
    const isMirrored = track.getSettings().facingMode === 'user';
    dispatch({ kind: 'camera_found', used: device, isSubstitute, isMirrored, abilities });
    if (setup.zoom > 1) zoom(opened);
    dispatch({ kind: 'camera_live' });
  }

  function close(): void {
    opening?.abort();
    clearTimeout(refocus);
    camera = undefined;
  }

  /** A permission that is taken back ends the picture too. */
  async function reportLoss(): Promise<void> {
    const problem = (await readCameraPermission()) === 'denied' ? 'blocked' : 'lost';
    dispatch({ kind: 'camera_failed', problem });
    if (problem === 'lost') renewList();
  }

  function zoom(opened: Camera): void {
    const settings = zoomSettings(setup.abilities, setup.zoom);
    if (settings) opened.set(settings);
    opened.digitalZoom = chooseDigitalZoom(setup.abilities, setup.zoom);
  }

  async function switchTorch(opened: Camera): Promise<void> {
    const isOn = setup.isTorchOn;
    const isDone = await opened.set({ torch: isOn });
    if (isOn && !isDone && opened === camera) dispatch({ kind: 'torch_switched', isOn: false });
  }

  return {
    follow(nextState, nextSetup) {
      const [before, beforeSetup] = [state, setup];
      state = nextState;
      setup = nextSetup;
      const { chosen } = setup;
      const isNewChoice = chosen !== undefined && chosen !== beforeSetup.chosen;
      if (isNewChoice) {
        wanted = chosen;
        rememberCamera(chosen);
      }
      if (camera && setup.zoom !== beforeSetup.zoom) zoom(camera);
      if (camera && setup.isTorchOn !== beforeSetup.isTorchOn) switchTorch(camera);
      if (state === before && !isNewChoice) return;

      clearTimeout(retry);
      if (isTrying(state) && (!isTrying(before) || isNewChoice)) {
        close();
        open();
      } else if (!isTrying(state) && state.kind !== 'live') close();
      const delaySeconds = chooseRetryDelay(state);
      if (delaySeconds !== undefined) retry = setTimeout(() => seekIf(mayPass), delaySeconds * 1000);
    },
    async focus(touch) {
      const opened = camera;
      const { focus, focusesItself } = setup.abilities;
      if (!opened || !focus) return;
      const { clientWidth: width, clientHeight: height, videoWidth, videoHeight } = video;
      const place = placeInFrame(touch ?? { x: width / 2, y: height / 2 }, {
        box: { width, height },
        frame: { width: videoWidth, height: videoHeight },
        digitalZoom: opened.digitalZoom,
        isMirrored: setup.isMirrored,
      });
      clearTimeout(refocus);
      await opened.set({ focusMode: 'single-shot', ...(focus === 'place' && { pointsOfInterest: [place] }) });
      if (focusesItself) refocus = setTimeout(() => opened.set({ focusMode: 'continuous' }), FOCUS_SECONDS * 1000);
    },
    dispose() {
      listening.abort();
      clearTimeout(retry);
      close();
    },
  };
}
