import { equalBytes } from './bytes/equal.ts';
import { CONTENT_FORMAT } from './cose/headers.ts';
import { signBound } from './cose/profile-header.ts';
import { embedSign1 } from './cose/sign1.ts';
import {
  checkDelegationScope,
  DELEGATION_TYPE,
  type DelegationContent,
  encodeDelegation,
} from './credential/delegation.ts';
import { type Disclosure, writeDisclosures } from './credential/disclosure.ts';
import { FIELDS, type MedicalInsuranceClaims } from './credential/fields.ts';
import { maskName } from './credential/masks.ts';
import { type OpenedCode, openMessage } from './credential/open.ts';
import { ANY_AUDIENCE, encodePresentation, getMaxAgeSeconds, isChallenge } from './credential/presentation.ts';
import { CredentialError } from './errors.ts';
import { createPublicKey, decodeUsableKey, type PublicKey } from './keys/cose-key.ts';
import type { Signer } from './keys/signature.ts';
import { isPrintable, MAX_NAME_CHARACTERS } from './printable.ts';
import { encodeQrText, encodeText, openQrText } from './qr/text.ts';
import type { CodeSizeOptions } from './qr/version.ts';
import { requireReadable } from './result.ts';

export type { DelegationContent } from './credential/delegation.ts';
export type { Delegate, MedicalInsuranceClaims } from './credential/fields.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
export type { PublicKey } from './keys/cose-key.ts';
export { type DeviceKey, type DeviceKeyPair, generateDeviceKey, importDeviceKey } from './keys/device-key.ts';
export { exportPublicKey } from './keys/issuer-key.ts';
export type { AlgorithmName, SignatureAlgorithm, Signer, SignMessage, VerifySignature } from './keys/signature.ts';
export type { CodeSizeOptions } from './qr/version.ts';

/** How a credential is shown. */
export interface PresentOptions extends CodeSizeOptions {
  /** The holder's clock: the presentation is refused when it is older than the issuer allows. */
  readonly currentDate: Date;
  /** The verifier that it is for. Default: `*`, any; a code on a screen cannot know who will scan it. */
  readonly audience?: string;
  /** The verifier's challenge, 8 to 64 bytes. */
  readonly challenge?: Uint8Array;
  /** Which of the redacted claims to show. Default: none. */
  readonly disclose?: readonly (keyof MedicalInsuranceClaims)[];
}

/** A presentation, signed. */
export interface Presentation {
  /** What goes into the QR code. */
  readonly text: string;
  /** The tagged COSE_Sign1. */
  readonly bytes: Uint8Array;
  /** When to show the next one: half of the age that the issuer allows has passed then. */
  readonly renewAt: Date;
  /** From then on this one is a copy: the age that the issuer allows, or the end of the credential or its delegation. */
  readonly expiresAt: Date;
}

/**
 * Presents a credential by the device that it is bound to: the code on a screen, to be renewed. The key binding token of
 * draft-ietf-spice-sd-cwt.
 *
 * @param credential the text or the bytes of a credential with a `holderKey`, or of a delegation of one
 * @param device the key that it is bound to; only its `sign` is asked
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_CONTENT` when it is no such credential, when
 *   `disclose` names a claim that it has not, or for a wrong audience or challenge; `ERR_INVALID_KEY` when it is bound to
 *   another key, or the device gives a signature that is not 64 bytes or, the first time, not good by its public key;
 *   `ERR_QR_CAPACITY` when the code needs a larger QR version than `maxVersion`: disclose less, or redact fewer claims. What the
 *   device's own `sign` rejects with comes through as it is
 */
export async function presentCredential(
  credential: string | Uint8Array,
  device: Signer,
  options: PresentOptions,
): Promise<Presentation> {
  const currentDate = requireSigner(device, options?.currentDate);
  const { audience = ANY_AUDIENCE, challenge, disclose } = options;
  if (typeof audience !== 'string') throw new TypeError('options.audience must be a string');
  if (challenge !== undefined && !isChallenge(challenge)) {
    throw new TypeError('options.challenge must be a Uint8Array of 8 to 64 bytes');
  }
  const code = openOwn(credential);
  requireOwnKey(code.delegation?.content.delegateKey ?? code.credential.holderKey, device);
  if (code.delegation && disclose?.length) {
    throw new CredentialError('ERR_INVALID_CONTENT', 'what a delegation discloses was chosen when it was made');
  }
  const endsAt = findEnd(code);
  if (endsAt <= currentDate)
    throw new CredentialError('ERR_INVALID_CONTENT', 'the credential or its delegation has expired');
  const { notBefore } = code.credential.content;
  if (notBefore && notBefore > currentDate)
    throw new CredentialError('ERR_INVALID_CONTENT', 'the credential is not valid yet');
  const embedded = code.delegation ? embedSign1(code.delegation.message) : embedDisclosed(code, disclose ?? []);
  const payload = encodePresentation({ presentedAt: currentDate, audience, ...(challenge && { challenge }) });
  const bytes = await signBound(payload, device, embedded, CONTENT_FORMAT.kbCwt);
  const presentedAt = floorToSecond(currentDate).getTime();
  const maxAge = getMaxAgeSeconds(code.credential.content) * 1000;
  const before = (time: number) => new Date(Math.min(time, endsAt.getTime()));
  return {
    text: await encodeQrText(bytes, options),
    bytes,
    renewAt: before(presentedAt + maxAge / 2),
    expiresAt: before(presentedAt + maxAge),
  };
}

