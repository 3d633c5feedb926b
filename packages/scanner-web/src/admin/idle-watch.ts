/** Calls `onIdle` after so many minutes without a key or a touch; by the clock, for a machine that slept wakes up late. */
export function createIdleWatch(minutes: number, onIdle: () => void): { start(): void; stop(): void } {
  let timer: ReturnType<typeof setInterval> | undefined;
  let lastAction = 0;
  const act = () => {
    lastAction = Date.now();
  };
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, act, { passive: true });
  return {
    start() {
      act();
      timer = setInterval(() => Date.now() - lastAction >= minutes * 60_000 && onIdle(), 5_000);
    },
    stop: () => clearInterval(timer),
  };
}
