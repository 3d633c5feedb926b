import { hash, randomBytes } from 'node:crypto';
import type { KeyStore } from '../signing/key-store.ts';
import type { Store } from '../stores/store.ts';

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

/** Marks the hashes of this form; folders of earlier releases have plain SHA-256. */
const KEYED = 'h1:';

/**
 * What the store keeps: an HMAC of the key's SHA-256 by a secret that is not in the database. A slow hash would add nothing:
 * it slows down the guessing of passwords that people choose, and 256 random bits cannot be guessed at any speed. The
 * operator is looked up by it, so no comparison of ours could tell anything by its time.
 */
export async function hashApiKey(apiKey: string, keys: Pick<KeyStore, 'apiKeyHasher'>): Promise<string> {
  const hashDigest = await keys.apiKeyHasher();
  return KEYED + hashDigest(hash('sha256', apiKey, 'hex'));
}

/** Brings hashes of earlier releases into today's form. */
export async function rehashApiKeys({
  store,
  keys,
}: {
  store: Store;
  keys: Pick<KeyStore, 'apiKeyHasher'>;
}): Promise<void> {
  const hashDigest = await keys.apiKeyHasher();
  await store.rehashApiKeys((known) => (known.startsWith(KEYED) ? undefined : KEYED + hashDigest(known)));
}
