import type { Light } from '../light.ts';
import type { Reading, UnreadCode } from '../reading.ts';
import type { Picture, ReadRequest, WorkerReply } from './protocol.ts';

/** The reader, seen from the page: pictures go to a worker, so that the page never stalls. */
export interface Engine {
  /** The codes that were found in the last picture and could not be read; none where one was. */
  readonly unread: readonly UnreadCode[];
  /** How much light the last picture had. */
  readonly light: Light;
  /** Reads one picture; it is transferred, and closed when read. `null` is a miss, or an engine that has failed. */
  read(picture: Picture, effort: ReadRequest['effort']): Promise<Reading | null>;
  /** Lets the worker go; what it had not read yet is a miss. */
  stop(): void;
}

/** How an engine fares: each is called at most once. */
export interface EngineEvents {
  /** The reader has arrived and started; a slow one where WASM is not allowed. */
  readonly onReady: (engine: { readonly isSlow: boolean }) => void;
  /** It could not be loaded, or has stopped: nothing will be read any more. */
  readonly onFailed: () => void;
}

/**
 * A worker that the system has ended says nothing. Counted in ticks and not by the clock: a device that slept in
 * between has ticked once, however long it slept.
 */
const TICK_SECONDS = 5;
const PATIENCE_TICKS = 6;

/** @param worker one that has just been started */
export function startEngine(worker: Worker, { onReady, onFailed }: EngineEvents): Engine {
  const waiting = new Map<number, (reading: Reading | null) => void>();
  let lastId = 0;
  let silentTicks = 0;
  let hasEnded = false;
  let unread: readonly UnreadCode[] = [];
  let light: Light = 'enough';

  const watch = setInterval(() => {
    silentTicks = waiting.size > 0 ? silentTicks + 1 : 0;
    if (silentTicks >= PATIENCE_TICKS) fail();
  }, TICK_SECONDS * 1000);

  worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => {
    silentTicks = 0;
    if (data.kind === 'started') onReady(data);
    else if (data.kind === 'failed') fail();
    else {
      ({ unread, light } = data);
      settle(data.id, data.reading);
    }
  });
  worker.addEventListener('error', fail);

  function settle(id: number, reading: Reading | null): void {
    waiting.get(id)?.(reading);
    waiting.delete(id);
  }

  function fail(): void {
    if (hasEnded) return;
    stop();
    onFailed();
  }

  function stop(): void {
    hasEnded = true;
    clearInterval(watch);
    worker.terminate();
    for (const id of waiting.keys()) settle(id, null);
  }

  return {
    get unread() {
      return unread;
    },
    get light() {
      return light;
    },
    read(picture, effort) {
      if (hasEnded) {
        // A camera has few frames, and waits for those that nobody gives back.
        picture.close();
        return Promise.resolve(null);
      }
      const id = ++lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        const request: ReadRequest = { id, effort, picture };
        worker.postMessage(request, [picture]);
      });
    },
    stop,
  };
}
