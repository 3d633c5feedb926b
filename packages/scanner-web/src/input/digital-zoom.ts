/** A place, in pixels or as shares of a width and a height. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** How wide and high something is. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The middle of a picture that fills it when enlarged `factor` times, in whole pixels. */
export function cropForZoom(
  { width, height }: Size,
  factor: number,
): Size & { readonly left: number; readonly top: number } {
  const crop = { width: Math.round(width / factor), height: Math.round(height / factor) };
  return { ...crop, left: (width - crop.width) >> 1, top: (height - crop.height) >> 1 };
}

/** How the picture lies in its box. */
export interface PictureView {
  /** The box that it fills (`object-fit: cover`). */
  readonly box: Size;
  /** The picture as the camera gives it. */
  readonly frame: Size;
  readonly digitalZoom: number;
  readonly isMirrored: boolean;
}

/** @returns where in the camera's picture, as shares of its width and height, somebody touched the box at `touch` */
export function placeInFrame(touch: Place, { box, frame, digitalZoom, isMirrored }: PictureView): Place {
  const scale = Math.max(box.width / frame.width, box.height / frame.height) * digitalZoom;
  const x = (touch.x - box.width / 2) * (isMirrored ? -1 : 1);
  return {
    x: toShare(0.5 + x / scale / frame.width),
    y: toShare(0.5 + (touch.y - box.height / 2) / scale / frame.height),
  };
}

function toShare(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
