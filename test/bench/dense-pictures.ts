import QRCode from 'qrcode';
import sharp from 'sharp';
import type { PixelImage } from '../../packages/scanner-web/src/engine/pixels.ts';
import { decodePicture } from '../qr-pictures.ts';

/** A picture of one code, and what the code says. */
export interface LabelledPicture {
  readonly name: string;
  readonly text: string;
  readonly image: PixelImage;
}

const VERSIONS = [8, 10, 12, 14, 16, 18, 20, 22, 24];
const PICTURES_OF_EACH = 36;
/** How wide a module is in the picture, in pixels. */
const [LEAST_MODULE, MOST_MODULE] = [1.2, 4];
const BORDER_MODULES = 4;
/** How much is seen of the desk around it. */
const DESK_MODULES = 6;
/** In degrees: how far a hand turns a code in its plane, and out of it. */
const ROLL = [-15, 15] as const;
const TILT = [-12, 12] as const;
/** Standard deviations. */
const BLUR_PIXELS = [0.3, 0.5] as const;
const NOISE_SHADES = [1, 5] as const;
const JPEG_QUALITY = [75, 92] as const;
/** The camera stands so many sides of the code away: what is nearer to it looks larger. */
const DISTANCE_SIDES = 2.5;
/** Every pixel is the average of so many by so many samples, as a sensor's pixel collects light from its whole area. */
const SAMPLES = 4;
const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/**
 * Codes of the sizes that this format makes, as a camera sees them: small, held askew, out of focus, in light that falls off
 * to one side, with the noise of a sensor and the losses of JPEG. The same pictures on every run.
 */
export async function* drawDensePictures(seed = 20_261_127): AsyncGenerator<LabelledPicture> {
  const random = createRandom(seed);
  for (const version of VERSIONS) {
    const length = findCapacity(version);
    for (let picture = 0; picture < PICTURES_OF_EACH; picture++) {
      // One picture from each part of the range, so that no version has more of the small ones by chance.
      const place = (picture + random.from(0, 1)) / PICTURES_OF_EACH;
      const modulePixels = LEAST_MODULE + (MOST_MODULE - LEAST_MODULE) * place;
      const text = makeText(length, random);
      const image = await takePicture(text, modulePixels, random);
      yield { name: `v${version} ${modulePixels.toFixed(2)} px`, text, image };
    }
  }
}

function makeText(length: number, random: Random): string {
  const body = Array.from({ length: length - 4 }, () => BASE45[Math.floor(random.from(0, BASE45.length))]);
  return `ZM1:${body.join('')}`;
}

/** How many characters a version holds: one more would need the next one. */
function findCapacity(version: number): number {
  let [fits, overflows] = [1, 2_000];
  while (overflows - fits > 1) {
    const length = (fits + overflows) >> 1;
    if (createModules('A'.repeat(length)).version <= version) fits = length;
    else overflows = length;
  }
  return fits;
}

function createModules(text: string): QRCode.QRCode {
  return QRCode.create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
}

async function takePicture(text: string, modulePixels: number, random: Random): Promise<PixelImage> {
  const code = print(text, random);
  const view = holdAskew(code.side, modulePixels, random);
  const light = shine(view.width, view.height, random);
  const raw = { width: view.width, height: view.height, channels: 1 } as const;
  const sharpImage = Buffer.alloc(raw.width * raw.height);
  for (let y = 0; y < raw.height; y++) {
    for (let x = 0; x < raw.width; x++) {
      let sum = 0;
      for (let sample = 0; sample < SAMPLES ** 2; sample++) {
        const [right, down] = [(sample % SAMPLES) + 0.5, Math.floor(sample / SAMPLES) + 0.5];
        sum += view.see(code, x + right / SAMPLES, y + down / SAMPLES);
      }
      sharpImage[y * raw.width + x] = Math.min(255, (sum / SAMPLES ** 2) * light(x, y));
    }
  }
  const seen = await sharp(sharpImage, { raw })
    .blur(random.from(...BLUR_PIXELS))
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const deviation = random.from(...NOISE_SHADES);
  for (let pixel = 0; pixel < seen.length; pixel++) {
    const shade = (seen[pixel] as number) + random.normal() * deviation;
    seen[pixel] = Math.min(255, Math.max(0, Math.round(shade)));
  }
  return decodePicture(
    await sharp(seen, { raw })
      .jpeg({ quality: Math.round(random.from(...JPEG_QUALITY)) })
      .toBuffer(),
  );
}

