import { encodeHex } from './bytes/hex.ts';
import { commitIdNumber } from './codes/id-commitment.ts';
import { isValidIdNumber } from './codes/id-number.ts';
import { CONTENT_FORMAT } from './cose/headers.ts';
import { signIssued } from './cose/profile-header.ts';
import { writeDisclosures } from './credential/disclosure.ts';
import { CREDENTIAL_TYPES, type CredentialTypeName, type MedicalInsuranceClaims } from './credential/fields.ts';
import { applyMask, type IdNumberMask, NAME_MASKS, type NameMask } from './credential/masks.ts';
import { encodePayload, type StatusReference } from './credential/payload.ts';
import { CredentialError } from './errors.ts';
import { decodeUsableKey, type PublicKey } from './keys/cose-key.ts';
import type { IssuerKey } from './keys/issuer-key.ts';
import { isPrintable, MAX_NAME_CHARACTERS } from './printable.ts';
import { encodeQrText, encodeText } from './qr/text.ts';
import type { CodeSizeOptions } from './qr/version.ts';
import { encodeReceipt, RECEIPT_TYPE, type ReceiptContent } from './receipt/receipt.ts';
import { encodeSnapshot, type RevocationSnapshotContent } from './status/encode-snapshot.ts';
import { SNAPSHOT_TYPE } from './status/snapshot-form.ts';
import { encodeStatusList, STATUS_LIST_TYPE, type StatusListContent } from './status/status-list.ts';
import { encodeTrustList, hasListNumber, TRUST_LIST_TYPE, type TrustListContent } from './trust/trust-list.ts';

export { isValidIdNumber } from './codes/id-number.ts';
export type { CredentialTypeName, Delegate, MedicalInsuranceClaims } from './credential/fields.ts';
export { type IdNumberMask, maskIdNumber, maskName, type NameMask } from './credential/masks.ts';
export type { StatusReference } from './credential/payload.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
export type { PublicKey } from './keys/cose-key.ts';
export {
  createIssuerKey,
  exportPublicKey,
  generateIssuerKey,
  type IssuerKey,
  importIssuerKey,
  type SoftwareKey,
} from './keys/issuer-key.ts';
export type { AlgorithmName, SignatureAlgorithm, Signer, SignMessage, VerifySignature } from './keys/signature.ts';
export { encodeQrText } from './qr/text.ts';
export type { CodeSizeOptions } from './qr/version.ts';
export type { ReceiptContent } from './receipt/receipt.ts';
export type { RevocationSnapshotContent } from './status/encode-snapshot.ts';
export type { StatusListContent } from './status/status-list.ts';
export type { TrustedIssuer, TrustedKey, TrustListContent } from './trust/trust-list.ts';

/** What a credential is to say. */
export interface CredentialContent {
  /** A name of `CREDENTIAL_TYPES`; any other throws `ERR_INVALID_CONTENT`. */
  readonly type: CredentialTypeName;
  /** The `id` of the issuer in the trust list. */
  readonly issuer: string;
  /** From then on it is refused as `expired`; whole seconds, rounded down. */
  readonly expiresAt: Date;
  /** Before then it is refused as `not_yet_valid`. Default: good from its issue on. */
  readonly notBefore?: Date;
  /** 8 bytes; random by default. */
  readonly id?: Uint8Array;
  /** Where the credential can be revoked. Without it, it holds until it expires. */
  readonly status?: StatusReference;
  /** The holder's public key as a COSE_Key: such a credential is refused unless its holder presents it. */
  readonly holderKey?: Uint8Array;
  /** `name` and `idNumber` in full; they are masked before anything is signed. */
  readonly claims: MedicalInsuranceClaims;
}

/** The clock for everything that is issued. */
export interface IssueOptions {
  /** The issue time. */
  readonly currentDate: Date;
}

/**
 * What of a credential is hidden, and how; and how large a code without a `holderKey` may become. One with a `holderKey` goes to the
 * device, and what is shown is its presentation: there the size is looked at.
 */
export interface IssueCredentialOptions extends IssueOptions, CodeSizeOptions {
  /** Default: names masked to their first character, the ID number to its last four. */
  readonly masks?: {
    readonly name?: NameMask;
    readonly idNumber?: IdNumberMask;
  };
  /**
   * Commits to the full ID number, so that a counter can check a number typed there while it is offline (`matchesIdNumber`).
   * Off by default: see `commitIdNumber` for what it gives away.
   */
  readonly commitIdNumber?: boolean;
  /** Claims that the holder may leave out when presenting: of `name`, `idNumber`, `scheme`, `personClass` and `assistance`. */
  readonly redact?: readonly (keyof MedicalInsuranceClaims)[];
  /** Hashes of nothing among those of redacted claims, so that their number does not tell how many there are. */
  readonly decoys?: number;
}

