import { encodeHex } from '../bytes/hex.ts';
import type { CborMap, CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asArray, asBytes, asMap, asText, asUnsigned, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM, CNF_COSE_KEY } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { CredentialError } from '../errors.ts';
import { decodeCoseKey } from '../keys/cose-key.ts';
import { CODE_LIMITS, MAX_STATUS_LIST_SIZE } from '../limits.ts';
import { isPrintable } from '../printable.ts';
import { malformed, Refusal, requireReadable } from '../result.ts';
import {
  CREDENTIAL_TYPES,
  type CredentialTypeName,
  type Field,
  type MedicalInsuranceClaims,
  STATUS_KEY,
  TYPE_KEY,
} from './fields.ts';

/** Where a credential's status stands: list number and index, unique for one issuer. */
export interface StatusReference {
  readonly list: number;
  readonly index: number;
}

/** What a credential's payload says: a CWT claims set (RFC 8392) with the credential map. */
export interface CredentialPayload {
  readonly type: CredentialTypeName;
  readonly issuer: string;
  /** The 8 bytes of `cti` as 16 hexadecimal digits: what replay checks and audit rows are keyed by. */
  readonly id: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly notBefore?: Date;
  readonly status?: StatusReference;
  /** The holder's public key as a COSE_Key, when the credential is bound to a device. */
  readonly holderKey?: Uint8Array;
  readonly claims: MedicalInsuranceClaims;
}

/** What goes into {@link encodePayload}: the same, with the id as bytes. */
export interface PayloadContent extends Omit<CredentialPayload, 'id'> {
  readonly id: Uint8Array;
}

const MAX_ISSUER_LENGTH = 64;
const ID_BYTES = 8;

const TOP_LEVEL = new Set<number>([CLAIM.iss, CLAIM.exp, CLAIM.nbf, CLAIM.iat, CLAIM.cti, CLAIM.cnf, CLAIM.credential]);

/**
 * Reads a payload strictly: every claim has its form and no other claim is there, so that nothing is signed over unread.
 *
 * @throws Refusal `malformed`, or `unsupported_type` for a type or a field outside the registry
 */
export function decodePayload(bytes: Uint8Array): CredentialPayload {
  const claims = decodeCborMap(bytes, CODE_LIMITS);
  allowKeys(claims, TOP_LEVEL, 'claims');
  const issuer = asText(claims.get(CLAIM.iss), 'claims: iss is no text');
  if (!isPrintable(issuer, MAX_ISSUER_LENGTH)) throw malformed('claims: iss has a wrong form');
  const id = asBytes(claims.get(CLAIM.cti), 'claims: cti is no byte string');
  if (id.length !== ID_BYTES) throw malformed('claims: cti is not 8 bytes');

  const issuedAt = decodeNumericDate(claims.get(CLAIM.iat), 'claims: iat');
  const expiresAt = decodeNumericDate(claims.get(CLAIM.exp), 'claims: exp');
  if (expiresAt <= issuedAt) throw malformed('claims: exp is not after iat');
  const notBefore = claims.has(CLAIM.nbf) ? decodeNumericDate(claims.get(CLAIM.nbf), 'claims: nbf') : undefined;
  if (notBefore && notBefore >= expiresAt) throw malformed('claims: nbf is not before exp');

  const map = asMap(claims.get(CLAIM.credential), 'claims: the credential map is missing');
  const status = decodeStatus(map.get(STATUS_KEY));
  const holderKey = decodeHolderKey(claims.get(CLAIM.cnf));
  return {
    ...decodeClaims(map),
    issuer,
    id: encodeHex(id),
    issuedAt,
    expiresAt,
    ...(notBefore && { notBefore }),
    ...(status && { status }),
    ...(holderKey && { holderKey }),
  };
}

/**
 * Writes a payload.
 *
 * @throws CredentialError `ERR_INVALID_CONTENT` naming what is wrong, never its value
 */
