import { randomBytes } from 'node:crypto';
import {
  type CredentialContent,
  CredentialError,
  type IssueCredentialOptions,
  type IssuerKey,
  issueCredential,
  type MedicalInsuranceClaims,
} from '@zhengma/credential-core/issue';
import { ServiceError } from '../errors.ts';
import type { Caller, OperatorScope } from '../stores/access.ts';
import type { IssueOutcome, IssueRecord, Issuer } from '../stores/store.ts';
import { proposalClosed, requireOwnCredential } from './change-status.ts';
import type { ActionDeps } from './deps.ts';
import { sealIdentity } from './identities.ts';
import { requireIssuer } from './set-up.ts';
import { requireSigningKey } from './signing-keys.ts';

const DAY_SECONDS = 24 * 3600;
const DEFAULT_LIFE_SECONDS = 365 * DAY_SECONDS;
const MAX_LIFE_SECONDS = 5 * 366 * DAY_SECONDS;
const ID_BYTES = 8;

export interface IssueRequest extends Pick<IssueCredentialOptions, 'redact' | 'decoys'> {
  readonly claims: MedicalInsuranceClaims;
  /** A year from now unless given; five years at most. */
  readonly expiresAt?: Date;
  readonly notBefore?: Date;
  /** The public key, a COSE_Key, of the device that alone can present it. */
  readonly holderKey?: Uint8Array;
  /** With `claims.delegate`: who is acted for, by the name that the issuer's own system has for them. */
  readonly subject?: string;
  /** The cti of the credential that is revoked when this one is recorded. */
  readonly replaces?: string;
}

export interface IssuedCredential {
  /** The cti, 16 hex digits. */
  readonly id: string;
  /** The QR text, `ZM1:…`; with a `holderKey` what goes to the device. Not kept: this answer is the only place it exists. */
  readonly text: string;
  readonly expiresAt: Date;
  readonly status: { readonly list: number; readonly index: number };
}

/** A request that may be issued, with what is recorded beside its credential. */
export type CheckedIssue = Pick<IssueRecord, 'issuedAt' | 'expiresAt' | 'delegation' | 'replaces'> & {
  readonly request: IssueRequest;
};

/**
 * Signs a credential and records that it exists; its claims are not recorded, but for name and ID number, sealed, where the
 * service keeps identities. With `replaces`, that credential is revoked in the same transaction. Throws `ServiceError`
 * `invalid_request` when the dates or the region are outside what the issuer may sign, or for what does not go together;
 * `out_of_scope` when the operator may not; `too_many_delegates` when the subject has as many as the issuer allows;
 * `credential_not_found` and `already_revoked` of the one that was to be replaced; `proposal_closed` where `proposal`, the id
 * of an approved one, is not to be carried out any more.
 *
 * It is signed first and recorded second, and answered only then: a crash in between leaves a credential that nobody
 * received, never one that somebody holds and nobody can revoke.
 */
export async function issue(
  request: IssueRequest,
  by: Caller,
  deps: ActionDeps,
  proposal?: string,
): Promise<IssuedCredential> {
  const issuer = await requireIssuer(deps);
  const key = await requireSigningKey(issuer, deps);
  const checked = await checkIssue(request, by, issuer, deps);
  const { issuedAt, expiresAt, delegation, replaces } = checked;
  for (;;) {
    const status = await deps.store.proposeIndex();
    const { id, text } = await signIssue(checked, { id: createCredentialId(), status }, issuer.id, key);
    const identity = await sealIdentity(request.claims, id, deps);
    const outcome = await deps.store.recordIssue({
      id,
      ...status,
      type: 'medical-insurance',
      issuedAt,
      expiresAt,
      by,
      ...(delegation && { delegation }),
      ...(replaces !== undefined && { replaces }),
      ...(identity && { identity }),
      ...(proposal !== undefined && { proposal }),
    });
    if (outcome === 'recorded') return { id, text, expiresAt, status };
    if (outcome !== 'index_taken') throw describeRefusal(outcome, deps);
  }
}

