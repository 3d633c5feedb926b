import type { Light } from '../engine/light.ts';
import type { Place, Size } from './digital-zoom.ts';

/** What would help the camera to read, said only where it was measured. */
export type SightAdvice = 'black' | 'dim' | 'closer' | 'still';

/** What one frame showed. */
export interface Sight {
  readonly size: Size;
  readonly light: Light;
  /** Some code was read in it. */
  readonly hasCode: boolean;
  /** The codes that were found and could not be read; their corners in pixels of the frame. */
  readonly unread: readonly { readonly corners: readonly Place[]; readonly modulePixels: number }[];
}

/** Chooses what to say from one frame after the other. */
export interface Adviser {
  advise(sight: Sight): SightAdvice | undefined;
}

/** Of 324 dense pictures those that one try missed had 1.7 at most; what a hand holds is less sharp. */
const SMALL_MODULE_PIXELS = 2.2;
/** Of the side of the code, from one frame to the next. */
const FAST_SHARE = 0.12;
/** A code that is in sight is found in every other frame: two in a short while begin an advice, some without end it. */
const [FOUND, MISSED, BEGINS, MOST] = [3, -1, 6, 9];

/** The adviser of one camera. */
export function createAdviser(): Adviser {
  const small = createTendency();
  const fast = createTendency();
  let lastCentre: Place | undefined;

  return {
    advise({ size, light, hasCode, unread }) {
      const code = hasCode ? undefined : unread.find(({ corners }) => isInMiddle(findCentre(corners), size));
      const centre = code && findCentre(code.corners);
      const isSmall = code !== undefined && code.modulePixels < SMALL_MODULE_PIXELS;
      const step = centre && lastCentre ? Math.hypot(centre.x - lastCentre.x, centre.y - lastCentre.y) : 0;
      const isFast = code !== undefined && !isSmall && step > FAST_SHARE * measureSide(code.corners);
      lastCentre = centre;
      const isTooSmall = small(isSmall, hasCode);
      const isTooFast = fast(isFast, hasCode);
      if (hasCode) return undefined;
      if (light === 'black') return 'black';
      if (isTooSmall) return 'closer';
      if (isTooFast) return 'still';
      return light === 'dim' ? 'dim' : undefined;
    },
  };
}

/** What has been so for a while, and goes on being so for a while when it is not seen. */
function createTendency(): (isSeen: boolean, isOver: boolean) => boolean {
  let weight = 0;
  let holds = false;
  return (isSeen, isOver) => {
    weight = isOver ? 0 : Math.min(Math.max(weight + (isSeen ? FOUND : MISSED), 0), MOST);
    holds = weight >= BEGINS || (holds && weight > 0);
    return holds;
  };
}

function findCentre(corners: readonly Place[]): Place {
  const sum = corners.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / corners.length, y: sum.y / corners.length };
}

function measureSide([first, second]: readonly Place[]): number {
  return first && second ? Math.hypot(second.x - first.x, second.y - first.y) : 0;
}

/** What hangs on the wall at the edge of the picture is not what somebody holds before the camera. */
function isInMiddle({ x, y }: Place, { width, height }: Size): boolean {
  return Math.abs(x - width / 2) <= width / 4 && Math.abs(y - height / 2) <= height / 4;
}
