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
import { requireOwnCredential } from './change-status.ts';
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
  /** The cti of the credential that is revoked as this one is recorded. */
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

/**
 * Signs a credential and records that it exists; its claims are not recorded, but for name and ID number, sealed, where the
 * service keeps identities. Throws `ServiceError` `invalid_request`
 * when the dates or the region are outside what the issuer may sign, or for what does not go together; `out_of_scope` when
 * the operator may not; `credential_not_found` and `already_revoked` for the one to be replaced;
 * `too_many_delegates` when the subject has as many as the issuer allows.
 *
 * It is signed first and recorded second, and answered only then: a crash in between leaves a credential that nobody
 * received, never one that somebody holds and nobody can revoke.
 */
export async function issue(request: IssueRequest, by: Caller, deps: ActionDeps): Promise<IssuedCredential> {
  checkScope(request, by.scope);
  const issuer = await requireIssuer(deps);
  const key = await requireSigningKey(issuer, deps);
  const now = deps.currentDate();
  const expiresAt = request.expiresAt ?? new Date(now.getTime() + DEFAULT_LIFE_SECONDS * 1000);
  checkDates(request, expiresAt, now);
  checkRegion(request.claims.region, issuer.regions);
  checkDelegate(request);
  if (request.replaces !== undefined) await requireOwnCredential(request.replaces, by, deps.store);
  const delegation = request.subject !== undefined && {
    subject: await deps.keys.hashSubject(request.subject),
    limit: deps.maxDelegates,
  };
  for (;;) {
    const status = await deps.store.proposeIndex();
    const credential = await sign(
      {
        type: 'medical-insurance',
        issuer: issuer.id,
        expiresAt,
        ...(request.notBefore && { notBefore: request.notBefore }),
        ...(request.holderKey && { holderKey: request.holderKey }),
        id: new Uint8Array(randomBytes(ID_BYTES)),
        status,
        claims: request.claims,
      },
      key,
      {
        currentDate: now,
        ...(request.redact && { redact: request.redact }),
        ...(request.decoys !== undefined && { decoys: request.decoys }),
      },
    );
    const identity = await sealIdentity(request.claims, credential.id, deps);
    const outcome = await deps.store.recordIssue({
      id: credential.id,
      ...status,
      type: 'medical-insurance',
      issuedAt: now,
      expiresAt,
      by,
      ...(delegation && { delegation }),
      ...(request.replaces !== undefined && { replaces: request.replaces }),
      ...(identity && { identity }),
    });
    switch (outcome) {
      case 'recorded':
        return { id: credential.id, text: credential.text, expiresAt, status };
      case 'index_taken':
        continue;
      case 'too_many_delegates':
        throw new ServiceError(
          'too_many_delegates',
          `This subject has ${deps.maxDelegates} delegated credentials in force, which is the limit: revoke one first.`,
        );
      case 'replaced_not_found':
        throw new ServiceError('credential_not_found', 'This service issued no credential with the id in replaces.');
      case 'replaced_final':
        throw new ServiceError('already_revoked', 'The credential to be replaced is revoked, which is final.');
    }
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
