import { type CameraProblem, nameCameraProblem } from './camera-problem.ts';

/** A running camera. */
export interface Camera {
  /** Lets the camera go; its lamp goes out. */
  stop(): void;
}

/** What became of opening it. */
export type CameraOpening =
  | { readonly ok: true; readonly camera: Camera }
  | { readonly ok: false; readonly problem: CameraProblem };

/**
 * Shows the camera in `video` and hands its frames to `takeFrame`, one at a time: the next frame is taken when the
 * promise for the last one has settled, so that a slow reader drops frames instead of queueing them.
 *
 * @param onLost called once if the camera goes away by itself (unplugged, taken by the system)
 */
export async function openCamera(
  video: HTMLVideoElement,
  takeFrame: (frame: ImageBitmap) => Promise<void>,
  onLost: () => void,
): Promise<CameraOpening> {
  // An insecure address hides the whole interface.
  if (!window.isSecureContext || !navigator.mediaDevices) return { ok: false, problem: 'insecure' };

  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        facingMode: { ideal: 'environment' },
        width: { ideal: 1280 },
        height: { ideal: 720 },
      },
    });
  } catch (error) {
    return { ok: false, problem: nameCameraProblem(error) };
  }

  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  stream.getVideoTracks()[0]?.addEventListener('ended', onLost, { once: true });
  video.srcObject = stream;
  try {
    await video.play();
  } catch (error) {
    stop();
    return { ok: false, problem: nameCameraProblem(error) };
  }

  watchFrames(video, stream, takeFrame);
  return { ok: true, camera: { stop } };
}

async function watchFrames(
  video: HTMLVideoElement,
  stream: MediaStream,
  takeFrame: (frame: ImageBitmap) => Promise<void>,
): Promise<void> {
  while (stream.active && video.srcObject === stream) {
    await nextFrame(video);
    // Between two sizes, or while it is being torn down, a video has no frame to give: the next one will do.
    const frame = await createImageBitmap(video).catch(() => null);
    if (frame) await takeFrame(frame);
  }
}

function nextFrame(video: HTMLVideoElement): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
  });
}
