import { equalBytes } from '../bytes/equal.ts';
import { encodeSigStructure, type Sign1 } from '../cose/sign1.ts';
import type { PublicKey } from '../keys/cose-key.ts';
import type { AlgorithmName } from '../keys/signature.ts';
import { Refusal } from '../result.ts';
import type { TrustedIssuer, TrustedKey } from '../trust/trust-list.ts';

/** kid is 8 bytes of a hash: a hint that two keys may share, so all that match are tried. */
export function findKeys(issuer: TrustedIssuer, kid: Uint8Array): readonly TrustedKey[] {
  const candidates = issuer.keys.filter(({ publicKey }) => equalBytes(publicKey.kid, kid));
  if (candidates.length === 0) throw new Refusal('unknown_key', 'the issuer has no such key in the trust list');
  return candidates;
}

/** A message, and the algorithm that its header names: a key of another one cannot have signed it. */
export interface SignedMessage {
  readonly message: Sign1;
  readonly algorithm: AlgorithmName;
}

export async function findSigner<K extends { readonly publicKey: PublicKey }>(
  candidates: readonly K[],
  signed: SignedMessage,
): Promise<K> {
  for (const candidate of candidates) if (await isSignedBy(candidate.publicKey, signed)) return candidate;
  throw new Refusal('bad_signature', 'the signature does not fit the content');
}

export async function isSignedBy(key: PublicKey, { message, algorithm }: SignedMessage): Promise<boolean> {
  if (key.algorithm !== algorithm) return false;
  // An algorithm that was brought along may answer with anything.
  return (await key.verify(encodeSigStructure(message.protectedBytes, message.payload), message.signature)) === true;
}
