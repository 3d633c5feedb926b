/**
 * One line for each key. Whoever comes before a turn has closed its door shares that turn; whoever comes later may know of
 * something newer than the turn has read, and takes the next.
 */
export class SharedTurns<T> {
  readonly #joinable = new Map<string, Promise<T>>();
  readonly #last = new Map<string, Promise<T>>();

  /** `work` runs when the turns before it are over, and calls `closeDoor` before it reads what the answer derives from. */
  take(key: string, work: (closeDoor: () => void) => Promise<T>): Promise<T> {
    const open = this.#joinable.get(key);
    if (open) return open;
    const closeDoor = () => {
      if (this.#joinable.get(key) === turn) this.#joinable.delete(key);
    };
    const previous = this.#last.get(key) ?? Promise.resolve();
    const turn: Promise<T> = previous
      .catch(() => {})
      .then(() => work(closeDoor))
      .finally(() => {
        closeDoor();
        if (this.#last.get(key) === turn) this.#last.delete(key);
      });
    this.#joinable.set(key, turn);
    this.#last.set(key, turn);
    return turn;
  }
}
