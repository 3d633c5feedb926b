import type { Reading } from '../code-reader.ts';
import type { ReadRequest, WorkerReply } from './protocol.ts';

/** The reader, seen from the page: pictures go to a worker, so that the page never stalls. */
export interface Engine {
  /** Settles when the WASM has arrived and started; rejects when it could not. */
  readonly started: Promise<void>;
  /** Reads one picture; it is transferred, and closed when read. `null` is a miss. */
  read(picture: ImageBitmap, effort: ReadRequest['effort']): Promise<Reading | null>;
}

/** Starts the worker. */
export function startEngine(): Engine {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  const waiting = new Map<number, (reading: Reading | null) => void>();
  let lastId = 0;

  const started = new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => {
      if (data.kind === 'started') resolve();
      else if (data.kind === 'failed_to_start') reject(new Error('the code reader did not start'));
      else {
        waiting.get(data.id)?.(data.reading);
        waiting.delete(data.id);
      }
    });
    worker.addEventListener('error', () => reject(new Error('the code reader could not be loaded')));
  });

  return {
    started,
    read(picture, effort) {
      const id = ++lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        const request: ReadRequest = { id, effort, picture };
        worker.postMessage(request, [picture]);
      });
    },
  };
}
