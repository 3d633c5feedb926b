// The keys of this example: one JSON file that its own user alone can read. An HSM takes the place of this file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type IssuerKey, importIssuerKey } from '@zhengma/credential-core/issue';

export const USES = ['root', 'issuer', 'receipt'] as const;
export type Use = (typeof USES)[number];

/** A key that can be asked to sign. */
export interface HeldKey {
  readonly id: string;
  readonly use: Use;
  readonly key: IssuerKey;
}

interface StoredKey {
  readonly id: string;
  readonly use: Use;
  /** base64url */
  readonly seed: string;
}

/** The keys in `file`; where there is none, one of each use is made first. */
export async function openKeys(file: string): Promise<readonly HeldKey[]> {
  if (!existsSync(file)) for (const use of USES) addKey(file, use);
  return Promise.all(
    readKeys(file).map(async ({ id, use, seed }) => ({
      id,
      use,
      key: await importIssuerKey(new Uint8Array(Buffer.from(seed, 'base64url'))),
    })),
  );
}

/** Makes another key in `file`, and says its id. */
export function addKey(file: string, use: Use): string {
  const keys = existsSync(file) ? readKeys(file) : [];
  const id = `${use}-${keys.filter((key) => key.use === use).length + 1}`;
  const seed = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  writeFileSync(file, JSON.stringify({ keys: [...keys, { id, use, seed }] }), { mode: 0o600 });
  return id;
}

function readKeys(file: string): readonly StoredKey[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { keys: StoredKey[] }).keys;
}
