/** Keeps the screen on while a code is shown: one that goes dark in the queue costs the counter a scan. */
export interface WakeLock {
  /** @param wanted whether the screen is to stay on; asking again for what is already so does nothing */
  hold(wanted: boolean): void;
}

/** Where the browser has no wake lock, or refuses one, nothing is lost. */
export function createWakeLock(): WakeLock {
  let wanted = false;
  let held: Promise<WakeLockSentinel | undefined> | undefined;

  async function request(): Promise<WakeLockSentinel | undefined> {
    const sentinel = await navigator.wakeLock?.request('screen').catch(() => undefined);
    sentinel?.addEventListener('release', () => {
      held = undefined;
    });
    return sentinel;
  }

  return {
    hold(next) {
      if (next === wanted) return;
      wanted = next;
      if (next) held = request();
      else {
        held?.then((sentinel) => sentinel?.release());
        held = undefined;
      }
    },
  };
}
