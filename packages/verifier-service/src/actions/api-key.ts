import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'zk_';
const API_KEY = /^zk_[A-Za-z0-9_-]{43}$/;

/** A new API key: `zk_` and 256 random bits in base64url. Shown once; only its hash is kept. */
export function createApiKey(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Undefined for what cannot be one of our keys. */
export function parseApiKey(text: string): string | undefined {
  return API_KEY.test(text) ? text : undefined;
}

/**
 * What the store keeps: SHA-256, hex. Salt, pepper or a slow hash would add nothing: they slow down the guessing of
 * passwords that people choose, and 256 random bits cannot be guessed at any speed. The operator is looked up by this
 * hash, so how long the comparison takes tells about the hash of what was sent, from which no key can be built: no
 * constant-time comparison is needed.
 */
export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}