/** A day's worth of codes for somebody whose app can have no device key. */
export interface IssueStripsOptions extends Pick<IssueCredentialOptions, 'currentDate' | 'masks'> {
  /** When the first code begins to be valid. Default: now. */
  readonly from?: Date;
  /** How many codes, at most 1 440. */
  readonly count: number;
  /** For how long each of them is the one to show; the next one begins where it ends. */
  readonly windowSeconds: number;
  /** For how long a code stays valid after its window, for those who need time. Default: one window. */
  readonly graceSeconds?: number;
}

/** A credential, signed. */
export interface IssuedCredential {
  /** What goes into the QR code; for a credential that is bound to a device, what goes to the device. */
  readonly text: string;
  /** The tagged COSE_Sign1. */
  readonly bytes: Uint8Array;
  /** `cti`, 16 hexadecimal digits: by this it is revoked and audited. */
  readonly id: string;
}

/** One code of a strip, and when it may be shown. */
export interface IssuedStrip extends IssuedCredential {
  /** From when on it is the one to show. */
  readonly notBefore: Date;
  /** When it ends: its window and the grace after it. */
  readonly expiresAt: Date;
}

/** One for every minute of a day. */
const MAX_STRIPS = 1440;

/**
 * Issues a credential as a signed QR text (docs/format.md).
 *
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_CONTENT` for content that cannot be issued,
 *   with the name of the field and never its value; `ERR_QR_CAPACITY` for a code without a `holderKey` that needs a larger QR
 *   version than `maxVersion`; `ERR_CODE_TOO_LARGE` above 4 KiB; `ERR_INVALID_KEY` for a key without a kid of 8 bytes, with a
 *   public key that is none, or with a signature that is not 64 bytes or, the first time, not good by its public key. What the
 *   key's own `sign` rejects with comes through as it is
 */
export async function issueCredential(
  content: CredentialContent,
  key: IssuerKey,
  options: IssueCredentialOptions,
): Promise<IssuedCredential> {
  requireArguments(content, key, options);
  const { type, issuer, expiresAt, notBefore, status, claims } = content;
  const { redact, decoys, masks = {} } = options;
  if (typeof issuer !== 'string') throw new TypeError('issuer must be a string');
  if (typeof claims !== 'object' || claims === null) throw new TypeError('claims must be an object');
  if (typeof masks !== 'object' || masks === null) throw new TypeError('options.masks must be an object');
  if (redact !== undefined && !Array.isArray(redact)) throw new TypeError('options.redact must be an array');
  if (status !== undefined && (typeof status !== 'object' || status === null))
    throw new TypeError('status must be an object');
  for (const bytes of [content.id, content.holderKey]) {
    if (bytes !== undefined && !(bytes instanceof Uint8Array))
      throw new TypeError('id and holderKey must be Uint8Arrays');
  }
  const id = content.id ? Uint8Array.from(content.id) : crypto.getRandomValues(new Uint8Array(8));
  const { payload, disclosures } = encodePayload({
    type,
    issuer,
    id,
    issuedAt: options.currentDate,
    expiresAt,
    claims: {
      ...maskClaims(type, claims, masks),
      ...(options.commitIdNumber && { idCommitment: await createCommitment(claims, encodeHex(id)) }),
    },
    ...(notBefore !== undefined && { notBefore }),
    ...(status !== undefined && { status }),
    ...(content.holderKey !== undefined && { holderKey: readHolderKey(content.holderKey) }),
    ...(redact !== undefined && { redact }),
    ...(decoys !== undefined && { decoys }),
  });
  const bytes = await signIssued(
    payload,
    key,
    disclosures && { typ: CONTENT_FORMAT.sdCwt, unprotectedHeader: writeDisclosures(disclosures) },
  );
  const text = await (content.holderKey ? encodeText(bytes) : encodeQrText(bytes, options));
  return { text, bytes, id: encodeHex(id) };
}

/**
 * Issues bearer codes that are valid one after the other, for apps that can have no device key and fetch a day's worth at
 * once. A copy of one is good for as long as it is; of the rest it says nothing.
 *
 * @param content without a time and without a device key; all codes have its status, so that one revocation ends them all
 * @returns the codes in the order of their windows, each with an id of its own
 * @throws as {@link issueCredential}
 */
