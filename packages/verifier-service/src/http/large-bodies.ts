import { ServiceError } from '../errors.ts';

/** Of one operator; and of all, so that they fit into memory at 10 MiB each. */
const MAX_OF_ONE = 4;
const MAX_OF_ALL = 32;

/** What is large: a picture, or the lines of a batch. */
export type LargeBodyKind = 'image' | 'lines';

/**
 * How many pictures and batches are in memory. Each is bounded, but whoever begins many and ends none would fill the
 * machine all the same, and need only one key for it.
 */
export class LargeBodies {
  readonly #held: string[] = [];

  /**
   * Throws `ServiceError` while the operator, or all together, have as many as fit: `too_many_images` and
   * `image_queue_full` for a picture, `rate_limited` for lines.
   *
   * @returns what is called, once, when the body is not needed any more
   */
  hold(operator: string, kind: LargeBodyKind): () => void {
    const own = this.#held.filter((other) => other === operator).length;
    if (own >= MAX_OF_ONE) {
      throw new ServiceError(
        kind === 'image' ? 'too_many_images' : 'rate_limited',
        `Wait for an answer: ${MAX_OF_ONE} of your images or batches are being sent.`,
      );
    }
    if (this.#held.length >= MAX_OF_ALL) {
      throw new ServiceError(
        kind === 'image' ? 'image_queue_full' : 'rate_limited',
        'Too many images and batches are being sent: try again in a moment.',
      );
    }
    this.#held.push(operator);
    return () => void this.#held.splice(this.#held.indexOf(operator), 1);
  }
}
