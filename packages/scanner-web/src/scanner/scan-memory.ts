/** Knows what a gun read last. */
export interface ScanMemory {
  /**
   * Whether this is the last code once more: a gun that reads on its own says it again for as long as the code lies there.
   *
   * @param at milliseconds, on any one clock
   */
  isRepeated(text: string, at: number): boolean;
}

const REPEAT_MILLISECONDS = 1_500;

/** The memory of one gun. */
export function createScanMemory(): ScanMemory {
  let last = { text: '', at: Number.NEGATIVE_INFINITY };
  return {
    isRepeated(text, at) {
      const isRepeated = text === last.text && at - last.at < REPEAT_MILLISECONDS;
      last = { text, at };
      return isRepeated;
    },
  };
}