/** Holds a request to what the issuer signs and the operator may do. Throws as `issue` does. */
export async function checkIssue(
  request: IssueRequest,
  by: Caller,
  issuer: Issuer,
  deps: Pick<ActionDeps, 'store' | 'keys' | 'maxDelegates' | 'currentDate'>,
): Promise<CheckedIssue> {
  checkScope(request, by.scope);
  const issuedAt = deps.currentDate();
  const expiresAt = request.expiresAt ?? new Date(issuedAt.getTime() + DEFAULT_LIFE_SECONDS * 1000);
  checkDates(request, expiresAt, issuedAt);
  checkRegion(request.claims.region, issuer.regions);
  checkDelegate(request);
  const { subject, replaces } = request;
  if (replaces !== undefined) await requireOwnCredential(replaces, by, deps.store);
  return {
    request,
    issuedAt,
    expiresAt,
    ...(subject !== undefined && {
      delegation: { subject: await deps.keys.hashSubject(subject), limit: deps.maxDelegates },
    }),
    ...(replaces !== undefined && { replaces }),
  };
}

/** A new cti, 16 hex digits. */
export function createCredentialId(): string {
  return randomBytes(ID_BYTES).toString('hex');
}

/** Signs what was checked. Throws `ServiceError` `invalid_request` for claims that the core does not sign. */
export async function signIssue(
  { request, issuedAt, expiresAt }: CheckedIssue,
  { id, status }: { readonly id: string; readonly status: { readonly list: number; readonly index: number } },
  issuer: string,
  key: IssuerKey,
): Promise<{ readonly id: string; readonly text: string }> {
  return sign(
    {
      type: 'medical-insurance',
      issuer,
      expiresAt,
      ...(request.notBefore && { notBefore: request.notBefore }),
      ...(request.holderKey && { holderKey: request.holderKey }),
      id: Uint8Array.from(Buffer.from(id, 'hex')),
      status,
      claims: request.claims,
    },
    key,
    {
      currentDate: issuedAt,
      ...(request.redact && { redact: request.redact }),
      ...(request.decoys !== undefined && { decoys: request.decoys }),
    },
  );
}

/** What is answered where the store recorded nothing. */
export function describeRefusal(
  outcome: Exclude<IssueOutcome, 'recorded' | 'index_taken'>,
  { maxDelegates }: Pick<ActionDeps, 'maxDelegates'>,
): ServiceError {
  switch (outcome) {
    case 'too_many_delegates':
      return new ServiceError(
        outcome,
        `This subject has ${maxDelegates} delegated credentials in force, which is the limit: revoke one first.`,
      );
    case 'proposal_closed':
      return proposalClosed();
    case 'replaced_not_found':
      return new ServiceError('credential_not_found', 'This service issued no credential with the id in replaces.');
    case 'replaced_final':
      return new ServiceError('already_revoked', 'The credential to be replaced is revoked, which is final.');
  }
}

async function sign(content: CredentialContent, key: IssuerKey, options: IssueCredentialOptions) {
  try {
    return await issueCredential(content, key, options);
  } catch (error) {
    // Its message names the field and never carries the value.
    if (error instanceof CredentialError)
      throw new ServiceError('invalid_request', `${error.message}.`, { cause: error });
    throw error;
  }
}

function checkScope({ claims }: IssueRequest, { regions, types }: OperatorScope): void {
  if (regions && !regions.some((prefix) => claims.region.startsWith(prefix)))
    throw new ServiceError('out_of_scope', 'This operator does not issue for this region.');
  if (types && !types.includes('medical-insurance'))
    throw new ServiceError('out_of_scope', 'This operator does not issue credentials of this type.');
}

function checkDates({ notBefore }: IssueRequest, expiresAt: Date, now: Date): void {
  const lifeSeconds = (expiresAt.getTime() - now.getTime()) / 1000;
  if (lifeSeconds <= 0) refuse('/expiresAt', 'must be in the future');
  if (lifeSeconds > MAX_LIFE_SECONDS) refuse('/expiresAt', 'must be at most five years from now');
  if (notBefore && notBefore >= expiresAt) refuse('/notBefore', 'must be before expiresAt');
}

function checkRegion(region: string, prefixes: readonly string[]): void {
  if (prefixes.some((prefix) => region.startsWith(prefix))) return;
  refuse('/claims/region', 'must be a region this issuer signs for');
}

function checkDelegate({ claims, subject, holderKey }: IssueRequest): void {
  if (claims.delegate && subject === undefined) refuse('/subject', 'must be given with claims.delegate');
  if (!claims.delegate && subject !== undefined) refuse('/subject', 'must be given with claims.delegate only');
  if (claims.delegable && !holderKey)
    refuse('/claims/delegable', 'needs a holderKey, for it is the holder who delegates');
  if (claims.delegable && claims.delegate) refuse('/claims/delegable', 'a delegate cannot delegate');
}

function refuse(pointer: string, reason: string): never {
  throw new ServiceError('invalid_request', 'A field of the request is not acceptable.', {
    faults: [{ pointer, reason }],
  });
}
