import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PixelImage } from '../../packages/scanner-web/src/engine/pixels.ts';
import { decodePicture, listPictures } from '../qr-pictures.ts';
import { drawDensePictures } from './dense-pictures.ts';
import { type Goal, median } from './measure.ts';
import { OURS, openQrReaders, type QrReader } from './qr-readers.ts';

/** Public pictures lie beside a developer's checkout; a user's clone does without them. */
const PICTURES = fileURLToPath(new URL('../../../shared/vectors/qr-images/', import.meta.url));

/** The one sample with two codes, an inner and an outer one; its text file names the inner. */
const DOUBLE_CODE = 'qrcode-2/16.webp';

interface Picture {
  readonly image: PixelImage;
  /** What must be read; not known of the photos. */
  readonly text?: string;
  /** Whether there is another code in it, whose text is not wrong. */
  readonly isDouble?: boolean;
}

/** What one reader made of one set. */
interface Tally {
  readonly milliseconds: number[];
  read: number;
  wrong: number;
}

/** A row for each set, a column for each reader. */
type Table<Cell> = Record<string, Record<string, Cell>>;

/** How many codes are read by us and by other readers, in the same pictures, in turns. */
export async function benchScanner() {
  const readers = await openQrReaders();
  const tallies: Table<Tally> = {};
  for (const [set, pictures] of listSets()) {
    tallies[set] = await readSet(pictures, readers);
    console.error(`${set}: read by ${readers.length} readers`);
  }
  const photos = Object.keys(tallies).filter((set) => set.startsWith('photos, '));
  if (photos.length > 0) tallies['photos'] = addUp(photos.map((set) => tallies[set] as Record<string, Tally>));
  return {
    pictures: Object.entries(tallies).map(([set, row]) => ({ set, pictures: tallyOf(row).milliseconds.length })),
    readRates: mapCells(tallies, ({ read, milliseconds }) => round(read / milliseconds.length, 1_000)),
    wrongReads: mapCells(tallies, ({ wrong }) => wrong),
    medianMs: mapCells(tallies, ({ milliseconds }) => round(median(milliseconds), 10)),
    goals: listGoals(tallies),
  };
}

function listGoals(tallies: Table<Tally>): Goal[] {
  const rate = (set: string) => {
    const { read, milliseconds } = tallyOf(tallies[set] as Record<string, Tally>);
    return round(read / milliseconds.length, 1_000);
  };
  const wrong = Object.values(tallies).reduce((sum, row) => sum + tallyOf(row).wrong, 0);
  return [
    { name: 'dense codes read', value: rate('dense'), goal: 0.98, met: rate('dense') >= 0.98 },
    ...(tallies['photos']
      ? [{ name: 'photos read', value: rate('photos'), goal: 0.81, met: rate('photos') >= 0.81 }]
      : []),
    { name: 'wrong reads', value: wrong, goal: 0, met: wrong === 0 },
  ];
}

/** Ours, where one stands for all. */
function tallyOf(row: Record<string, Tally>): Tally {
  return row[OURS] as Tally;
}

function* listSets(): Generator<[string, AsyncIterable<Picture>]> {
  if (existsSync(PICTURES)) {
    yield ['zxing samples', readSamples()];
    for (const kind of readdirSync(`${PICTURES}photos`).sort()) yield [`photos, ${kind}`, readPhotos(kind)];
  }
  yield ['dense', drawDensePictures()];
}

async function* readSamples(): AsyncGenerator<Picture> {
  for (const path of listPictures(`${PICTURES}zxing`)) {
    const text = await readFile(path.replace(/\.\w+$/, '.txt'), 'utf8');
    yield { image: await decodePicture(path), text, isDouble: path.endsWith(DOUBLE_CODE) };
  }
}

async function* readPhotos(kind: string): AsyncGenerator<Picture> {
  for (const path of listPictures(`${PICTURES}photos/${kind}`)) yield { image: await decodePicture(path) };
}

async function readSet(pictures: AsyncIterable<Picture>, readers: readonly QrReader[]) {
  const tallies: Record<string, Tally> = {};
  for (const { name } of readers) tallies[name] = { milliseconds: [], read: 0, wrong: 0 };
  for await (const picture of pictures) {
    const found = new Map<QrReader, readonly string[]>();
    for (const reader of readers) {
      const start = performance.now();
      found.set(reader, await reader.read(picture.image));
      tallies[reader.name]?.milliseconds.push(performance.now() - start);
    }
    for (const [{ name, library }, texts] of found) {
      const others = [...found].filter(([other]) => other.library !== library).flatMap(([, said]) => said);
      const tally = tallies[name] as Tally;
      if (texts.length === 0) continue;
      if (isWrong(texts, picture, others)) tally.wrong++;
      else tally.read++;
    }
  }
  return tallies;
}

/** Where no text is known, other libraries are the witnesses: a text is wrong if they read something, and none of them this. */
function isWrong(texts: readonly string[], { text, isDouble }: Picture, others: readonly string[]): boolean {
  if (text === undefined) return others.length > 0 && !texts.some((said) => others.includes(said));
  return !texts.includes(text) || (!isDouble && texts.some((said) => said !== text));
}

function addUp(rows: readonly Record<string, Tally>[]): Record<string, Tally> {
  const sum: Record<string, Tally> = {};
  for (const row of rows) {
    for (const [name, { milliseconds, read, wrong }] of Object.entries(row)) {
      const tally = sum[name] ?? { milliseconds: [], read: 0, wrong: 0 };
      sum[name] = tally;
      tally.milliseconds.push(...milliseconds);
      tally.read += read;
      tally.wrong += wrong;
    }
  }
  return sum;
}

function mapCells<Cell>(tallies: Table<Tally>, measure: (tally: Tally) => Cell): Table<Cell> {
  return Object.fromEntries(
    Object.entries(tallies).map(([set, row]) => [
      set,
      Object.fromEntries(Object.entries(row).map(([name, tally]) => [name, measure(tally)])),
    ]),
  );
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