export async function issueStrips(
  content: Omit<CredentialContent, 'id' | 'notBefore' | 'expiresAt' | 'holderKey'>,
  key: IssuerKey,
  options: IssueStripsOptions,
): Promise<readonly IssuedStrip[]> {
  requireArguments(content, key, options);
  // A caller's object may hold more than its type says; a code that can be copied must not come of a wish for one that cannot.
  for (const name of ['holderKey', 'id', 'notBefore', 'expiresAt']) {
    if (name in content) throw new TypeError(`a strip has no ${name}`);
  }
  for (const name of ['redact', 'decoys', 'commitIdNumber']) {
    if (name in options) throw new TypeError(`options of a strip have no ${name}`);
  }
  const { currentDate, from = currentDate, count, windowSeconds, graceSeconds = windowSeconds, masks } = options;
  if (!(from instanceof Date)) throw new TypeError('from must be a Date');
  requireWhole(count, 'count', 1, MAX_STRIPS);
  requireWhole(windowSeconds, 'windowSeconds', 1, 86_400);
  requireWhole(graceSeconds, 'graceSeconds', 0, 86_400);
  // As the codes say it: in whole seconds.
  const begin = Math.floor(from.getTime() / 1000) * 1000;
  const strips: IssuedStrip[] = [];
  for (let at = 0; at < count; at++) {
    const notBefore = new Date(begin + at * windowSeconds * 1000);
    const expiresAt = new Date(notBefore.getTime() + (windowSeconds + graceSeconds) * 1000);
    const { type, issuer, status, claims } = content;
    const issued = await issueCredential(
      { type, issuer, claims, ...(status !== undefined && { status }), notBefore, expiresAt },
      key,
      { currentDate, ...(masks && { masks }) },
    );
    strips.push({ ...issued, notBefore, expiresAt });
  }
  return strips;
}

/**
 * Issues a trust list (docs/format.md), signed by a root key.
 *
 * @returns the bytes of a COSE_Sign1
 * @throws TypeError, or CredentialError `ERR_INVALID_CONTENT` for content that verifiers would refuse; for the key, as
 *   {@link issueCredential}
 */
export async function issueTrustList(
  content: TrustListContent,
  rootKey: IssuerKey,
  options: IssueOptions,
): Promise<Uint8Array> {
  requireArguments(content, rootKey, options);
  return signIssued(encodeTrustList(content, options.currentDate), rootKey, { typ: TRUST_LIST_TYPE });
}

/**
 * Issues a Token Status List in its CWT form (draft-ietf-oauth-status-list §5.2), signed by the credentials' issuer.
 *
 * @returns the bytes of a COSE_Sign1, media type `application/statuslist+cwt`
 * @throws TypeError, or CredentialError `ERR_INVALID_CONTENT` or `ERR_STATUS_INDEX`; for the key, as {@link issueCredential}
 */
export async function issueStatusList(
  content: StatusListContent,
  key: IssuerKey,
  options: IssueOptions,
): Promise<Uint8Array> {
  requireArguments(content, key, options);
  if (typeof content.uri === 'string' && !hasListNumber(content.uri)) {
    throw new CredentialError('ERR_INVALID_CONTENT', 'uri does not end with a slash and a list number');
  }
  return signIssued(await encodeStatusList(content, options.currentDate), key, { typ: STATUS_LIST_TYPE });
}

/**
 * Issues all status lists of an issuer in one file, or what changed in them since such a file (docs/format.md §9), signed by
 * the credentials' issuer.
 *
 * @returns the bytes of a COSE_Sign1, media type `application/zhengma-revocation-snapshot+cwt`
 * @throws TypeError, or CredentialError `ERR_INVALID_CONTENT` or `ERR_STATUS_INDEX`; for the key, as {@link issueCredential}
 */
export async function issueRevocationSnapshot(
  content: RevocationSnapshotContent,
  key: IssuerKey,
  options: IssueOptions,
): Promise<Uint8Array> {
  requireArguments(content, key, options);
  return signIssued(encodeSnapshot(content, options.currentDate), key, { typ: SNAPSHOT_TYPE });
}

/**
 * Issues a receipt for a code that was accepted (docs/format.md), signed by the receipt key of whoever verified it.
 *
 * @param options `currentDate`: when the code was verified
 * @returns the bytes of a COSE_Sign1, and the receipt's `cti`: 32 hexadecimal digits, 12 of the milliseconds at which it was
 *   issued and 20 random ones
 * @throws TypeError, or CredentialError `ERR_INVALID_CONTENT` for content that readers would refuse; for the key, as
 *   {@link issueCredential}
 */
