import type { Code } from './content.ts';
import { encodeCbor } from './keys.ts';
import { hash } from './read.ts';

/** docs/format.md §5: which showing of a credential a code is. */
export function findReplayKey({ credential, delegation, shown }: Code): string {
  const presenter = delegation?.device ?? credential.device;
  const signed = [credential.issuer, credential.id, presenter?.coseKey ?? null, shown?.message.payload ?? null];
  return hash(encodeCbor(signed)).toString('hex');
}
