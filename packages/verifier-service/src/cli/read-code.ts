import { existsSync } from 'node:fs';
import { LOCAL_OPERATOR } from '../actions/set-up.ts';
import { readCode as readCodeFromImage } from '../actions/verify.ts';
import { UsageError } from '../errors.ts';
import { ImageReader } from '../images/image-reader.ts';
import { readInputFile, type Terminal } from './terminal.ts';

/** The QR text that `argument` means: the text itself, `-` for standard input, or the name of a picture of it. */
export async function readCode(argument: string | undefined, terminal: Terminal): Promise<string> {
  if (argument === undefined)
    throw new UsageError('Give a QR text, an image file, or - to read the text from standard input.');
  if (argument === '-') return (await terminal.readInput()).trim();
  if (!existsSync(argument)) return argument;
  const images = new ImageReader();
  try {
    return await readCodeFromImage(await readInputFile(argument), LOCAL_OPERATOR, { images });
  } finally {
    await images.close();
  }
}
