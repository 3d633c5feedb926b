import sharp from 'sharp';
import { ServiceError } from '../errors.ts';
import { sniffImage } from './sniff-image.ts';

/** 40 megapixels: more than any document camera of a counter, and at most 160 MB while it is being decoded. */
const MAX_PIXELS = 40_000_000;
const MAX_DECODE_SECONDS = 5;
/** Larger photos are shrunk before they are searched: finding a code takes time by the pixel. */
const MAX_EDGE_PIXELS = 3000;
const RGBA_CHANNELS = 4;

// Only what `sniffImage` lets through can be decoded, whatever else the library was built with (SVG, PDF, TIFF …).
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/** Pixels, 4 bytes each, row by row. */
export interface RgbaImage {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a PNG, JPEG, WebP or the first frame of a GIF onto white. Throws `ServiceError`: `unsupported_media_type` for other kinds,
 * `image_too_large` beyond the pixel cap (read from the header, before anything is decompressed), `image_too_slow`,
 * `unreadable_image` for damaged bytes.
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbaImage> {
  if (!sniffImage(bytes))
    throw new ServiceError('unsupported_media_type', 'The bytes are not a PNG, JPEG, WebP or GIF image.');
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true });
    const { data, info } = await image
      .timeout({ seconds: MAX_DECODE_SECONDS })
      .resize(MAX_EDGE_PIXELS, MAX_EDGE_PIXELS, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== RGBA_CHANNELS || data.length !== info.width * info.height * RGBA_CHANNELS) {
      throw new ServiceError('unreadable_image', 'The image does not decode to RGBA pixels.');
    }
    // A copy of its own, so that the memory can be handed over to the worker.
    return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    // sharp has no error codes: these two sentences of libvips are all there is to tell them apart.
    const { message } = error as Error;
    if (message.includes('exceeds pixel limit')) {
      throw new ServiceError('image_too_large', `The image has more than ${MAX_PIXELS / 1_000_000} megapixels.`);
    }
    if (message.includes('timeout')) {
      throw new ServiceError('image_too_slow', `Decoding the image took longer than ${MAX_DECODE_SECONDS} s.`);
    }
    throw new ServiceError('unreadable_image', 'The image is damaged or incomplete.', { cause: error });
  }
}
