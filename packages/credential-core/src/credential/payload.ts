import { encodeHex } from '../bytes/hex.ts';
import type { CborMap, CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asArray, asBytes, asMap, asText, asUnsigned, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM, CNF_COSE_KEY } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { CredentialError } from '../errors.ts';
import { type PublicKey, readCoseKey } from '../keys/cose-key.ts';
import { CODE_LIMITS, MAX_STATUS_LIST_SIZE } from '../limits.ts';
import { isPrintable } from '../printable.ts';
import { malformed, Refusal, requireReadable } from '../result.ts';
import { type Disclosure, MAX_REDACTED, redactClaims, restoreClaims } from './disclosure.ts';
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
  /** From 0 to 2^32 − 1: the list at the issuer’s status URI, a slash and this number. */
  readonly list: number;
  /** From 0 to 2^24 − 1. */
  readonly index: number;
}

/** What a credential's payload says: a CWT claims set (RFC 8392) with the credential map. */
export interface CredentialPayload {
  /** Key 0 of the credential map, by its name; a number that is not in the registry is `unsupported_type`. */
  readonly type: CredentialTypeName;
  /** `iss`: the issuer’s `id` in the trust list. */
  readonly issuer: string;
  /** The 8 bytes of `cti` as 16 hexadecimal digits: what replay checks and audit rows are keyed by. */
  readonly id: string;
  /** `iat`, whole seconds: the time by which keys are judged. */
  readonly issuedAt: Date;
  /** `exp`, whole seconds: from then on it is `expired`. */
  readonly expiresAt: Date;
  /** `nbf`, whole seconds: before then it is `not_yet_valid`. */
  readonly notBefore?: Date;
  /** Where it can be revoked; absent when it cannot be. */
  readonly status?: StatusReference;
  /** What is said of the person; of a credential with redacted claims, what was shown. */
  readonly claims: MedicalInsuranceClaims;
  /**
   * Only when claims were redacted: how many signed hashes were left without what they stand for, decoys included. Which
   * claims they are is hidden too; `claims` says which were shown.
   */
  readonly undisclosed?: number;
  /**
   * Only when claims were redacted: the claims that may have been kept back. They can be redacted, and were not shown; of
   * these, `undisclosed` at most are in the credential.
   */
  readonly withheld?: readonly (keyof MedicalInsuranceClaims)[];
}

/** A payload as it was read, with the device key that it is bound to. */
export interface OpenedPayload {
  readonly content: CredentialPayload;
  readonly holderKey?: PublicKey;
}

/** What goes into {@link encodePayload}. */
export interface PayloadContent extends Omit<CredentialPayload, 'id' | 'undisclosed' | 'withheld'> {
  readonly id: Uint8Array;
  readonly holderKey?: PublicKey;
  /** The claims that the holder may leave out when presenting. */
  readonly redact?: readonly string[];
  /** Hashes that stand for nothing, so that the number of claims does not show. */
  readonly decoys?: number;
}

const MAX_ISSUER_LENGTH = 64;
const ID_BYTES = 8;

const TOP_LEVEL = new Set<number>([CLAIM.iss, CLAIM.exp, CLAIM.nbf, CLAIM.iat, CLAIM.cti, CLAIM.cnf, CLAIM.credential]);

/** simple(59) is read where redaction is announced, and nowhere else. */
const REDACTION = { redactedClaimKeys: true } as const;

/**
 * Reads a payload strictly: every claim has its form and no other claim is there, so that nothing is signed over unread.
 *
 * @param disclosures for a credential with redacted claims, which must be bound to a device: who shows it has chosen them
 * @throws Refusal `malformed`, or `unsupported_type` for a type or a field outside the registry
 */
export function decodePayload(bytes: Uint8Array, disclosures?: readonly Disclosure[]): OpenedPayload {
  const claims = decodeCborMap(bytes, CODE_LIMITS, disclosures && REDACTION);
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

  const signed = asMap(claims.get(CLAIM.credential), 'claims: the credential map is missing');
  const restored = disclosures && restoreClaims(signed, disclosures);
  const map = restored?.map ?? signed;
  const status = decodeStatus(map.get(STATUS_KEY));
  const confirmation = claims.get(CLAIM.cnf);
  if (disclosures && !confirmation) throw malformed('claims: redacted claims without a device key');
  const content: CredentialPayload = {
    ...decodeClaims(map),
    issuer,
    id: encodeHex(id),
    issuedAt,
    expiresAt,
    ...(notBefore && { notBefore }),
    ...(status && { status }),
    ...(restored && { undisclosed: restored.undisclosed, withheld: restored.withheld }),
  };
  requireNoContradiction(content.claims, confirmation !== undefined);
  return { content, ...(confirmation !== undefined && { holderKey: readConfirmation(confirmation) }) };
}

