import { encodeHex } from '../bytes/hex.ts';
import type { DelegationContent } from '../credential/delegation.ts';
import { nameDisclosed } from '../credential/disclosure.ts';
import type { MedicalInsuranceClaims } from '../credential/fields.ts';
import type { CredentialPayload } from '../credential/payload.ts';
import type { PresentationContent } from '../credential/presentation.ts';
import { type Failure, toFailure } from '../result.ts';
import { requireWhat } from './arguments.ts';
import { openCode } from './open-code.ts';

/** What a code says of itself. Nobody has checked any of it. */
export interface UnverifiedCredential extends CredentialPayload {
  /** 16 hexadecimal digits. */
  readonly kid: string;
  /** The holder's public key as a COSE_Key, when the credential is bound to a device. */
  readonly holderKey?: Uint8Array;
  /**
   * Only when claims were redacted: which of `claims` those are that a presentation may leave out (`disclose`). `undisclosed`
   * says of how many more only a hash is here, decoys included; of a credential as it was issued, none.
   */
  readonly redacted?: readonly (keyof MedicalInsuranceClaims)[];
  /** Present when this is a presentation. */
  readonly presentation?: PresentationContent;
  /** Present when the holder lent it to somebody. */
  readonly delegation?: Omit<DelegationContent, 'delegateKey'> & {
    /** As a COSE_Key. */
    readonly delegateKey: Uint8Array;
  };
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
    const { credential, presentation, delegation } = openCode(what);
    const { content, kid, holderKey, disclosures } = credential;
    return {
      ok: true,
      unverified: {
        ...content,
        kid: encodeHex(kid),
        ...(holderKey && { holderKey: holderKey.coseKey }),
        ...(disclosures && { redacted: nameDisclosed(disclosures) }),
        ...(presentation && { presentation: presentation.content }),
        ...(delegation && {
          delegation: { ...delegation.content, delegateKey: delegation.content.delegateKey.coseKey },
        }),
      },
    };
  } catch (error) {
    return toFailure(error);
  }
}
