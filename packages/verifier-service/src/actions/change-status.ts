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
}

export interface ChangedStatus {
  readonly id: string;
  readonly status: CredentialStatus;
  readonly changedAt: Date;
}

/**
 * Suspends, reinstates or revokes. Once it fulfils, the change is on disk and in the next status list that anybody
 * fetches. The same status again changes nothing and succeeds, so a caller that lost the answer can repeat itself.
 * Throws `ServiceError`: `credential_not_found`; `already_revoked`, for a revocation is final.
 */
export async function changeStatus(
  { id, status, reason }: StatusRequest,
  by: Actor,
  { store, currentDate }: Pick<ActionDeps, 'store' | 'currentDate'>,
): Promise<ChangedStatus> {
  await requireOwnCredential(id, by, store);
  const change = { id, status, by, at: currentDate(), ...(reason === undefined ? {} : { reason }) };
  const result = await store.changeStatus(change);
  switch (result.outcome) {
    case 'not_found':
      throw new ServiceError('credential_not_found', 'This service issued no credential with this id.');
    case 'final':
      throw new ServiceError('already_revoked', 'The credential is revoked, which is final: issue a new one.');
    default:
      return { id, status: result.credential.status, changedAt: result.credential.changedAt };
  }
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
