/** Knows what a gun read last. */
export interface ScanMemory {
  /**
   * Whether this is a code that is to be checked: neither a few stray keys, nor the last code once more, which a gun that reads on
   * its own says again for as long as the code lies there.
   *
   * @param at milliseconds, on any one clock
   */
  isNewCode(text: string, at: number): boolean;
}

const REPEAT_MILLISECONDS = 1_500;
const FEWEST_CHARACTERS = 6;

/** The memory of one gun. */
export function createScanMemory(): ScanMemory {
  let last = { text: '', at: Number.NEGATIVE_INFINITY };
  return {
    isNewCode(text, at) {
      if (text.length < FEWEST_CHARACTERS) return false;
      const isRepeated = text === last.text && at - last.at < REPEAT_MILLISECONDS;
      last = { text, at };
      return !isRepeated;
    },
  };
}
