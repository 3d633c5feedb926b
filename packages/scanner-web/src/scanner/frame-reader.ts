import { listTexts, type Reading } from '../engine/reading.ts';
import type { Engine } from '../engine/worker/client.ts';
import { type CameraFrame, sizeOfFrame } from '../input/camera-frame.ts';
import { type CodeChoice, chooseCode } from '../verdict/choose-code.ts';
import { createFrameChooser, type FrameChoice } from './frame-choice.ts';

/** What one frame after the other, or one picture, has to say. */
export type PictureEvent =
  | { readonly kind: 'code_read'; readonly text: string }
  | { readonly kind: 'several_codes' }
  | { readonly kind: 'view_cleared' }
  | { readonly kind: 'code_handed_over'; readonly text: string }
  | { readonly kind: 'image_not_read'; readonly notice: 'several_codes' | 'no_code_in_image' | 'image_too_large' };

/** A picture of more bytes is not opened. */
export const MOST_PICTURE_BYTES = 20 * 1024 * 1024;

/** Reads the frames of a camera and single pictures, and chooses the code that is meant. */
export interface FrameReader {
  /** Settles when the next frame is wanted: at once after a miss, after the verdict when a code was read. */
  readFrame(frame: CameraFrame): Promise<void>;
  /** The code that is meant in a picture; nothing where it is no picture. */
  readPicture(image: Blob): Promise<CodeChoice | undefined>;
  /** Says what is in a picture that somebody brought. */
  takePicture(image: Blob): Promise<void>;
  /** A verdict was taken away: the next frame is wanted. */
  lookAgain(): void;
  /** Nothing more until the code in view is gone: it has been answered, and nobody came for the answer. */
  awaitEmptyView(): void;
}

/** What a frame reader rests on. */
export interface FrameReaderParts {
  readonly engine: Pick<Engine, 'read'>;
  /** Takes what was seen. */
  readonly dispatch: (event: PictureEvent) => void;
  /** Whether the next code is wanted now. */
  readonly isLooking: () => boolean;
  /** Takes what was read in a frame, of which size in pixels. */
  readonly onReading?: (size: { readonly width: number; readonly height: number }, reading: Reading | null) => void;
}

/** The reader of one camera. */
export function createFrameReader({ engine, dispatch, isLooking, onReading }: FrameReaderParts): FrameReader {
  const frames = createFrameChooser();
  let lastChoice: FrameChoice['kind'] | undefined;
  let onLookingAgain: (() => void) | undefined;

  async function readPicture(image: Blob): Promise<CodeChoice | undefined> {
    const picture = await createImageBitmap(image).catch(() => null);
    return picture ? chooseCode(listTexts(await engine.read(picture, 'still'))) : undefined;
  }

  return {
    async readFrame(frame) {
      const size = sizeOfFrame(frame);
      const reading = await engine.read(frame, 'frame');
      onReading?.(size, reading);
      const choice = frames.choose(listTexts(reading));
      if (choice.kind === 'code') dispatch({ kind: 'code_read', text: choice.text });
      else if (choice.kind === 'several') dispatch({ kind: 'several_codes' });
      else if (lastChoice === 'several') dispatch({ kind: 'view_cleared' });
      lastChoice = choice.kind;
      if (isLooking()) return;
      await new Promise<void>((resolve) => {
        onLookingAgain = resolve;
      });
    },
    readPicture,
    async takePicture(image) {
      if (image.size > MOST_PICTURE_BYTES) dispatch({ kind: 'image_not_read', notice: 'image_too_large' });
      else dispatch(nameChoice(await readPicture(image)));
    },
    lookAgain() {
      onLookingAgain?.();
    },
    awaitEmptyView: frames.awaitEmptyView,
  };
}

function nameChoice(choice: CodeChoice | undefined): PictureEvent {
  if (choice?.kind === 'code') return { kind: 'code_handed_over', text: choice.text };
  return { kind: 'image_not_read', notice: choice?.kind === 'several' ? 'several_codes' : 'no_code_in_image' };
}
