import { encodeHex } from '../bytes/hex.ts';
import { encodeSigStructure } from '../cose/sign1.ts';
import { CredentialError } from '../errors.ts';
import { Refusal } from '../result.ts';
import { HCERT_KINDS, type HcertKind } from './hcert-content.ts';
import type { ForeignMessage } from './message.ts';
import { type CheckingKey, type PublicKeyForm, readPublicKey } from './public-key.ts';

/** A key that the caller trusts, and what for. */
export type TrustedPublicKey = PublicKeyForm & {
  /**
   * What messages name the key by, in the EU DCC the first 8 bytes of the SHA-256 of its certificate. A key without one is
   * tried for every message of its algorithm, so give few of those.
   */
  readonly kid?: Uint8Array;
  /**
   * The one `iss` that the key signs for. Without it the key speaks for whichever issuer the message names, and signs status
   * lists without `iss` for the tokens of all: keys without an issuer in one set trust one another. Name the issuers where
   * they do not.
   */
  readonly issuer?: string;
  /** EU DCC only: the kinds of certificate that the key may sign (its extended key usage). Without it: all. */
  readonly uses?: readonly HcertKind[];
};

/** A trusted key, ready to check. */
export interface KeyEntry extends CheckingKey {
  /** The one `iss` that it signs for; undefined for any. */
  readonly issuer: string | undefined;
  /** The kinds of health certificate that it may sign; undefined for all. */
  readonly uses: readonly HcertKind[] | undefined;
}

/** The keys that a caller trusts for a foreign format. Made by {@link importKeySet} only. */
export class KeySet {
  readonly #byKid = new Map<string, KeyEntry[]>();

  constructor(entries: readonly (readonly [kid: string, entry: KeyEntry])[]) {
    for (const [kid, entry] of entries) {
      const sharing = this.#byKid.get(kid);
      if (sharing) sharing.push(entry);
      else this.#byKid.set(kid, [entry]);
    }
  }

  /** The keys of this algorithm that a message with this kid may be signed by. */
  find(kid: Uint8Array | undefined, algorithm: CheckingKey['algorithm']): readonly KeyEntry[] {
    const named = kid ? this.#byKid.get(encodeHex(kid)) : undefined;
    return [...(named ?? []), ...(this.#byKid.get(NO_KID) ?? [])].filter((entry) => entry.algorithm === algorithm);
  }
}

/** No hexadecimal text. */
const NO_KID = '-';

/**
 * Prepares the keys that are trusted for a foreign format: SPKI, JWK or COSE_Key; Ed25519, P-256, as SPKI also P-384, both
 * for ES256, or RSA of 2048 to 4096 bits, which is used for PS256. Where they come from (a trust list, a JWKS, certificates) and whether they are still to be
 * trusted is the caller's to know.
 *
 * @throws TypeError when `keys` is no array of objects; CredentialError `ERR_INVALID_KEY` for one that is no such key
 */
export function importKeySet(keys: readonly TrustedPublicKey[]): KeySet {
  if (!Array.isArray(keys)) throw new TypeError('keys must be an array');
  return new KeySet(
    keys.map((trusted: TrustedPublicKey) => {
      if (typeof trusted !== 'object' || trusted === null) throw new TypeError('a key must be an object');
      const { kid, issuer, uses } = trusted;
      if (kid !== undefined && !(kid instanceof Uint8Array)) throw new TypeError('kid must be a Uint8Array');
      if (issuer !== undefined && typeof issuer !== 'string') throw new TypeError('issuer must be a string');
      if (uses !== undefined && !(Array.isArray(uses) && uses.every((use) => HCERT_KINDS.includes(use)))) {
        throw new TypeError('uses must be an array of kinds of certificate');
      }
      const key = readPublicKey(trusted);
      if (!key)
        throw new CredentialError('ERR_INVALID_KEY', 'neither an Ed25519, a P-256, a P-384 nor an RSA public key');
      return [kid ? encodeHex(kid) : NO_KID, { ...key, issuer, uses }] as const;
    }),
  );
}

/** @throws TypeError, so that a list of keys in another shape is not taken for an empty one */
export function requireKeySet(keys: unknown): void {
  if (!(keys instanceof KeySet)) throw new TypeError('keys must be a set that importKeySet gave');
}

/**
 * The keys that may have signed a message of this issuer.
 *
 * @throws Refusal `unknown_key` or `unknown_issuer`
 */
export function findKeys(keys: KeySet, message: ForeignMessage, issuer: string | undefined): readonly KeyEntry[] {
  const candidates = keys.find(message.kid, message.algorithm);
  if (candidates.length === 0) throw new Refusal('unknown_key', 'no trusted key has this kid and algorithm');
  const speaking = candidates.filter((entry) => entry.issuer === undefined || entry.issuer === issuer);
  if (speaking.length === 0) throw new Refusal('unknown_issuer', 'the key is trusted for another issuer');
  return speaking;
}

/** @throws Refusal `bad_signature` */
export async function findSigner(candidates: readonly KeyEntry[], message: ForeignMessage): Promise<KeyEntry> {
  const signed = encodeSigStructure(message.protectedBytes, message.payload);
  for (const candidate of candidates) if (await candidate.verify(signed, message.signature)) return candidate;
  throw new Refusal('bad_signature', 'the signature does not fit the content');
}