/** A code with its border, one shade for each module, on a desk. */
interface PrintedCode {
  readonly shades: Uint8Array;
  /** In modules, border included. */
  readonly side: number;
  readonly desk: number;
}

function print(text: string, random: Random): PrintedCode {
  const { modules } = createModules(text);
  const [ink, paper, desk] = [random.from(15, 60), random.from(190, 250), random.from(60, 180)];
  const side = modules.size + 2 * BORDER_MODULES;
  const shades = new Uint8Array(side * side).fill(paper);
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (!modules.data[row * modules.size + column]) continue;
      shades[(row + BORDER_MODULES) * side + column + BORDER_MODULES] = ink;
    }
  }
  return { shades, side, desk };
}

/** Turns a code about all three axes before the camera: the size of a picture that holds it, and what is seen in a place of it. */
function holdAskew(side: number, modulePixels: number, random: Random) {
  const [roll, pitch, yaw] = [random.from(...ROLL), random.from(...TILT), random.from(...TILT)].map(
    toRadians,
  ) as Angles;
  const [cr, sr, cp, sp, cy, sy] = [roll, pitch, yaw].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as Turns;
  const distance = side * DISTANCE_SIDES;
  // A homography from the code, whose middle is 0, 0: the first two columns of the rotation, and its depth over the distance.
  const [a, b] = [modulePixels * cr * cy, modulePixels * (cr * sy * sp - sr * cp)];
  const [d, e] = [modulePixels * sr * cy, modulePixels * (sr * sy * sp + cr * cp)];
  const [g, h] = [-sy / distance, (cy * sp) / distance];

  const reach = side / 2 + DESK_MODULES;
  const corners = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ].map(([u = 0, v = 0]) => {
    const depth = g * u + h * v + 1;
    return { x: (a * u + b * v) / depth, y: (d * u + e * v) / depth };
  });
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));

  return {
    width: Math.ceil(Math.max(...corners.map(({ x }) => x)) - left),
    height: Math.ceil(Math.max(...corners.map(({ y }) => y)) - top),
    /** The homography, solved for the place on the code. */
    see({ shades, desk }: PrintedCode, pictureX: number, pictureY: number): number {
      const x = pictureX + left;
      const y = pictureY + top;
      const p = a - g * x;
      const q = b - h * x;
      const r = d - g * y;
      const s = e - h * y;
      const determinant = p * s - q * r;
      const column = Math.floor((x * s - q * y) / determinant + side / 2);
      const row = Math.floor((p * y - r * x) / determinant + side / 2);
      if (column < 0 || row < 0 || column >= side || row >= side) return desk;
      return shades[row * side + column] as number;
    },
  };
}

type Angles = [number, number, number];
type Turns = [number, number, number, number, number, number];

/** Light that is full on one side and less on the other. */
function shine(width: number, height: number, random: Random): (x: number, y: number) => number {
  const [least, angle] = [random.from(0.5, 1), random.from(0, 2 * Math.PI)];
  const [right, down] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => {
    const along = ((x / width - 0.5) * right + (y / height - 0.5) * down) / Math.SQRT2 + 0.5;
    return least + (1 - least) * along;
  };
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

interface Random {
  from(least: number, most: number): number;
  /** Of the standard normal distribution. */
  normal(): number;
}

/** Lehmer's generator: small, and the same on every machine. */
function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return {
    from: (least, most) => least + next() * (most - least),
    normal: () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()),
  };
}
