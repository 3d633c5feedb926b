import { prepareZXingModule, type ReaderOptions, type ReadResult, readBarcodes } from 'zxing-wasm/reader';
import { cropCentre, type PixelImage, toGrey, toPixels } from './pixels.ts';
import { type Attempt, measureModule, type Point, type ReadCode, type Reading, type UnreadCode } from './reading.ts';
import { UPSCALE_FACTOR, upscaleSharp } from './upscale.ts';

/** Where the reader's WASM comes from: an address on our own origin, or its bytes. */
export type WasmSource = { readonly url: string } | { readonly bytes: ArrayBuffer };

/** Reads QR codes from pictures; one per camera, because a miss decides what the next frame is tried with. */
export interface CodeReader {
  /**
   * One try, and after a miss one rescue: each missed frame gets the next one, so that the frame rate holds. After a long
   * time without a code the rescues become fewer.
   */
  readFrame(image: PixelImage): Promise<Reading | null>;
  /** Every rescue in turn: a still image has no next frame. */
  readStill(image: PixelImage): Promise<Reading | null>;
}

type Rescue = Extract<Attempt, 'denoise' | 'global' | 'upscale'>;

/**
 * What pays, in the order of what it costs. `denoise` closes specks and gaps (glare, screens); `global` takes one
 * threshold for the whole picture, which reads drawn and logo-covered codes that local averages tear apart;
 * `upscale` is for modules of less than two pixels.
 */
const RESCUES: readonly Rescue[] = ['denoise', 'global', 'upscale'];

/** The middle of a 720p frame: a code whose modules are too small is small itself, unless it is too dense for any camera. */
const UPSCALE_FRAME_SIDE = 540;

/** A still of up to a megapixel is upscaled whole; of a larger one the middle, where people put the code. */
const UPSCALE_STILL_SIDE = 1080;

/**
 * After some seconds without a code nobody is there, and only every third frame is looked at twice: of what an empty counter
 * costs, three quarters are rescues. Whoever comes with a code that needs one waits a few frames more.
 */
const DESERTED_FRAMES = 90;
const DESERTED_RESCUES = 3;

/** Enough to see that there is more than one: a poster's codes and two phones. */
const MAX_CODES = 6;

/** The reader's own try* defaults stay on. `Plain` hands control characters through instead of their names. */
const READER_OPTIONS: ReaderOptions = { formats: ['QRCode'], maxNumberOfSymbols: MAX_CODES, textMode: 'Plain' };

/**
 * Starts the reader. Rejects when the WASM cannot be fetched or is refused.
 *
 * @param noteUnread told of each frame which codes were found in it as it is and could not be read: it costs nothing more
 */
export async function createCodeReader(
  wasm: WasmSource,
  noteUnread: (codes: readonly UnreadCode[]) => void = () => undefined,
): Promise<CodeReader> {
  await prepareZXingModule({
    // Left alone, the module would fetch its WASM from a public CDN.
    overrides: 'url' in wasm ? { locateFile: () => wasm.url } : { wasmBinary: wasm.bytes },
    fireImmediately: true,
  });

  let nextRescue = 0;
  let missedFrames = 0;

  return {
    async readFrame(image) {
      const results = await scan(image, { returnErrors: true });
      noteUnread(results.filter(({ isValid }) => !isValid).map((found) => locate(found, stay)));
      const reading = toReading(results, 'first') ?? (await rescueFrame(image));
      missedFrames = reading ? 0 : missedFrames + 1;
      return reading;
    },

    async readStill(image) {
      for (const attempt of ['first', ...RESCUES] as const) {
        const reading = await attemptRead(image, attempt, UPSCALE_STILL_SIDE);
        if (reading) return reading;
      }
      return null;
    },
  };

  function rescueFrame(image: PixelImage): Promise<Reading | null> | null {
    if (missedFrames >= DESERTED_FRAMES && missedFrames % DESERTED_RESCUES !== 0) return null;
    const rescue = RESCUES[nextRescue % RESCUES.length] ?? 'denoise';
    nextRescue++;
    return attemptRead(image, rescue, UPSCALE_FRAME_SIDE);
  }
}

async function attemptRead(image: PixelImage, attempt: 'first' | Rescue, upscaleSide: number): Promise<Reading | null> {
  switch (attempt) {
    case 'first':
      return toReading(await scan(image, {}), attempt);
    case 'denoise':
      return toReading(await scan(image, { tryDenoise: true }), attempt);
    case 'global':
      return toReading(await scan(image, { tryDenoise: true, binarizer: 'GlobalHistogram' }), attempt);
    case 'upscale': {
      const crop = cropCentre(toGrey(image), upscaleSide);
      const results = await scan(toPixels(upscaleSharp(crop)), {});
      return toReading(results, attempt, ({ x, y }) => ({
        x: crop.left + x / UPSCALE_FACTOR,
        y: crop.top + y / UPSCALE_FACTOR,
      }));
    }
  }
}

function scan(image: PixelImage, options: ReaderOptions): Promise<ReadResult[]> {
  return readBarcodes(image as Parameters<typeof readBarcodes>[0], { ...READER_OPTIONS, ...options });
}

/** @param toOriginal from a place in the picture that was searched to the same place in the one that was given */
function toReading(
  results: readonly ReadResult[],
  attempt: Attempt,
  toOriginal: (point: Point) => Point = stay,
): Reading | null {
  // A code without a text is a miss: there is nothing to verify in it.
  const codes = results
    .filter(({ isValid, text }) => isValid && text !== '')
    .map((result): ReadCode => ({ text: result.text, ...locate(result, toOriginal) }));
  return codes.length > 0 ? { codes, attempt } : null;
}

function locate({ position, symbol }: ReadResult, toOriginal: (point: Point) => Point): UnreadCode {
  const { topLeft, topRight, bottomRight, bottomLeft } = position;
  const corners = [topLeft, topRight, bottomRight, bottomLeft].map(toOriginal) as [Point, Point, Point, Point];
  return { corners, modulePixels: measureModule(corners, symbol.width) };
}

function stay(point: Point): Point {
  return point;
}
