/** A place in a picture, in pixels from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One code of a picture. */
export interface ReadCode {
  /** What the code says, character for character; never empty. */
  readonly text: string;
  /**
   * The outer corners of the symbol without its light border, in pixels of the picture that was given: upper left, upper
   * right, lower right, lower left of the code as it was drawn, however it is turned.
   */
  readonly corners: readonly [Point, Point, Point, Point];
  /** How many pixels one module is wide, on average over the four sides. */
  readonly modulePixels: number;
}

/** A code that was found and could not be read: too small, too blurred, or half covered. */
export type UnreadCode = Omit<ReadCode, 'text'>;

/** How a code was read; `first` is the reader as it stands, `plain` the one without WASM, `native` the browser's own. */
export type Attempt = 'first' | 'denoise' | 'global' | 'upscale' | 'plain' | 'native';

/** What was read in one picture: at least one code. */
export interface Reading {
  readonly codes: readonly ReadCode[];
  readonly attempt: Attempt;
}

/** The texts of a reading; none of a miss. */
export function listTexts(reading: Reading | null): string[] {
  return (reading?.codes ?? []).map(({ text }) => text);
}

/** @param sideModules how many modules the symbol has along one side */
export function measureModule(corners: ReadCode['corners'], sideModules: number): number {
  const sides = corners.map((corner, at) => {
    const next = corners[(at + 1) % corners.length] ?? corner;
    return Math.hypot(next.x - corner.x, next.y - corner.y);
  });
  return sides.reduce((sum, side) => sum + side, 0) / sides.length / sideModules;
}

/** How many modules a QR symbol has along one side (ISO/IEC 18004 §5.3.1). */
export function countSideModules(version: number): number {
  return 17 + 4 * version;
}
