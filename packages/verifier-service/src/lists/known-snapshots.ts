import { BoundedMap } from '../bounded-map.ts';
import { SharedTurns } from './shared-turns.ts';
import type { SignedList } from './signed-list.ts';

/** More than are published at a time. */
const KNOWN = 16;

/** Snapshots and deltas that were published: what every scanner asks for is not read from the database each time. */
export class KnownSnapshots {
  readonly #signed = new BoundedMap<number, SignedList>(KNOWN);
  readonly #turns = new SharedTurns<SignedList>();

  /** By its sequence, which is given once. */
  get(sequence: number): SignedList | undefined {
    return this.#signed.get(sequence);
  }

  set(sequence: number, signed: SignedList): void {
    this.#signed.set(sequence, signed);
  }

  /** What `read` gives, read once for all who ask for this before it has begun. */
  share(name: string, read: () => Promise<SignedList>): Promise<SignedList> {
    return this.#turns.take(name, (closeDoor) => {
      closeDoor();
      return read();
    });
  }
}
