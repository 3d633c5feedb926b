import { encodeHex } from '../bytes/hex.ts';
import { sha256 } from '../bytes/sha256.ts';
import { type CborMap, type CborValue, decodeCbor, REDACTED_CLAIM_KEYS } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { asArray, asBytes } from '../cbor/expect.ts';
import { HEADER } from '../cose/headers.ts';
import { CODE_LIMITS } from '../limits.ts';
import { malformed } from '../result.ts';
import { FIELDS, type Field } from './fields.ts';

/**
 * Selective disclosure as draft-ietf-spice-sd-cwt has it, for the keys of the credential map: the signed map holds hashes of
 * salted claims, the unprotected header those of them that are shown.
 */

/** draft-ietf-spice-sd-cwt: a salt has 128 bits. */
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashes in one credential, decoys included: five claims can be redacted, and more would not fit into a code. */
export const MAX_REDACTED = 8;

const REDACTABLE = new Set(FIELDS.filter(({ redactable }) => redactable).map(({ key }) => key));

/** One salted claim as it stands in the header, and what it says; a decoy says nothing. */
export interface Disclosure {
  readonly bytes: Uint8Array;
  readonly claim?: { readonly key: number; readonly value: CborValue };
}

/** A credential map with what was disclosed put back. */
export interface RestoredMap {
  readonly map: CborMap;
  /** Hashes for which nothing was shown: redacted claims, or decoys. */
  readonly undisclosed: number;
  /** The claims that such a hash may stand for. */
  readonly withheld: readonly Field['name'][];
}

/**
 * Moves claims out of a map, and hashes of them in.
 *
 * @param keys of the claims; each is in the map
 * @returns the map to sign and what the holder gets besides
 */
export function redactClaims(
  map: CborMap,
  keys: readonly number[],
  decoys: number,
): { readonly map: CborMap; readonly disclosures: readonly Uint8Array[] } {
  const entries: CborValue[][] = keys.map((key) => [createSalt(), map.get(key) as CborValue, key]);
  for (let i = 0; i < decoys; i++) entries.push([createSalt()]);
  const disclosures = entries.map((entry) => encodeCbor(entry));
  // In the order of the hashes: that of the claims would tell which is which.
  const sorted = disclosures.map((bytes) => ({ bytes, hash: hashDisclosure(bytes) })).sort(compareHashes);
  const redacted = new Map([...map].filter(([key]) => !keys.includes(key as number)));
  redacted.set(
    REDACTED_CLAIM_KEYS,
    sorted.map(({ hash }) => hash),
  );
  return { map: redacted, disclosures: sorted.map(({ bytes }) => bytes) };
}

/** The disclosures in the unprotected header of a credential, each read strictly. */
export function readDisclosures(unprotectedHeader: CborMap): readonly Disclosure[] {
  if (unprotectedHeader.size === 0) return [];
  const list = unprotectedHeader.get(HEADER.sdClaims);
  if (unprotectedHeader.size > 1 || list === undefined) throw malformed('cose: an unknown unprotected header');
  const items = asArray(list, 'disclosures: not an array');
  if (items.length === 0 || items.length > MAX_REDACTED) throw malformed('disclosures: none, or too many');
  return items.map((item) => readDisclosure(asBytes(item, 'disclosures: not a byte string')));
}

/** The claims that these disclosures show, by name and in the order of the table. */
export function nameDisclosed(disclosures: readonly Disclosure[]): readonly Field['name'][] {
  return FIELDS.filter(({ key }) => disclosures.some(({ claim }) => claim?.key === key)).map(({ name }) => name);
}

/** The unprotected header that shows these disclosures. */
export function writeDisclosures(disclosures: readonly Uint8Array[]): CborMap {
  return new Map(disclosures.length === 0 ? [] : [[HEADER.sdClaims, disclosures]]);
}

/**
 * Puts the disclosed claims back into a map that was signed without them.
 *
 * @throws Refusal `malformed` where a disclosure has no hash in the map, stands twice, or would replace a claim
 */
export function restoreClaims(map: CborMap, disclosures: readonly Disclosure[]): RestoredMap {
  const hashes = readHashes(map);
  const restored = new Map(map);
  restored.delete(REDACTED_CLAIM_KEYS);
  for (const { bytes, claim } of disclosures) {
    if (!hashes.delete(encodeHex(hashDisclosure(bytes)))) throw malformed('disclosures: one that was not signed');
    if (!claim) continue;
    if (restored.has(claim.key)) throw malformed('disclosures: a claim that is there already');
    restored.set(claim.key, claim.value);
  }
  const absent = FIELDS.filter(({ key, redactable }) => redactable && !restored.has(key));
  return { map: restored, undisclosed: hashes.size, withheld: hashes.size > 0 ? absent.map(({ name }) => name) : [] };
}

function readHashes(map: CborMap): Set<string> {
  const list = asArray(map.get(REDACTED_CLAIM_KEYS), 'claims: nothing is redacted');
  const hashes = list.map((hash) => encodeHex(asBytes(hash, 'claims: a redacted claim is no byte string')));
  if (hashes.length === 0 || hashes.length > MAX_REDACTED || hashes.some((hash) => hash.length !== 2 * HASH_BYTES)) {
    throw malformed('claims: redacted claims in a wrong form');
  }
  const unique = new Set(hashes);
  if (unique.size !== hashes.length) throw malformed('claims: a redacted claim stands twice');
  return unique;
}

function readDisclosure(bytes: Uint8Array): Disclosure {
  const [salt, value, key, ...rest] = asArray(decodeCbor(bytes, CODE_LIMITS), 'disclosures: one that is no array');
  if (!(salt instanceof Uint8Array) || salt.length !== SALT_BYTES)
    throw malformed('disclosures: a salt is not 16 bytes');
  if (value === undefined) return { bytes };
  // Only what restricts nothing: a restriction that can be left out would be none.
  if (typeof key !== 'number' || !REDACTABLE.has(key) || rest.length > 0) {
    throw malformed('disclosures: a claim that cannot be redacted');
  }
  return { bytes, claim: { key, value } };
}

/** The hash covers the disclosure as it stands in the header, its byte string head included. */
function hashDisclosure(bytes: Uint8Array): Uint8Array {
  return sha256(encodeCbor(bytes));
}

function createSalt(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES));
}

function compareHashes(a: { readonly hash: Uint8Array }, b: { readonly hash: Uint8Array }): number {
  return encodeHex(a.hash) < encodeHex(b.hash) ? -1 : 1;
}
