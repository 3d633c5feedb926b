import { encodeHex } from './bytes/hex.ts';
import { signSign1 } from './cose/sign1.ts';
import { CREDENTIAL_TYPES, type CredentialTypeName, type MedicalInsuranceClaims } from './credential/fields.ts';
import { applyMask, type IdNumberMask, isValidIdNumber, type NameMask } from './credential/masks.ts';
import { encodePayload, type StatusReference } from './credential/payload.ts';
import { CredentialError } from './errors.ts';
import type { IssuerKey } from './keys/issuer-key.ts';
import { encodeQrText } from './qr/text.ts';
import { encodeStatusList, STATUS_LIST_TYPE, type StatusListContent } from './status/status-list.ts';
import { encodeTrustList, TRUST_LIST_TYPE, type TrustListContent } from './trust/trust-list.ts';

export type { CredentialTypeName, MedicalInsuranceClaims } from './credential/fields.ts';
export { type IdNumberMask, isValidIdNumber, maskIdNumber, maskName, type NameMask } from './credential/masks.ts';
export type { StatusReference } from './credential/payload.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
export {
  exportPublicKey,
  generateIssuerKey,
  type IssuerKey,
  importIssuerKey,
  type SoftwareKey,
} from './keys/issuer-key.ts';
export { encodeQrText } from './qr/text.ts';
export type { StatusListContent } from './status/status-list.ts';
export type { TrustListContent } from './trust/trust-list.ts';

/** What a credential is to say. */
export interface CredentialContent {
  readonly type: CredentialTypeName;
  /** The `id` of the issuer in the trust list. */
  readonly issuer: string;
  readonly expiresAt: Date;
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

export interface IssueCredentialOptions extends IssueOptions {
  /** Default: name masked to its first character, ID number to its last four. */
  readonly masks?: {
    readonly name?: NameMask;
    readonly idNumber?: IdNumberMask;
  };
}

/** A credential, signed. */
export interface IssuedCredential {
  /** What goes into the QR code. */
  readonly text: string;
  /** The tagged COSE_Sign1. */
  readonly bytes: Uint8Array;
  /** `cti`, 16 hexadecimal digits: by this it is revoked and audited. */
  readonly id: string;
}

/**
 * Issues a credential as a signed QR text (docs/format.md).
 *
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_CONTENT` for content that cannot be issued,
 *   with the name of the field and never its value; `ERR_CODE_TOO_LARGE`
 */
export async function issueCredential(
  content: CredentialContent,
  key: IssuerKey,
  options: IssueCredentialOptions,
): Promise<IssuedCredential> {
  requireArguments(content, key, options);
  const { type, issuer, expiresAt, notBefore, status, holderKey, claims } = content;
  if (typeof issuer !== 'string') throw new TypeError('issuer must be a string');
  if (typeof claims !== 'object' || claims === null) throw new TypeError('claims must be an object');
  for (const bytes of [content.id, holderKey]) {
    if (bytes !== undefined && !(bytes instanceof Uint8Array))
      throw new TypeError('id and holderKey must be Uint8Arrays');
  }
  const id = content.id ? Uint8Array.from(content.id) : crypto.getRandomValues(new Uint8Array(8));
  const payload = encodePayload({
    type,
    issuer,
    id,
    issuedAt: options.currentDate,
    expiresAt,
    claims: maskClaims(type, claims, options.masks ?? {}),
    ...(notBefore && { notBefore }),
    ...(status && { status }),
    ...(holderKey && { holderKey }),
  });
  const bytes = await signSign1(payload, key);
  return { text: await encodeQrText(bytes), bytes, id: encodeHex(id) };
}

/**
 * Issues a trust list (docs/format.md), signed by a root key.
 *
 * @returns the bytes of a COSE_Sign1
 * @throws TypeError, or CredentialError `ERR_INVALID_CONTENT` for content that verifiers would refuse
 */
export async function issueTrustList(
  content: TrustListContent,
  rootKey: IssuerKey,
  options: IssueOptions,
): Promise<Uint8Array> {
  requireArguments(content, rootKey, options);
  return signSign1(encodeTrustList(content, options.currentDate), rootKey, TRUST_LIST_TYPE);
}

/**
 * Issues a Token Status List in its CWT form (draft-ietf-oauth-status-list §5.2), signed by the credentials' issuer.
 *
 * @returns the bytes of a COSE_Sign1, media type `application/statuslist+cwt`
 * @throws TypeError, or CredentialError `ERR_INVALID_CONTENT` or `ERR_STATUS_INDEX`
 */
export async function issueStatusList(
  content: StatusListContent,
  key: IssuerKey,
  options: IssueOptions,
): Promise<Uint8Array> {
  requireArguments(content, key, options);
  return signSign1(await encodeStatusList(content, options.currentDate), key, STATUS_LIST_TYPE);
}

function maskClaims(
  typeName: string,
  claims: MedicalInsuranceClaims,
  chosen: NonNullable<IssueCredentialOptions['masks']>,
): MedicalInsuranceClaims {
  const { idNumber } = claims;
  // A resident number with a wrong check digit was mistyped; other documents have other forms and pass.
  if (typeof idNumber === 'string' && /^\d{17}[\dXx]$/.test(idNumber) && !isValidIdNumber(idNumber.toUpperCase())) {
    throw new CredentialError('ERR_INVALID_CONTENT', 'claims.idNumber has a wrong check digit or birth date');
  }
  const choices = new Map<string, string>(Object.entries(chosen));
  const masked = new Map<string, unknown>(Object.entries(claims));
  for (const { name, masks } of CREDENTIAL_TYPES.find((type) => type.name === typeName)?.fields ?? []) {
    const value = masked.get(name);
    if (!masks || typeof value !== 'string') continue;
    masked.set(name, applyMask(masks, choices.get(name) ?? (Object.keys(masks)[0] as string), value));
  }
  return Object.fromEntries(masked) as unknown as MedicalInsuranceClaims;
}

function requireArguments(content: unknown, key: IssuerKey, options: IssueOptions): void {
  if (typeof content !== 'object' || content === null) throw new TypeError('the first argument must be an object');
  if (typeof key?.sign !== 'function') throw new TypeError('key must have a sign function');
  if (!(options?.currentDate instanceof Date)) throw new TypeError('options.currentDate must be a Date');
}
