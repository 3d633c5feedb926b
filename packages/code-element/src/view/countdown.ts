import type { Picture } from '../renewal/picture.ts';

/** How far a picture is from its renewal. */
export interface Countdown {
  /** Whole seconds, rounded up: it says 0 only when there are none. */
  readonly secondsLeft: number;
  /** From 1 when it was drawn to 0. */
  readonly fraction: number;
}

/** Where the countdown of a picture stands; within its bounds whatever the clock says. */
export function readCountdown({ drawnAt, renewAt }: Pick<Picture, 'drawnAt' | 'renewAt'>, now: Date): Countdown {
  const whole = renewAt.getTime() - drawnAt.getTime();
  const left = Math.min(Math.max(renewAt.getTime() - now.getTime(), 0), whole);
  return { secondsLeft: Math.ceil(left / 1000), fraction: whole > 0 ? left / whole : 0 };
}
