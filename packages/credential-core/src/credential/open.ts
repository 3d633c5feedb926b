import { CONTENT_FORMAT, HEADER } from '../cose/headers.ts';
import { readIssuedHeader, requireEmptyUnprotected } from '../cose/profile-header.ts';
import { decodeSign1, type Sign1 } from '../cose/sign1.ts';
import type { AlgorithmName } from '../keys/signature.ts';
import { CODE_LIMITS, MAX_INFLATED_CODE_BYTES } from '../limits.ts';
import { Refusal } from '../result.ts';
import { DELEGATION_TYPE, type OpenedDelegation, openDelegation } from './delegation.ts';
import { type Disclosure, readDisclosures } from './disclosure.ts';
import { decodePayload, type OpenedPayload } from './payload.ts';
import { type OpenedPresentation, openPresentation } from './presentation.ts';

/** A credential taken apart; nothing in it is verified. */
export interface OpenedCredential extends OpenedPayload {
  readonly message: Sign1;
  readonly algorithm: AlgorithmName;
  readonly kid: Uint8Array;
  /** What is shown of the redacted claims; absent where none are. */
  readonly disclosures?: readonly Disclosure[];
}

/** All that a code carries, from the inside out: a credential, what its holder signed to lend it, who shows it. */
export interface OpenedCode {
  readonly credential: OpenedCredential;
  readonly delegation?: OpenedDelegation;
  readonly presentation?: OpenedPresentation;
}

/**
 * Takes a code's COSE_Sign1 apart: a credential, a delegation of one, or a presentation of either. Nothing nests deeper.
 *
 * @throws Refusal `too_large`, `malformed`, `unsupported_algorithm` or `unsupported_type`
 */
export function openMessage(bytes: Uint8Array): OpenedCode {
  if (bytes.length > MAX_INFLATED_CODE_BYTES) throw new Refusal('too_large', 'more bytes than a code can hold');
  const message = decodeSign1(bytes, CODE_LIMITS);
  if (message.protectedHeader.get(HEADER.typ) !== CONTENT_FORMAT.kbCwt) return openUnpresented(message);
  const presentation = openPresentation(message);
  return { ...openUnpresented(presentation.embedded), presentation };
}

function openUnpresented(message: Sign1): OpenedCode {
  if (message.protectedHeader.get(HEADER.typ) !== DELEGATION_TYPE) return { credential: openCredential(message) };
  const delegation = openDelegation(message);
  return { credential: openCredential(delegation.embedded), delegation };
}

/** Redaction is announced by the type of an SD-CWT; without it the unprotected header is empty. */
function openCredential(message: Sign1): OpenedCredential {
  const redacted = message.protectedHeader.get(HEADER.typ) === CONTENT_FORMAT.sdCwt;
  const header = readIssuedHeader(message, redacted ? CONTENT_FORMAT.sdCwt : undefined);
  if (!redacted) requireEmptyUnprotected(message);
  const disclosures = redacted ? readDisclosures(message.unprotectedHeader) : undefined;
  return { message, ...header, ...(disclosures && { disclosures }), ...decodePayload(message.payload, disclosures) };
}
