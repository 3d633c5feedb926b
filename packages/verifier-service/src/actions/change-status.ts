import { ServiceError } from '../errors.ts';
import type { Actor } from '../stores/access.ts';
import type { CredentialStatus } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';

export interface StatusRequest {
  /** The cti, 16 hex digits. */
  readonly id: string;
  readonly status: CredentialStatus;
  /** For the audit trail. */
  readonly reason?: string;
  /** The id of the pending proposal that this is the approval of. */
  readonly proposal?: string;
}

export interface ChangedStatus {
  readonly id: string;
  readonly status: CredentialStatus;
  readonly changedAt: Date;
}

/**
 * Suspends, reinstates or revokes. Once it fulfils, the change is on disk and in the next status list that anybody
 * fetches. The same status again changes nothing and succeeds, so a caller that lost the answer can repeat itself.
 * Throws `ServiceError`: `credential_not_found`; `already_revoked`, for a revocation is final; `proposal_closed`.
 */
export async function changeStatus(
  { id, status, reason, proposal }: StatusRequest,
  by: Actor,
  { store, currentDate }: Pick<ActionDeps, 'store' | 'currentDate'>,
): Promise<ChangedStatus> {
  await requireOwnCredential(id, by, store);
  const change = {
    id,
    status,
    by,
    at: currentDate(),
    ...(reason === undefined ? {} : { reason }),
    ...(proposal === undefined ? {} : { proposal }),
  };
  const result = await store.changeStatus(change);
  switch (result.outcome) {
    case 'not_found':
      throw new ServiceError('credential_not_found', 'This service issued no credential with this id.');
    case 'proposal_closed':
      throw proposalClosed();
    case 'final':
      throw new ServiceError('already_revoked', 'The credential is revoked, which is final: issue a new one.');
    default:
      return { id, status: result.credential.status, changedAt: result.credential.changedAt };
  }
}

/** What was proposed is not to be carried out, or not any more. */
export function proposalClosed(): ServiceError {
  return new ServiceError('proposal_closed', 'The proposal is not approved, or it is decided, done or over.');
}

/**
 * Fulfils when the actor's organisation, or one below it, issued the credential. Throws `ServiceError`
 * `credential_not_found`: of the credentials of others nobody learns whether they exist.
 */
export async function requireOwnCredential(id: string, by: Actor, store: ActionDeps['store']): Promise<void> {
  const found = await store.findCredential(id);
  if (!found || !(await store.isWithin(found.organisation, by.organisation)))
    throw new ServiceError('credential_not_found', 'Your organisation issued no credential with this id.');
}