export function encodePayload(content: PayloadContent): Uint8Array {
  if (content.id.length !== ID_BYTES) throw invalid('id must have 8 bytes');
  if (!isPrintable(content.issuer.normalize('NFC'), MAX_ISSUER_LENGTH)) {
    throw invalid(`issuer must have 1 to ${MAX_ISSUER_LENGTH} printable characters`);
  }
  const expiresAt = encodeNumericDate(content.expiresAt, 'expiresAt');
  const issuedAt = encodeNumericDate(content.issuedAt, 'currentDate');
  if (expiresAt <= issuedAt) throw invalid('expiresAt must be after currentDate');
  const claims = new Map<number, CborValue>([
    [CLAIM.iss, content.issuer],
    [CLAIM.exp, expiresAt],
    [CLAIM.iat, issuedAt],
    [CLAIM.cti, content.id],
    [CLAIM.credential, encodeClaims(content)],
  ]);
  if (content.notBefore) {
    const notBefore = encodeNumericDate(content.notBefore, 'notBefore');
    if (notBefore >= expiresAt) throw invalid('notBefore must be before expiresAt');
    claims.set(CLAIM.nbf, notBefore);
  }
  if (content.holderKey) {
    const key = readHolderKey(content.holderKey);
    claims.set(CLAIM.cnf, new Map([[CNF_COSE_KEY, decodeCborMap(key, CODE_LIMITS)]]));
  }
  const payload = encodeCbor(claims);
  requireReadable(() => decodePayload(payload));
  return payload;
}

function readHolderKey(holderKey: Uint8Array): Uint8Array {
  try {
    return decodeCoseKey(holderKey).coseKey;
  } catch {
    throw invalid('holderKey must be an Ed25519 COSE_Key, as exportPublicKey gives it');
  }
}

function decodeClaims(map: CborMap): Pick<CredentialPayload, 'type' | 'claims'> {
  const type = CREDENTIAL_TYPES.find(({ id }) => id === map.get(TYPE_KEY));
  if (!type) {
    asUnsigned(map.get(TYPE_KEY), 'claims: the type is no number');
    throw new Refusal('unsupported_type', 'claims: this type of credential is not known here');
  }
  const claims: Partial<Record<Field['name'], unknown>> = {};
  let known = map.has(STATUS_KEY) ? 2 : 1;
  for (const field of type.fields) {
    const raw = map.get(field.key);
    if (raw === undefined) continue;
    const value = field.decode(raw);
    if (value === undefined) throw malformed(`claims: ${field.name} has a wrong form`);
    claims[field.name] = value;
    known++;
  }
  if (known !== map.size) {
    throw new Refusal('unsupported_type', 'claims: a field that is not known here: a newer reader is needed');
  }
  for (const name of type.required) if (!(name in claims)) throw malformed(`claims: ${name} is missing`);
  return { type: type.name as CredentialTypeName, claims: claims as unknown as MedicalInsuranceClaims };
}

function encodeClaims(content: PayloadContent): Map<number, CborValue> {
  const type = CREDENTIAL_TYPES.find(({ name }) => name === content.type);
  if (!type) throw invalid('type is not in the registry');
  const map = new Map<number, CborValue>([[TYPE_KEY, type.id]]);
  if (content.status) {
    const { list, index } = content.status;
    if (!isListNumber(list)) throw invalid('status.list must be an integer from 0 to 2^32 - 1');
    if (!isListIndex(index)) throw invalid(`status.index must be an integer below ${MAX_STATUS_LIST_SIZE}`);
    map.set(STATUS_KEY, [list, index]);
  }
  const given = new Map<string, unknown>(Object.entries(content.claims));
  for (const field of type.fields) {
    const value = given.get(field.name);
    given.delete(field.name);
    if (value === undefined) continue;
    const encoded = field.encode(value);
    if (encoded === undefined) throw invalid(`claims.${field.name} has a wrong form`);
    map.set(field.key, encoded);
  }
  if (given.size > 0) throw invalid('claims has an entry that the type does not have');
  for (const name of type.required) if (content.claims[name] === undefined) throw invalid(`claims.${name} is missing`);
  return map;
}

function decodeStatus(value: CborValue | undefined): StatusReference | undefined {
  if (value === undefined) return undefined;
  const [list, index, ...rest] = asArray(value, 'claims: the status is no array');
  if (!isListNumber(list) || !isListIndex(index) || rest.length > 0) throw malformed('claims: status has a wrong form');
  return { list, index };
}

function decodeHolderKey(value: CborValue | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const confirmation = asMap(value, 'claims: cnf is no map');
  const key = asMap(confirmation.get(CNF_COSE_KEY), 'claims: cnf holds no COSE_Key');
  if (confirmation.size !== 1) throw malformed('claims: cnf holds more than a COSE_Key');
  return decodeCoseKey(encodeCbor(key)).coseKey;
}

function isListNumber(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}

function isListIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_STATUS_LIST_SIZE;
}

function invalid(message: string): CredentialError {
  return new CredentialError('ERR_INVALID_CONTENT', message);
}
