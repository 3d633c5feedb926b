import type { Problem } from '../problem.ts';
import type { Picture } from './picture.ts';

/** A signature that has not come by then does not come. */
const PATIENCE_SECONDS = 10;
const RETRY_SECONDS = 5;
/** How often the clock is looked at: a clock that was set, or a phone that slept, is noticed that soon. */
const TICK_SECONDS = 1;

/** What there is to see. Both at once: a code that is still good, and no newer one could be made. */
export interface Shown {
  readonly picture?: Picture;
  readonly problem?: Problem;
}

/** What a renewal is made of. */
export interface RenewalOptions {
  now(): Date;
  draw(now: Date): Promise<Picture | Problem>;
  /** After every look at the clock and every new picture. */
  onShown(shown: Shown, now: Date): void;
  onRenewed(picture: Picture): void;
  /** When the problem is another one than before. */
  onFailed(problem: Problem): void;
}

/** Keeps a picture fresh. */
export interface Renewal {
  /** Draws at once and goes on from there. */
  start(): void;
  /** Nothing is drawn until the next `start`. */
  stop(): void;
  /** Takes away what is seen: it is somebody else's. */
  forget(): void;
}

/** A renewal that is not running yet. */
export function createRenewal({ now, draw, onShown, onRenewed, onFailed }: RenewalOptions): Renewal {
  let shown: Shown = {};
  let running = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawingSince: number | undefined;
  let lastAttemptAt: number | undefined;
  // What was begun before counts for nothing.
  let attempt = 0;

  function look(): void {
    clearTimeout(timer);
    const current = now();
    const at = current.getTime();
    if (shown.picture && !isGood(shown.picture, at)) shown = shown.problem ? { problem: shown.problem } : {};
    if (drawingSince !== undefined && isLongAgo(drawingSince, at, PATIENCE_SECONDS)) {
      attempt++;
      drawingSince = undefined;
      fail({ code: 'signing_failed' });
    }
    if (drawingSince === undefined && isDue(at)) begin(current);
    onShown(shown, current);
    timer = setTimeout(look, untilNextLook(at));
  }

  /** Also when the clock was set back: a code of the future is refused. */
  function isDue(at: number): boolean {
    const { picture, problem } = shown;
    if (lastAttemptAt === undefined) return true;
    if (problem) return isLongAgo(lastAttemptAt, at, RETRY_SECONDS);
    return !picture || at >= picture.renewAt.getTime() || at < picture.drawnAt.getTime();
  }

  async function begin(current: Date): Promise<void> {
    const own = ++attempt;
    drawingSince = lastAttemptAt = current.getTime();
    const drawn = await draw(current);
    if (own !== attempt) return;
    drawingSince = undefined;
    if ('code' in drawn) fail(drawn);
    else if (now() < drawn.expiresAt) {
      shown = { picture: drawn };
      onRenewed(drawn);
    }
    look();
  }

  function fail(problem: Problem): void {
    const isNews = shown.problem?.code !== problem.code;
    shown = { ...shown, problem };
    if (isNews) onFailed(problem);
  }

  function untilNextLook(at: number): number {
    const { picture } = shown;
    const ends = picture ? [picture.renewAt, picture.expiresAt].map((end) => end.getTime() - at) : [];
    return Math.min(TICK_SECONDS * 1000, ...ends.filter((milliseconds) => milliseconds > 0));
  }

  function stop(): void {
    running = false;
    attempt++;
    drawingSince = undefined;
    clearTimeout(timer);
  }

  function start(): void {
    stop();
    running = true;
    lastAttemptAt = undefined;
    look();
  }

  function forget(): void {
    const wasRunning = running;
    stop();
    shown = {};
    onShown(shown, now());
    if (wasRunning) start();
  }

  return { start, stop, forget };
}

/** Where the clock was set back, nobody knows how old the picture is. */
function isGood({ drawnAt, expiresAt }: Picture, at: number): boolean {
  return at < expiresAt.getTime() && at >= drawnAt.getTime() - TICK_SECONDS * 1000;
}

function isLongAgo(since: number, at: number, seconds: number): boolean {
  return at < since || at - since >= seconds * 1000;
}