export async function issueReceipt(
  content: ReceiptContent,
  key: IssuerKey,
  options: IssueOptions,
): Promise<{ readonly bytes: Uint8Array; readonly id: string }> {
  requireArguments(content, key, options);
  const id = createReceiptId(options.currentDate);
  const bytes = await signIssued(encodeReceipt(content, id, options.currentDate), key, { typ: RECEIPT_TYPE });
  return { bytes, id: encodeHex(id) };
}

/**
 * 48 bits of milliseconds, 80 random ones: what is kept by such ids is written at one end of an index and not all over it,
 * which for a store is half of the work of a receipt.
 */
function createReceiptId(currentDate: Date): Uint8Array {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(id.buffer);
  view.setUint16(0, Math.floor(currentDate.getTime() / 2 ** 32));
  view.setUint32(2, currentDate.getTime() % 2 ** 32);
  return id;
}

function maskClaims(
  typeName: string,
  claims: MedicalInsuranceClaims,
  chosen: NonNullable<IssueCredentialOptions['masks']>,
): MedicalInsuranceClaims {
  // Read once: what is masked is what was looked at, also where a claim is a getter.
  const masked = new Map<string, unknown>(Object.entries(claims));
  const idNumber = masked.get('idNumber');
  if (typeof idNumber === 'string' && !/^[0-9A-Za-z]+$/.test(idNumber)) {
    throw new CredentialError('ERR_INVALID_CONTENT', 'claims.idNumber has more than digits and letters');
  }
  // A resident number with a wrong check digit was mistyped; other documents have other forms and pass.
  if (typeof idNumber === 'string' && /^\d{17}[\dXx]$/.test(idNumber) && !isValidIdNumber(idNumber.toUpperCase())) {
    throw new CredentialError('ERR_INVALID_CONTENT', 'claims.idNumber has a wrong check digit or birth date');
  }
  const choices = new Map<string, string>(Object.entries(chosen));
  for (const { name, masks } of CREDENTIAL_TYPES.find((type) => type.name === typeName)?.fields ?? []) {
    const value = masked.get(name);
    if (!masks || typeof value !== 'string') continue;
    requirePrintable(value, `claims.${name}`);
    masked.set(name, applyMask(masks, choices.get(name) ?? (Object.keys(masks)[0] as string), value.normalize('NFC')));
  }
  const delegate = masked.get('delegate');
  if (delegate !== undefined) {
    const { name, ...rest } = Object(delegate);
    if (typeof name !== 'string') throw new CredentialError('ERR_INVALID_CONTENT', 'claims.delegate has a wrong form');
    requirePrintable(name, 'claims.delegate');
    masked.set('delegate', { ...rest, name: applyMask(NAME_MASKS, chosen.name ?? 'masked', name.normalize('NFC')) });
  }
  return Object.fromEntries(masked) as unknown as MedicalInsuranceClaims;
}

/** Before it is masked: a mask would hide that there is nothing to see. */
function requirePrintable(text: string, name: string): void {
  if (!isPrintable(text.normalize('NFC'), MAX_NAME_CHARACTERS))
    throw new CredentialError('ERR_INVALID_CONTENT', `${name} has a wrong form`);
}

async function createCommitment({ idNumber }: MedicalInsuranceClaims, id: string): Promise<string> {
  if (typeof idNumber === 'string') return commitIdNumber(idNumber, id);
  throw new CredentialError('ERR_INVALID_CONTENT', 'there is no claims.idNumber to commit to');
}

function readHolderKey(holderKey: Uint8Array): PublicKey {
  try {
    return decodeUsableKey(holderKey);
  } catch {
    throw new CredentialError('ERR_INVALID_CONTENT', 'holderKey must be a COSE_Key, as exportPublicKey gives it');
  }
}

function requireWhole(value: number, name: string, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TypeError(`${name} must be a whole number from ${least} to ${most}`);
}

function requireArguments(content: unknown, key: IssuerKey, options: IssueOptions): void {
  if (typeof content !== 'object' || content === null) throw new TypeError('the first argument must be an object');
  if (typeof key?.sign !== 'function') throw new TypeError('key must have a sign function');
  if (!(options?.currentDate instanceof Date)) throw new TypeError('options.currentDate must be a Date');
}
