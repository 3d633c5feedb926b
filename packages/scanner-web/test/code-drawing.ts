import { renderQr } from '@zhengma/credential-core/qr';
import { type PixelImage, toPixels } from '../src/engine/pixels.ts';

/** Draws the modules of the core's own SVG, which is made of horizontal runs. */
export async function drawCode(
  text: string,
  scale: number,
  { dark = 0, light = 255, gap = 0 } = {},
): Promise<PixelImage> {
  const svg = await renderQr(text, { format: 'svg', maxVersion: 40 });
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) * scale;
  const grey = { data: new Uint8ClampedArray(side * side).fill(light), width: side, height: side };
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let module = 0; module < Number(length); module++) {
      for (let row = 0; row < scale - gap; row++) {
        const start = (Number(y) * scale + row) * side + (Number(x) + module) * scale;
        grey.data.fill(dark, start, start + scale - gap);
      }
    }
  }
  return toPixels(grey);
}

/** The corners of a square, from its upper left one clockwise. */
export function square(left: number, top: number, side: number) {
  const [right, bottom] = [left + side, top + side];
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ] as const;
}
