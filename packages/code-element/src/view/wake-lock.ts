/** Keeps the screen on while a code is shown: one that goes dark in the queue costs the counter a scan. */
export interface WakeLock {
  /** @param wanted whether the screen is to stay on; asking again for what is already so does nothing */
  hold(wanted: boolean): void;
}

/** Where the browser has no wake lock, or refuses one, nothing is lost. */
export function createWakeLock(): WakeLock {
  let held: Promise<WakeLockSentinel | undefined> | undefined;

  async function request(): Promise<WakeLockSentinel | undefined> {
    return navigator.wakeLock?.request('screen').catch(() => undefined);
  }

  return {
    hold(wanted) {
      if (wanted === (held !== undefined)) return;
      const given = held;
      held = wanted ? request() : undefined;
      given?.then((sentinel) => sentinel?.release());
    },
  };
}