/** To whom a credential is lent, for what and until when. */
export interface DelegateOptions extends Pick<PresentOptions, 'currentDate' | 'disclose'> {
  /** Name and relation; the name is masked to its first character. */
  readonly delegate: DelegationContent['delegate'];
  /** The delegate's public key as a COSE_Key. */
  readonly delegateKey: Uint8Array;
  /** Not after the credential's own end. */
  readonly expiresAt: Date;
  /** What the delegate may do (businessType); not more than the credential allows, which is the default. */
  readonly businessTypes?: readonly string[];
}

/**
 * Lets somebody else present a credential whose issuer allows that (`delegable`). Their device presents the result with
 * {@link presentCredential}; it ends by itself, or with the credential.
 *
 * @param credential the text or the bytes of a credential with a `holderKey`
 * @param holder the key that it is bound to
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_CONTENT` when the credential cannot be
 *   delegated like that; `ERR_INVALID_KEY` when it is bound to another key, and for signatures as {@link presentCredential};
 *   `ERR_CODE_TOO_LARGE` above 4 KiB
 */
export async function delegateCredential(
  credential: string | Uint8Array,
  holder: Signer,
  options: DelegateOptions,
): Promise<{ readonly text: string; readonly bytes: Uint8Array }> {
  const currentDate = requireSigner(holder, options?.currentDate);
  const { delegate, delegateKey, expiresAt, businessTypes, disclose } = options;
  if (typeof delegate?.name !== 'string') throw new TypeError('options.delegate must have a name and a relation');
  if (!(delegateKey instanceof Uint8Array)) throw new TypeError('options.delegateKey must be a Uint8Array');
  const name = delegate.name.normalize('NFC');
  // Before it is masked: a mask would hide that there is nothing to see.
  if (!isPrintable(name, MAX_NAME_CHARACTERS))
    throw new CredentialError('ERR_INVALID_CONTENT', 'delegate.name has a wrong form');
  const code = openOwn(credential);
  if (code.delegation) throw new CredentialError('ERR_INVALID_CONTENT', 'a delegate cannot delegate');
  requireOwnKey(code.credential.holderKey, holder);
  const content: DelegationContent = {
    delegate: { ...delegate, name: maskName(name) },
    issuedAt: currentDate,
    expiresAt: floorToSecond(expiresAt),
    delegateKey: requireReadable(() => decodeUsableKey(delegateKey)),
    ...(businessTypes !== undefined && { businessTypes }),
  };
  const payload = encodeDelegation(content);
  requireReadable(() => checkDelegationScope(content, code.credential.content));
  const bytes = await signBound(payload, holder, embedDisclosed(code, disclose ?? []), DELEGATION_TYPE);
  return { text: await encodeText(bytes), bytes };
}

/** When the first of what is shown ends. */
function findEnd({ credential, delegation }: OpenedCode): Date {
  const end = credential.content.expiresAt;
  return delegation && delegation.content.expiresAt < end ? delegation.content.expiresAt : end;
}

/** As it will be written: else an end at the credential's own end would seem to be after it. */
function floorToSecond(instant: Date): Date {
  if (!(instant instanceof Date)) throw new TypeError('options must have Dates');
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

/** The credential with only those of its disclosures that are to be shown; decoys never are. */
function embedDisclosed({ credential }: OpenedCode, disclose: readonly string[]) {
  const { message, disclosures = [] } = credential;
  return embedSign1(message, writeDisclosures(chooseDisclosures(disclosures, disclose)));
}

function chooseDisclosures(held: readonly Disclosure[], disclose: readonly string[]): readonly Uint8Array[] {
  if (!Array.isArray(disclose)) throw new TypeError('options.disclose must be an array');
  return [...new Set(disclose)].map((name) => {
    const key = FIELDS.find((field) => field.name === name)?.key;
    const found = held.find(({ claim }) => claim !== undefined && claim.key === key);
    if (found) return found.bytes;
    throw new CredentialError('ERR_INVALID_CONTENT', 'disclose names a claim that is not among the redacted ones');
  });
}

function openOwn(what: string | Uint8Array): OpenedCode {
  if (typeof what !== 'string' && !(what instanceof Uint8Array)) {
    throw new TypeError('the first argument must be the text of a code or a Uint8Array');
  }
  const code = requireReadable(() => openMessage(typeof what === 'string' ? openQrText(what) : what));
  if (code.presentation) throw new CredentialError('ERR_INVALID_CONTENT', 'a presentation cannot be presented again');
  return code;
}

function requireOwnKey(bound: PublicKey | undefined, signer: Signer): void {
  if (!bound) throw new CredentialError('ERR_INVALID_CONTENT', 'the credential is bound to no device');
  const own = createPublicKey(signer);
  if (own.algorithm !== bound.algorithm || !equalBytes(own.bytes, bound.bytes)) {
    throw new CredentialError('ERR_INVALID_KEY', 'the credential is bound to another key');
  }
}

/** @returns a copy of the clock: the Date may be changed while the signature is awaited */
function requireSigner(signer: Signer, currentDate: unknown): Date {
  if (typeof signer?.sign !== 'function') throw new TypeError('the key must have a sign function');
  if (!(currentDate instanceof Date)) throw new TypeError('options.currentDate must be a Date');
  return new Date(currentDate);
}
