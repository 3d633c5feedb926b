import { z } from 'zod';

/** Bytes as base64url without padding (RFC 4648 §5). */
export function base64urlBytes(description: string, { least, most }: { least: number; most: number }) {
  return z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .min(Math.ceil((least * 4) / 3))
    .max(Math.ceil((most * 4) / 3))
    .meta({ description: `${description}, base64url` })
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64url')));
}
