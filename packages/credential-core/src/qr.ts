export { type Pixels, readQr } from './qr/read.ts';
export { type RenderOptions, renderQr } from './qr/render.ts';
export { decodeQrText, encodeQrText } from './qr/text.ts';
