import { type CameraDevice, pickCameras } from './camera-choice.ts';
import { type CameraFrame, grabFrame } from './camera-frame.ts';
import { type CameraPermission, type CameraProblem, nameCameraProblem } from './camera-problem.ts';
import type { TrackSettings } from './camera-track.ts';

/** A running camera. */
export interface Camera {
  readonly device: CameraDevice;
  readonly track: MediaStreamTrack;
  /** Frames are the middle of the picture, enlarged so many times: the reader gets what the operator sees. */
  digitalZoom: number;
  /** Whether it was told. What it does not know it does not do. */
  set(settings: TrackSettings): Promise<boolean>;
  /** Lets the camera go; its lamp goes out. */
  stop(): void;
}

/** What became of opening it. */
export type CameraOpening =
  | { readonly ok: true; readonly camera: Camera }
  | { readonly ok: false; readonly problem: CameraProblem };

/** Until when a camera is wanted, and what it tells while it runs. */
export interface CameraWish {
  /** Lets the camera go, also one that is still being opened. */
  readonly signal: AbortSignal;
  /** Takes one frame at a time: the next one is taken when its promise has settled, so that a slow reader drops frames. */
  readonly takeFrame: (frame: CameraFrame) => Promise<void>;
  /** Called once if the camera goes away by itself (unplugged, taken by the system). */
  readonly onLost: () => void;
  /** Called once if it gives no picture any more, although somebody looks at the page. */
  readonly onStalled: () => void;
}

/**
 * How long a picture may stand still, in seconds: a camera needs two at most between two frames in the dark. Counted in ticks
 * and not by the clock: a device that slept in between has ticked once, however long it slept.
 */
const STALL_SECONDS = 5;

/**
 * Shows a camera in `video` and hands on its frames.
 *
 * @param device which one; without it, or where it is not there, the one that looks away from the screen, or the only one
 */
export async function openCamera(
  video: HTMLVideoElement,
  device: CameraDevice | undefined,
  wish: CameraWish,
): Promise<CameraOpening> {
  // An insecure address hides the whole interface.
  if (!window.isSecureContext || !navigator.mediaDevices) return { ok: false, problem: 'insecure' };
  if (isForbiddenByPolicy()) return { ok: false, problem: 'blocked_by_policy' };

  const before = await readCameraPermission();
  let stream: MediaStream;
  try {
    stream = await requestStream(device);
  } catch (error) {
    return { ok: false, problem: nameCameraProblem(error, before, await readCameraPermission()) };
  }

  const stop = () => {
    for (const each of stream.getTracks()) each.stop();
    if (video.srcObject === stream) video.srcObject = null;
  };
  wish.signal.addEventListener('abort', stop, { once: true });
  if (wish.signal.aborted) {
    stop();
    return { ok: false, problem: 'failed' };
  }
  const [track] = stream.getVideoTracks();
  video.srcObject = stream;
  try {
    // A camera that hangs may still give one picture: only the next one shows that it runs.
    const isRunning = await withinPatience(
      video,
      video
        .play()
        .then(() => nextFrame(video))
        .then(() => nextFrame(video)),
    );
    if (!track || !isRunning) {
      stop();
      return { ok: false, problem: 'stalled' };
    }
  } catch (error) {
    stop();
    return { ok: false, problem: nameCameraProblem(error) };
  }

  track.addEventListener('ended', wish.onLost, { once: true });
  const camera: Camera = {
    device: { id: track.getSettings().deviceId ?? device?.id ?? '', label: track.label },
    track,
    digitalZoom: 1,
    stop,
    set: (settings) => tellTrack(track, settings),
  };
  watchFrames(video, stream, camera, wish);
  return { ok: true, camera };
}

/** The cameras of this device; none where the browser does not say. */
export async function listCameras(): Promise<CameraDevice[]> {
  return pickCameras((await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []);
}

/** @returns what the browser says now; where it has no word for cameras, `unknown` */
export async function readCameraPermission(): Promise<CameraPermission> {
  return (await queryCameraPermission())?.state ?? 'unknown';
}

/** The browser's permission, which tells when it changes. */
export async function queryCameraPermission(): Promise<PermissionStatus | undefined> {
  return navigator.permissions?.query({ name: 'camera' as PermissionName }).catch(() => undefined);
}

/** Of what a camera cannot do the browser says so by refusing: then less is asked for. */
async function requestStream(device: CameraDevice | undefined): Promise<MediaStream> {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const wishes: (MediaTrackConstraints | true)[] = [{ facingMode: { ideal: 'environment' }, ...size }, true];
  if (device) wishes.unshift({ deviceId: { exact: device.id }, ...size });
  for (const video of wishes) {
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: false, video });
    } catch (error) {
      if (video === true || !isUnmet(error)) throw error;
    }
  }
  throw new TypeError('nothing was asked for');
}

/** A camera with a given id that is not there is either, depending on the browser. */
function isUnmet(error: unknown): boolean {
  return error instanceof Error && ['OverconstrainedError', 'NotFoundError'].includes(error.name);
}

/** Chromium alone says so; in other browsers the refusal of the camera does. */
function isForbiddenByPolicy(): boolean {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(feature: string): boolean } };
  return featurePolicy?.allowsFeature('camera') === false;
}

async function tellTrack(track: MediaStreamTrack, settings: TrackSettings): Promise<boolean> {
  try {
    // What the browser does not know it ignores in `advanced`, and refuses outside of it.
    await track.applyConstraints({ advanced: [settings as MediaTrackConstraintSet] });
    return true;
  } catch {
    return false;
  }
}

async function watchFrames(
  video: HTMLVideoElement,
  stream: MediaStream,
  camera: Camera,
  { takeFrame, onStalled }: CameraWish,
): Promise<void> {
  const isShown = () => stream.active && video.srcObject === stream;
  while (isShown()) {
    const comes = await withinPatience(video, nextFrame(video));
    if (!isShown()) return;
    if (!comes) return onStalled();
    const frame = await grabFrame(video, camera.digitalZoom);
    if (frame) await takeFrame(frame);
  }
}

/** Where a browser does not tell of frames the next painting has to do, and a picture that stands still is not noticed. */
function nextFrame(video: HTMLVideoElement): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
  });
}

/** Whether it has come before the patience with a picture ends; the time in which nobody sees the picture does not count. */
function withinPatience(video: HTMLVideoElement, coming: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let ticks = 0;
    const watch = setInterval(() => {
      const isSeen = !document.hidden && video.clientWidth > 0;
      if (isSeen && ++ticks >= STALL_SECONDS) settle(() => resolve(false));
    }, 1000);
    const settle = (answer: () => void) => {
      clearInterval(watch);
      answer();
    };
    coming.then(
      () => settle(() => resolve(true)),
      (error) => settle(() => reject(error)),
    );
  });
}
