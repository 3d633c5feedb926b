import { BoundedMap } from '../../bounded-map.ts';

const KEPT = 10_000;

/** What is read at every request, kept for as long as nobody has changed what it was read from. */
export class KeptReads {
  readonly #readMark: (() => string) | undefined;
  #mark = '';
  #known = new BoundedMap<string, unknown>(KEPT);

  /** @param readMark gives another value after each change; absent: nobody can tell, and nothing is kept */
  constructor(readMark: (() => string) | undefined) {
    this.#readMark = readMark;
  }

  /** What `read` gives, or gave since the last change. Only what was found is kept: what was not could be anything. */
  async read<T extends object>(name: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    if (!this.#readMark) return read();
    // Before the reading: what is read later than that may be newer, and is read again after the next change.
    const mark = this.#readMark();
    if (mark !== this.#mark) {
      this.#mark = mark;
      this.#known = new BoundedMap(KEPT);
    }
    const known = this.#known.get(name);
    if (known) return known as T;
    const found = await read();
    if (found && this.#mark === mark) this.#known.set(name, found);
    return found;
  }
}
