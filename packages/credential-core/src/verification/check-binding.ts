import { equalBytes } from '../bytes/equal.ts';
import { checkDelegationScope } from '../credential/delegation.ts';
import type { OpenedCode } from '../credential/open.ts';
import { ANY_AUDIENCE, type OpenedPresentation } from '../credential/presentation.ts';
import { PublicKey } from '../keys/cose-key.ts';
import { malformed, Refusal } from '../result.ts';
import type { TrustList } from '../trust/trust-list.ts';
import { isSignedBy } from './find-signer.ts';

/** Whom a presentation must have been made for. */
export interface ExpectedPresentation {
  /** The names of this verifier. */
  readonly audience: readonly string[];
  /** The challenge that this verifier gave, if it gave one. */
  readonly challenge: Uint8Array | undefined;
}

/**
 * Whether who shows the code holds the device key that it is bound to. A bound credential is valid only inside a presentation
 * by that key; shown bare it is a copy. A bearer code has no key, and nobody can present it.
 *
 * @throws Refusal `not_presented`, `bad_delegation`, `delegation_not_allowed`, `bad_presentation`, `wrong_audience` or
 *   `wrong_challenge`
 */
export async function checkBinding(code: OpenedCode, trust: TrustList, expected: ExpectedPresentation): Promise<void> {
  const { credential, delegation, presentation } = code;
  let key = credential.holderKey;
  if (!key) {
    if (delegation || presentation) throw malformed('presented, though it is bound to no device');
    if (expected.challenge) throw new Refusal('wrong_challenge', 'a code without a device cannot answer a challenge');
    return;
  }
  if (!presentation) {
    throw new Refusal('not_presented', 'a copy: the code was not made by the device it is bound to');
  }
  if (delegation) {
    if (!(await isSignedBy(equip(key, trust), delegation))) {
      throw new Refusal('bad_delegation', 'the delegation was not signed by the holder');
    }
    checkDelegationScope(delegation.content, credential.content);
    key = delegation.content.delegateKey;
  }
  if (!(await isSignedBy(equip(key, trust), presentation))) {
    throw new Refusal('bad_presentation', 'the presentation was not signed by the device that the code is bound to');
  }
  checkRecipient(presentation, expected);
}

/** A key out of a code can be checked by what the trust list brought along. */
function equip(key: PublicKey, trust: TrustList): PublicKey {
  return trust.algorithms.length === 0 ? key : new PublicKey(key.algorithm, key.bytes, trust.algorithms);
}

/** A presentation for another verifier, or in answer to another challenge, was made to be shown elsewhere. */
function checkRecipient({ content }: OpenedPresentation, { audience, challenge }: ExpectedPresentation): void {
  if (content.audience !== ANY_AUDIENCE && !audience.includes(content.audience)) {
    throw new Refusal('wrong_audience', 'presented to another verifier');
  }
  const answered = content.challenge;
  if (challenge === undefined ? answered !== undefined : !answered || !equalBytes(challenge, answered)) {
    throw new Refusal('wrong_challenge', 'the presentation does not answer the challenge given here');
  }
}
