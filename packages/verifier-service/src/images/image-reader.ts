import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ServiceError } from '../errors.ts';
import type { RgbaImage } from './decode-image.ts';

const MAX_SEARCH_SECONDS = 5;
const MAX_WAITING = 8;
const MAX_WAITING_OF_ONE = 2;
const MAX_WAIT_SECONDS = 10;

/** The worker beside this module: compiled next to it, or run from its source. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './image-worker.ts' : './image-worker.js',
  import.meta.url,
);

/**
 * Reads the QR texts in a picture. Searching pixels is synchronous and can take seconds, so it runs in one worker thread,
 * one picture at a time: a picture made to be slow delays other pictures, not the service, and the thread is ended
 * when its time is up.
 */
export class ImageReader {
  #worker: Worker | undefined;
  readonly #waiting: string[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /**
   * The distinct texts found, possibly none. Throws what `decodeImage` throws, `image_too_slow`, `too_many_images` when
   * two pictures of `owner` wait already (one slow sender must not shut out the others), and `image_queue_full` when
   * too many of all do or the turn came too late.
   */
  async read(bytes: Uint8Array, owner: string): Promise<readonly string[]> {
    if (this.#waiting.filter((other) => other === owner).length >= MAX_WAITING_OF_ONE) {
      throw new ServiceError(
        'too_many_images',
        `Wait for an answer: ${MAX_WAITING_OF_ONE} of your images are being read.`,
      );
    }
    if (this.#waiting.length >= MAX_WAITING) throw queueFull();
    this.#waiting.push(owner);
    const arrived = performance.now();
    const turn = this.#last.then(async () => {
      if (performance.now() - arrived > MAX_WAIT_SECONDS * 1000) throw queueFull();
      // With the first picture: the image library takes a tenth of a second to load, and few processes see a picture.
      const { decodeImage } = await import('./decode-image.ts');
      return this.#search(await decodeImage(bytes));
    });
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(owner), 1);
    }
  }

  /** Ends the worker thread. The reader starts a new one if it is used again. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #search(image: RgbaImage): Promise<readonly string[]> {
    const worker = this.#worker ?? this.#start();
    // Referenced only while it works: waiting for an answer keeps the process alive, waiting for a picture does not.
    worker.ref();
    const signal = AbortSignal.timeout(MAX_SEARCH_SECONDS * 1000);
    const answer = once(worker, 'message', { signal });
    worker.postMessage(image, [image.data.buffer]);
    try {
      const [texts] = (await answer) as [string[]];
      return texts;
    } catch (error) {
      await this.close();
      if (signal.aborted) {
        throw new ServiceError('image_too_slow', `Searching the image took longer than ${MAX_SEARCH_SECONDS} s.`);
      }
      throw new ServiceError('unreadable_image', 'The image could not be searched.', { cause: error });
    } finally {
      worker.unref();
    }
  }

  #start(): Worker {
    const worker = new Worker(WORKER_URL);
    worker.on('error', () => this.close());
    this.#worker = worker;
    return worker;
  }
}

function queueFull(): ServiceError {
  return new ServiceError('image_queue_full', 'Too many images are waiting to be read.');
}
