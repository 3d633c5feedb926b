export { type Pixels, readQr } from './qr/read.ts';
