import { equalBytes } from '../bytes/equal.ts';
import { encodeSigStructure, type Sign1 } from '../cose/sign1.ts';
import type { PublicKey } from '../keys/cose-key.ts';
import { Refusal } from '../result.ts';
import type { TrustedIssuer, TrustedKey } from '../trust/trust-list.ts';

/** kid is 8 bytes of a hash: a hint that two keys may share, so all that match are tried. */
export function findKeys(issuer: TrustedIssuer, kid: Uint8Array): readonly TrustedKey[] {
  const candidates = issuer.keys.filter(({ publicKey }) => equalBytes(publicKey.kid, kid));
  if (candidates.length === 0) throw new Refusal('unknown_key', 'the issuer has no such key in the trust list');
  return candidates;
}

export async function findSigner<K extends { readonly publicKey: PublicKey }>(
  candidates: readonly K[],
  message: Sign1,
): Promise<K> {
  const signed = encodeSigStructure(message.protectedBytes, message.payload);
  for (const candidate of candidates) {
    if (await candidate.publicKey.verify(signed, message.signature)) return candidate;
  }
  throw new Refusal('bad_signature', 'the signature does not fit the content');
}
