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
  /** An invalid Date where there is no clock: then nothing is shown. */
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawingSince: number | undefined;
  let lastAttemptAt: number | undefined;
  let lastLookAt: number | undefined;
  // Each start is a run of its own. Whoever is told something may stop it there and then, or start another.
  let run: symbol | undefined;
  // What was begun before counts for nothing.
  let attempt: symbol | undefined;

  function look(): void {
    clearTimeout(timer);
    const own = run;
    const current = now();
    const at = current.getTime();
    if (shown.picture && !isGood(shown.picture, at)) shown = shown.problem ? { problem: shown.problem } : {};
    if (drawingSince !== undefined && isLongAgo(drawingSince, at, PATIENCE_SECONDS)) {
      attempt = drawingSince = undefined;
      fail({ code: 'signing_failed' });
      if (run !== own) return;
    }
    if (Number.isNaN(at)) {
      // No clock: whatever was begun cannot be judged, and the first look that has one begins anew.
      attempt = drawingSince = lastAttemptAt = undefined;
      fail({ code: 'signing_failed' });
      if (run !== own) return;
    } else if (drawingSince === undefined && isDue(at)) begin(current);
    lastLookAt = at;
    onShown(shown, current);
    if (run === own) timer = setTimeout(look, untilNextLook(at));
  }

  /** Also when the clock was set back: a code of the future is refused. */
  function isDue(at: number): boolean {
    const { picture, problem } = shown;
    if (lastAttemptAt === undefined) return true;
    if (problem) return isLongAgo(lastAttemptAt, at, RETRY_SECONDS);
    return !picture || at >= picture.renewAt.getTime() || (lastLookAt !== undefined && at < lastLookAt);
  }

  async function begin(current: Date): Promise<void> {
    const own = Symbol('attempt');
    attempt = own;
    drawingSince = lastAttemptAt = current.getTime();
    const drawn = await draw(current);
    if (attempt !== own) return;
    attempt = drawingSince = undefined;
    const ownRun = run;
    if ('code' in drawn) fail(drawn);
    // A signature that comes when its code has already ended is as good as none.
    else if (!(now() < drawn.expiresAt)) fail({ code: 'signing_failed' });
    else {
      shown = { picture: drawn };
      onRenewed(drawn);
    }
    if (run === ownRun) look();
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
    run = attempt = drawingSince = undefined;
    clearTimeout(timer);
  }

  function start(): void {
    stop();
    run = Symbol('run');
    lastAttemptAt = lastLookAt = undefined;
    look();
  }

  function forget(): void {
    const wasRunning = run !== undefined;
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
