import { writeFile } from 'node:fs/promises';
import { renderQr } from '@zhengma/credential-core/qr';
import sharp, { type OverlayOptions } from 'sharp';

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 8;
/** How large a module of the code is in the picture: nobody holds a dense code as far away as a light one. */
const MODULE_PIXELS = 5;

/**
 * What a 720p camera sees of a code held before it: turned a little more in every frame, small, slightly out of focus,
 * in light that falls off to one side, with the noise of a cheap sensor.
 *
 * @returns the frames as baseline JPEGs
 */
export async function drawCameraFrames(text: string): Promise<Buffer[]> {
  const drawn = await renderQr(text, { format: 'png', scale: 6 });
  const size = Math.round(((await sharp(drawn).metadata()).width / 6) * MODULE_PIXELS);
  const code = await sharp(drawn).resize(size, size, { kernel: 'cubic' }).toBuffer();
  const frames: Buffer[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const turned = await sharp(code)
      .rotate(-24 + frame * 8, { background: '#dcd8d0' })
      .blur(0.7)
      .toBuffer();
    frames.push(await drawFrame([{ input: turned, left: 380 + frame * 8, top: 110 + frame * 3 }], frame + 1));
  }
  return frames;
}

/** What it sees while nobody is there: the same desk in the same light. */
export function drawEmptyFrames(): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: FRAMES }, (_, frame) => drawFrame([], frame + 1)));
}

async function drawFrame(layers: readonly OverlayOptions[], seed: number): Promise<Buffer> {
  const lit = await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#b9b2a4' } })
    .composite([...layers, { input: UNEVEN_LIGHT }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return sharp(addNoise(lit, seed), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 75, progressive: false })
    .toBuffer();
}

/** Writes frames as the fake camera of Chromium takes them: baseline JPEGs, one after the other. */
export async function writeCamera(file: string, frames: readonly Buffer[]): Promise<string> {
  await writeFile(file, Buffer.concat(frames));
  return file;
}

const UNEVEN_LIGHT = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs><linearGradient id="light" x2="1" y2=".4">
      <stop offset="0" stop-color="#000" stop-opacity=".5"/><stop offset="1" stop-color="#000" stop-opacity="0"/>
    </linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#light)"/>
  </svg>`,
);

/** Up to 18 shades up or down on every sample, the same on every run. */
function addNoise(samples: Buffer, seed: number): Buffer {
  const noisy = Buffer.alloc(samples.length);
  let state = seed;
  for (let sample = 0; sample < samples.length; sample++) {
    state = (state * 48_271) % 2_147_483_647;
    noisy[sample] = Math.min(255, Math.max(0, (samples[sample] as number) + (state % 37) - 18));
  }
  return noisy;
}
