import { encodeHex } from '../bytes/hex.ts';
import type { CredentialPayload } from '../credential/payload.ts';
import { type Failure, toFailure } from '../result.ts';
import { requireWhat } from './arguments.ts';
import { openCode } from './open-code.ts';

/** What a code says of itself. Nobody has checked any of it. */
export interface UnverifiedCredential extends CredentialPayload {
  /** 16 hexadecimal digits. */
  readonly kid: string;
}

/**
 * Looks into a code without trusting it: for a holder's own page, for support, for finding out which issuer to ask.
 *
 * @returns what it says, named `unverified`, or a failure of the format
 * @throws TypeError when `what` is neither text nor bytes
 */
export function peekCredential(
  what: string | Uint8Array,
): { readonly ok: true; readonly unverified: UnverifiedCredential } | Failure {
  requireWhat(what);
  try {
    const { kid, payload } = openCode(what);
    return { ok: true, unverified: { ...payload, kid: encodeHex(kid) } };
  } catch (error) {
    return toFailure(error);
  }
}
