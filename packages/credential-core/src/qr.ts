export { CredentialError, type CredentialErrorCode } from './errors.ts';
export { type RenderOptions, renderQr } from './qr/render.ts';
export { decodeQrText, encodeQrText } from './qr/text.ts';
export type { CodeSizeOptions } from './qr/version.ts';
export type { Failure, VerificationCode } from './result.ts';
