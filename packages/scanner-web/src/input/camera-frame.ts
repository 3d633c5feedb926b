import { cropForZoom, type Size } from './digital-zoom.ts';

/** One frame of a camera: as the camera gave it, or, where that cannot be handed on, drawn. To be closed by whoever has it last. */
export type CameraFrame = VideoFrame | ImageBitmap;

/**
 * Takes the frame that is shown: the middle of it, for a zoom. Nothing between two sizes, or while the video is being torn down: the
 * next one will do.
 *
 * A frame of the video itself costs nothing here, its pixels are converted once, in the worker; drawing it takes most of the time from
 * a frame to a verdict where the browser has no graphics processor.
 */
export async function grabFrame(video: HTMLVideoElement, zoom: number): Promise<CameraFrame | undefined> {
  if (zoom === 1) {
    const frame = takeVideoFrame(video);
    if (frame) return frame;
  }
  const crop = cropForZoom({ width: video.videoWidth, height: video.videoHeight }, zoom);
  return createImageBitmap(video, crop.left, crop.top, crop.width, crop.height).catch(() => undefined);
}

/** In pixels. */
export function sizeOfFrame(frame: CameraFrame): Size {
  return 'displayWidth' in frame
    ? { width: frame.displayWidth, height: frame.displayHeight }
    : { width: frame.width, height: frame.height };
}

/** Nothing where the browser has no such frames, or one that is not as it is shown: turned by how a phone is held, or stretched. */
function takeVideoFrame(video: HTMLVideoElement): VideoFrame | undefined {
  if (!('VideoFrame' in globalThis)) return undefined;
  let frame: VideoFrame & { readonly rotation?: number };
  try {
    frame = new VideoFrame(video);
  } catch {
    return undefined;
  }
  const { visibleRect, rotation = 0 } = frame;
  if (rotation === 0 && visibleRect?.width === video.videoWidth && visibleRect.height === video.videoHeight)
    return frame;
  frame.close();
  return undefined;
}
