import type { CodeReader } from './code-reader.ts';
import type { PixelImage } from './pixels.ts';
import { countSideModules, measureModule, type Point, type ReadCode, type Reading } from './reading.ts';

/** What the browser's own reader says of a code (Barcode Detection API, W3C Incubator). */
export interface DetectedCode {
  readonly rawValue: string;
  /** Clockwise from the upper left of the code. */
  readonly cornerPoints: readonly Point[];
}

/** The browser's own reader: the part of `BarcodeDetector` that is used here. */
export interface NativeDetector {
  detect(image: PixelImage): Promise<readonly DetectedCode[]>;
}

/** `BarcodeDetector` itself. */
export interface NativeDetectorClass {
  new (options: { readonly formats: readonly string[] }): NativeDetector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const QR = 'qr_code';

/**
 * Opens the browser's own reader if it reads QR codes. That it exists says nothing: on desktops without a service behind it
 * the list of formats is empty, and making one for a format that is not in the list throws.
 */
export async function openNativeDetector(kind: NativeDetectorClass | undefined): Promise<NativeDetector | null> {
  try {
    const formats = (await kind?.getSupportedFormats()) ?? [];
    return kind && formats.includes(QR) ? new kind({ formats: [QR] }) : null;
  } catch {
    return null;
  }
}

/**
 * Runs the browser's own reader beside another one: whichever has a text first is the answer. It only ever adds: a picture
 * that comes while it is still at the last one is read without it, and after its first error it is not asked again
 * (phones without the service behind it list the format all the same).
 */
export function readBeside(reader: CodeReader, detector: NativeDetector): CodeReader {
  let isFree = true;

  async function detect(image: PixelImage): Promise<Reading | null> {
    if (!isFree) return null;
    isFree = false;
    try {
      const reading = toReading(await detector.detect(image));
      isFree = true;
      return reading;
    } catch {
      return null;
    }
  }

  return {
    readFrame: (image) => takeFirst([detect(image), reader.readFrame(image)]),
    readStill: (image) => takeFirst([detect(image), reader.readStill(image)]),
  };
}

/** The first that is no miss; a miss when all are. */
function takeFirst(readings: readonly Promise<Reading | null>[]): Promise<Reading | null> {
  let awaited = readings.length;
  return new Promise((resolve, reject) => {
    for (const reading of readings) {
      reading.then((found) => {
        awaited--;
        if (found || awaited === 0) resolve(found);
      }, reject);
    }
  });
}

function toReading(detected: readonly DetectedCode[]): Reading | null {
  const codes = detected.flatMap(({ rawValue, cornerPoints }): ReadCode[] => {
    const [a, b, c, d] = cornerPoints;
    if (rawValue === '' || !a || !b || !c || !d) return [];
    const corners: ReadCode['corners'] = [a, b, c, d];
    return [
      { text: rawValue, corners, modulePixels: measureModule(corners, countSideModules(guessVersion(rawValue))) },
    ];
  });
  return codes.length > 0 ? { codes, attempt: 'native' } : null;
}

const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;
/** ISO/IEC 18004 table 9: of all bits of a symbol, those left for data at level M. */
const DATA_SHARE = 0.63;

/**
 * The browser does not say how large the symbol is. This is the version that holds the text at level M, which is that of our
 * codes, give or take one: enough to ask somebody to come closer.
 */
export function guessVersion(text: string): number {
  const bits = 20 + (ALPHANUMERIC.test(text) ? 5.5 : 8) * text.length;
  for (let version = 1; version < 40; version++) {
    const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2;
    // What finder, timing, format, version and alignment patterns leave of the square.
    const functional = version === 1 ? 0 : (25 * alignments - 10) * alignments - 55 + (version < 7 ? 0 : 36);
    if (bits <= DATA_SHARE * (16 * version ** 2 + 128 * version + 64 - functional)) return version;
  }
  return 40;
}
