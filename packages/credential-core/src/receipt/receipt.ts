import { decodeHex, encodeHex } from '../bytes/hex.ts';
import type { CborMap, CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asArray, asBytes, asMap, asText, asUnsigned, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { CredentialError } from '../errors.ts';
import { CODE_LIMITS } from '../limits.ts';
import { isPrintable } from '../printable.ts';
import { malformed, requireReadable } from '../result.ts';

/** The media type in a receipt's `typ` header. */
export const RECEIPT_TYPE = 'application/zhengma-receipt+cwt';

/** What a verifier signs about a code that it accepted. It names no person and repeats no claim. */
export interface ReceiptContent {
  /** Who verified, and signs: 1 to 64 printable characters. */
  readonly issuer: string;
  /** The organisation at which the code was shown: 1 to 64 printable characters. */
  readonly organisation: string;
  /** The operator who had it checked, as the service knows them: 1 to 64 printable characters. */
  readonly operator: string;
  /** `not_revocable`: the credential names no status list. A code that was refused gets no receipt. */
  readonly outcome: 'valid' | 'not_revocable';
  /** What it was scanned for, five digits; absent when nobody said. */
  readonly businessType?: string;
  /** `iss` and `cti`, 16 hexadecimal digits, of the credential. */
  readonly credential: { readonly issuer: string; readonly id: string };
  /** Whether whoever carries the code can show it. */
  readonly bearer: boolean;
  /** Whether somebody else than the person showed it. */
  readonly delegated: boolean;
  /** `replay.key` of the verdict, 64 hexadecimal digits: which showing of the credential it was. */
  readonly replayKey: string;
  /** The trust list that the answer rested on. */
  readonly trustListSequence: number;
  /** The status list that the answer rested on; exactly where the outcome is `valid`. */
  readonly statusList?: { readonly uri: string; readonly issuedAt: Date };
}

/** A receipt whose signature was checked. */
export interface Receipt extends ReceiptContent {
  /** `cti`, 32 hexadecimal digits. */
  readonly id: string;
  /** When the code was verified; whole seconds. */
  readonly issuedAt: Date;
}

/** Private use (RFC 8392 §9.1). */
const RECEIPT_CLAIM = -65_539;

const FIELD = {
  outcome: 0,
  organisation: 1,
  operator: 2,
  credential: 3,
  bearer: 4,
  delegated: 5,
  replayKey: 6,
  trustListSequence: 7,
  statusList: 8,
  businessType: 9,
} as const;

const TOP_LEVEL = new Set<number>([CLAIM.iss, CLAIM.iat, CLAIM.cti, RECEIPT_CLAIM]);
const FIELDS = new Set<number>(Object.values(FIELD));

const ID_BYTES = 16;
const CTI_BYTES = 8;
const REPLAY_KEY_BYTES = 32;

/** Where a trust list lets status lists be published: a base, a slash, a list number. */
const STATUS_URI = /^https?:\/\/[^\s?#]+[^\s?#/]\/(?:0|[1-9]\d{0,9})$/;

/** @throws Refusal `malformed` or `too_large` where the payload does not have the form of docs/format.md */
export function decodeReceipt(payload: Uint8Array): Receipt {
  const claims = decodeCborMap(payload, CODE_LIMITS);
  allowKeys(claims, TOP_LEVEL, 'receipt');
  const map = asMap(claims.get(RECEIPT_CLAIM), 'receipt: the receipt map is missing');
  allowKeys(map, FIELDS, 'receipt');
  const [issuer, id, ...more] = asArray(map.get(FIELD.credential), 'receipt: credential is no array');
  if (more.length > 0) throw malformed('receipt: credential is no pair');
  const receipt: Receipt = {
    id: hexadecimal(claims.get(CLAIM.cti), ID_BYTES, 'cti'),
    issuer: printable(claims.get(CLAIM.iss), 'iss'),
    issuedAt: decodeNumericDate(claims.get(CLAIM.iat), 'receipt: iat'),
    organisation: printable(map.get(FIELD.organisation), 'organisation'),
    operator: printable(map.get(FIELD.operator), 'operator'),
    outcome: readOutcome(map.get(FIELD.outcome)),
    ...readBusinessType(map.get(FIELD.businessType)),
    credential: {
      issuer: printable(issuer, 'the issuer of the credential'),
      id: hexadecimal(id, CTI_BYTES, 'the cti of the credential'),
    },
    bearer: flag(map.get(FIELD.bearer), 'bearer'),
    delegated: flag(map.get(FIELD.delegated), 'delegated'),
    replayKey: hexadecimal(map.get(FIELD.replayKey), REPLAY_KEY_BYTES, 'the replay key'),
    trustListSequence: asUnsigned(map.get(FIELD.trustListSequence), 'receipt: the sequence is no number'),
    ...readStatusList(map),
  };
  if ((receipt.outcome === 'valid') !== (receipt.statusList !== undefined)) {
    throw malformed('receipt: outcome and status list do not go together');
  }
  return receipt;
}

/**
 * @param id 16 bytes
 * @throws TypeError; CredentialError `ERR_INVALID_CONTENT` when a reader would refuse the result
 */
export function encodeReceipt(content: ReceiptContent, id: Uint8Array, issuedAt: Date): Uint8Array {
  const { businessType, statusList, credential } = content;
  if (typeof credential !== 'object' || credential === null) throw new TypeError('credential must be an object');
  for (const said of [content.bearer, content.delegated]) {
    if (typeof said !== 'boolean') throw new TypeError('bearer and delegated must be booleans');
  }
  const map = new Map<number, CborValue>([
    [FIELD.outcome, content.outcome],
    [FIELD.organisation, content.organisation],
    [FIELD.operator, content.operator],
    [FIELD.credential, [credential.issuer, readHex(credential.id, 'credential.id')]],
    [FIELD.bearer, content.bearer],
    [FIELD.delegated, content.delegated],
    [FIELD.replayKey, readHex(content.replayKey, 'replayKey')],
    [FIELD.trustListSequence, content.trustListSequence],
  ]);
  if (statusList) {
    const date = encodeNumericDate(statusList.issuedAt, 'statusList.issuedAt');
    map.set(FIELD.statusList, [statusList.uri, date]);
  }
  if (businessType !== undefined) {
    if (!/^\d{5}$/.test(businessType)) throw wrongContent('businessType must be five digits');
    map.set(FIELD.businessType, Number(businessType));
  }
  const payload = encodeCbor(
    new Map<number, CborValue>([
      [CLAIM.iss, content.issuer],
      [CLAIM.iat, encodeNumericDate(issuedAt, 'currentDate')],
      [CLAIM.cti, id],
      [RECEIPT_CLAIM, map],
    ]),
  );
  requireReadable(() => decodeReceipt(payload));
  return payload;
}

function readOutcome(value: CborValue | undefined): Receipt['outcome'] {
  if (value !== 'valid' && value !== 'not_revocable') throw malformed('receipt: the outcome is none that is known');
  return value;
}

function readBusinessType(value: CborValue | undefined): Pick<Receipt, 'businessType'> {
  if (value === undefined) return {};
  const number = asUnsigned(value, 'receipt: businessType is no number');
  if (number > 99_999) throw malformed('receipt: businessType has more than five digits');
  return { businessType: String(number).padStart(5, '0') };
}

function readStatusList(map: CborMap): Pick<Receipt, 'statusList'> {
  const value = map.get(FIELD.statusList);
  if (value === undefined) return {};
  const [address, issuedAt, ...more] = asArray(value, 'receipt: the status list is no array');
  const uri = asText(address, 'receipt: the status URI is no text');
  if (more.length > 0 || !STATUS_URI.test(uri)) throw malformed('receipt: the status list has a wrong form');
  return { statusList: { uri, issuedAt: decodeNumericDate(issuedAt, 'receipt: the status list') } };
}

function printable(value: CborValue | undefined, name: string): string {
  const text = asText(value, `receipt: ${name} is no text`);
  if (!isPrintable(text, 64)) throw malformed(`receipt: ${name} is not 1 to 64 printable characters`);
  return text;
}

function hexadecimal(value: CborValue | undefined, length: number, name: string): string {
  const bytes = asBytes(value, `receipt: ${name} is no byte string`);
  if (bytes.length !== length) throw malformed(`receipt: ${name} is not ${length} bytes`);
  return encodeHex(bytes);
}

function flag(value: CborValue | undefined, name: string): boolean {
  if (typeof value !== 'boolean') throw malformed(`receipt: ${name} is neither true nor false`);
  return value;
}

function readHex(text: string, name: string): Uint8Array {
  if (typeof text !== 'string') throw new TypeError(`${name} must be a string`);
  const bytes = decodeHex(text);
  if (!bytes) throw wrongContent(`${name} must be lowercase hexadecimal`);
  return bytes;
}

function wrongContent(message: string): CredentialError {
  return new CredentialError('ERR_INVALID_CONTENT', message);
}
