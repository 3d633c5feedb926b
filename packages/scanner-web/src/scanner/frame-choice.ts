import { type CodeChoice, chooseCode } from '../verdict/choose-code.ts';

/** What to do with one frame of the camera. */
export type FrameChoice = CodeChoice | { readonly kind: 'wait' };

/** Chooses what to check from what one frame after the other shows. */
export interface FrameChooser {
  /** @param texts what was read in the next frame */
  choose(texts: readonly string[]): FrameChoice;
  /** Nothing more until the code in view is gone: it has been answered, and nobody came for the answer. */
  awaitEmptyView(): void;
}

/** Of several codes in view a frame now and then shows but one: about a second without the others, on a slow device. */
const CALM_FRAMES = 8;

/** A poster is often read before the phone beside it is in focus. */
const FOREIGN_FRAMES = 3;

/** The chooser of one camera. */
export function createFrameChooser(): FrameChooser {
  let calmFrames = CALM_FRAMES;
  let foreignFrames = 0;
  let emptyFrames = CALM_FRAMES;

  return {
    choose(texts) {
      const choice = chooseCode(texts);
      emptyFrames = texts.length === 0 ? emptyFrames + 1 : emptyFrames < CALM_FRAMES ? 0 : emptyFrames;
      if (emptyFrames < CALM_FRAMES) return { kind: 'wait' };

      calmFrames = choice.kind === 'several' ? 0 : calmFrames + 1;
      if (calmFrames < CALM_FRAMES) return { kind: 'several' };

      if (choice.kind === 'code' && choice.isForeign) foreignFrames++;
      else foreignFrames = 0;
      return foreignFrames > 0 && foreignFrames < FOREIGN_FRAMES ? { kind: 'wait' } : choice;
    },
    awaitEmptyView() {
      emptyFrames = 0;
    },
  };
}
