import type { VerificationCode } from '@zhengma/credential-core/verify';
import type { Answer, VerificationRequest, VerificationResult } from '@zhengma/verifier-service/client';

/**
 * What the service says of a code that was good here: that it is shown for the `first` time, or `repeated` at the same place
 * for the same business, and it has the receipt of that id; that it is `refused`; or nothing, in time or at all.
 */
export type ServiceWord =
  | { readonly kind: 'first' | 'repeated'; readonly receipt: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused'; readonly code: VerificationCode | 'replayed' };

/** Asks the service whether a code was used before: only it knows of all counters. */
export interface ServiceAsker {
  /** @param verify sends the question; given up with its signal */
  ask(
    request: VerificationRequest,
    verify: (
      request: VerificationRequest,
      options: { readonly signal: AbortSignal },
    ) => Promise<Answer<VerificationResult>>,
  ): Promise<ServiceWord>;
}

/** Somebody stands at the counter: longer than this nobody waits for what the upload tells as well. */
const PATIENCE_MILLISECONDS = 1_500;

/** A service that was silent is not waited for with every person in the queue. */
const SILENCE_MILLISECONDS = 30_000;

const SILENT: ServiceWord = { kind: 'silent' };

/** @param now the clock of this device: where it was set back since a silence, that silence is over */
export function createServiceAsker(now: () => Date): ServiceAsker {
  let silentSince: number | undefined;

  function isLeftAlone(): boolean {
    if (silentSince === undefined) return false;
    const passed = now().getTime() - silentSince;
    return passed >= 0 && passed < SILENCE_MILLISECONDS;
  }

  return {
    async ask(request, verify) {
      if (isLeftAlone()) return SILENT;
      const answer = await verify(request, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) }).catch(
        () => undefined,
      );
      if (!answer?.ok) {
        // A problem that the service names comes at once, and is another at the next code.
        if (!answer?.status) silentSince = now().getTime();
        return SILENT;
      }
      const { value } = answer;
      if (value.ok) return { kind: value.repeated ? 'repeated' : 'first', receipt: value.receipt.id };
      // What it could not tell, it could tell no better than this device.
      return value.conclusive ? { kind: 'refused', code: value.code } : SILENT;
    },
  };
}
