import { expect, test } from 'vitest';
import type { CodeReader } from '../src/engine/code-reader.ts';
import {
  type DetectedCode,
  guessVersion,
  type NativeDetector,
  type NativeDetectorClass,
  openNativeDetector,
  readBeside,
} from '../src/engine/native-reader.ts';
import { createPlainReader } from '../src/engine/plain-reader.ts';
import { listTexts, type Reading } from '../src/engine/reading.ts';
import { drawCode, square } from './code-drawing.ts';

const TEXT = 'ZM1:6BFOXN%TSMAHN-H7ZM.Q0 DWJU $5/*+';
/** 25 modules of five pixels. */
const DETECTED: DetectedCode = { rawValue: TEXT, cornerPoints: square(10, 20, 125) };
const blank = { data: new Uint8ClampedArray(64 * 64 * 4).fill(255), width: 64, height: 64 };

/** As the platform has it: refuses formats that it does not list, as the standard says. */
function makeDetectorClass(formats: readonly string[], answer: () => Promise<DetectedCode[]>): NativeDetectorClass {
  return class implements NativeDetector {
    static async getSupportedFormats() {
      return formats;
    }
    constructor(options: { readonly formats: readonly string[] }) {
      if (options.formats.some((format) => !formats.includes(format))) throw new TypeError('unsupported format');
    }
    detect() {
      return answer();
    }
  };
}

test('only a browser that lists QR codes is asked, whether or not it knows the name of the class', async () => {
  const reads = async () => [DETECTED];
  expect(await openNativeDetector(undefined)).toBeNull();
  expect(await openNativeDetector(makeDetectorClass([], reads))).toBeNull();
  expect(await openNativeDetector(makeDetectorClass(['code_128', 'ean_13'], reads))).toBeNull();
  const broken = makeDetectorClass(['qr_code'], reads);
  broken.getSupportedFormats = () => Promise.reject(new DOMException('no service', 'NotSupportedError'));
  expect(await openNativeDetector(broken)).toBeNull();
  const opened = await openNativeDetector(makeDetectorClass(['aztec', 'qr_code'], reads));
  expect(await opened?.detect(blank)).toEqual([DETECTED]);
});

test('what the browser reads first is the answer, with its place and the size of its modules', async () => {
  const beside = readBeside(neverReads(), { detect: async () => [DETECTED] });
  for (const reading of [await beside.readFrame(blank), await beside.readStill(blank)]) {
    expect(reading).toEqual({
      codes: [{ text: TEXT, corners: DETECTED.cornerPoints, modulePixels: 5 }],
      attempt: 'native',
    });
  }
});

test('what our reader reads first is the answer, and a browser that is still at it is left alone', async () => {
  const pending: (() => void)[] = [];
  let asked = 0;
  const slow: NativeDetector = {
    detect: () => {
      asked++;
      return new Promise((resolve) => pending.push(() => resolve([])));
    },
  };
  const beside = readBeside(createPlainReader(), slow);
  const image = await drawCode(TEXT, 4);
  expect((await beside.readFrame(image))?.attempt).toBe('plain');
  expect(await beside.readFrame(blank), 'read without it').toBeNull();
  expect(asked).toBe(1);
  pending.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(listTexts(await beside.readFrame(image))).toEqual([TEXT]);
  expect(asked).toBe(2);
});

test('a code without a text, or without a place, is a miss', async () => {
  for (const detected of [
    { ...DETECTED, rawValue: '' },
    { ...DETECTED, cornerPoints: [] },
  ]) {
    const beside = readBeside(createPlainReader(), { detect: async () => [detected] });
    expect(await beside.readFrame(blank)).toBeNull();
  }
});

test('a browser whose service is missing is asked once, and our reader reads on', async () => {
  let asked = 0;
  const beside = readBeside(createPlainReader(), {
    detect: () => {
      asked++;
      return Promise.reject(new DOMException('Barcode detection service unavailable.', 'NotSupportedError'));
    },
  });
  expect(await beside.readFrame(blank)).toBeNull();
  expect(listTexts(await beside.readFrame(await drawCode(TEXT, 4)))).toEqual([TEXT]);
  expect(asked).toBe(1);
});

test('a reader of ours that has died is not hidden by a browser that reads nothing', async () => {
  const dead: CodeReader = { readFrame: fail, readStill: fail };
  const beside = readBeside(dead, { detect: async () => [] });
  await expect(beside.readFrame(blank)).rejects.toThrow('unreachable');
});

test('the size of a symbol is guessed from its text to within one version', () => {
  // ISO/IEC 18004 table 7: what versions 2 to 24 hold at level M, in alphanumeric characters.
  const held = [
    38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970, 1035, 1134, 1248, 1326,
  ];
  for (const [at, characters] of held.entries()) {
    expect(Math.abs(guessVersion('A'.repeat(characters)) - (at + 2)), `version ${at + 2}`).toBeLessThanOrEqual(1);
  }
});

function neverReads(): CodeReader {
  const wait = () => new Promise<Reading | null>(() => {});
  return { readFrame: wait, readStill: wait };
}

function fail(): Promise<never> {
  return Promise.reject(new Error('unreachable'));
}