/**
 * Writes a payload.
 *
 * @returns what is signed, and where claims are redacted what the holder gets besides
 * @throws CredentialError `ERR_INVALID_CONTENT` naming what is wrong, never its value
 */
export function encodePayload(content: PayloadContent): {
  readonly payload: Uint8Array;
  readonly disclosures?: readonly Uint8Array[];
} {
  if (content.id.length !== ID_BYTES) throw invalid('id must have 8 bytes');
  if (!isPrintable(content.issuer.normalize('NFC'), MAX_ISSUER_LENGTH)) {
    throw invalid(`issuer must have 1 to ${MAX_ISSUER_LENGTH} printable characters`);
  }
  const expiresAt = encodeNumericDate(content.expiresAt, 'expiresAt');
  const issuedAt = encodeNumericDate(content.issuedAt, 'currentDate');
  if (expiresAt <= issuedAt) throw invalid('expiresAt must be after currentDate');
  const whole = encodeClaims(content);
  const redacted = redact(whole, content);
  const claims = new Map<number, CborValue>([
    [CLAIM.iss, content.issuer],
    [CLAIM.exp, expiresAt],
    [CLAIM.iat, issuedAt],
    [CLAIM.cti, content.id],
    [CLAIM.credential, redacted?.map ?? whole],
  ]);
  if (content.notBefore !== undefined) {
    const notBefore = encodeNumericDate(content.notBefore, 'notBefore');
    if (notBefore >= expiresAt) throw invalid('notBefore must be before expiresAt');
    claims.set(CLAIM.nbf, notBefore);
  }
  if (content.holderKey) claims.set(CLAIM.cnf, writeConfirmation(content.holderKey));
  const payload = encodeCbor(claims);
  requireReadable(() => decodePayload(payload, redacted && []));
  return { payload, ...(redacted && { disclosures: redacted.disclosures }) };
}

/** `cnf` (RFC 8747 §3.1): the device key in whole. */
export function writeConfirmation(key: PublicKey): CborMap {
  return new Map([[CNF_COSE_KEY, decodeCborMap(key.coseKey, CODE_LIMITS)]]);
}

/** The device key in a `cnf`. */
export function readConfirmation(value: CborValue | undefined): PublicKey {
  const confirmation = asMap(value, 'claims: cnf is no map');
  const key = asMap(confirmation.get(CNF_COSE_KEY), 'claims: cnf holds no COSE_Key');
  if (confirmation.size !== 1) throw malformed('claims: cnf holds more than a COSE_Key');
  return readCoseKey(key);
}

function redact(map: CborMap, { redact = [], decoys = 0, holderKey, type }: PayloadContent) {
  if (redact.length === 0 && decoys === 0) return undefined;
  const fields = CREDENTIAL_TYPES.find(({ name }) => name === type)?.fields ?? [];
  const keys = redact.map((name) => {
    const field = fields.find((field) => field.name === name && field.redactable);
    if (!field || !map.has(field.key)) throw invalid('redact names a claim that is not there or cannot be redacted');
    return field.key;
  });
  if (new Set(keys).size !== keys.length) throw invalid('redact names a claim twice');
  if (!Number.isInteger(decoys) || decoys < 0 || keys.length + decoys > MAX_REDACTED) {
    throw invalid(`redacted claims and decoys must be at most ${MAX_REDACTED}`);
  }
  if (!holderKey) throw invalid('redacted claims need a holderKey: who shows the code chooses what to disclose');
  return redactClaims(map, keys, decoys);
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
  if (content.status !== undefined) {
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

/** What no issuer can mean: two readers would each take it for something else. */
function requireNoContradiction({ delegate, delegable, paper }: MedicalInsuranceClaims, isBound: boolean): void {
  if (paper && isBound) throw malformed('claims: a paper code that is bound to a device');
  if (delegate && !isBound) throw malformed('claims: a delegate without a device key');
  if (delegable && !isBound) throw malformed('claims: may be delegated, but by no device');
  if (delegable && delegate) throw malformed('claims: a delegate cannot delegate');
}

function decodeStatus(value: CborValue | undefined): StatusReference | undefined {
  if (value === undefined) return undefined;
  const [list, index, ...rest] = asArray(value, 'claims: the status is no array');
  if (!isListNumber(list) || !isListIndex(index) || rest.length > 0) throw malformed('claims: status has a wrong form');
  return { list, index };
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
