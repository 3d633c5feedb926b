import { randomBytes } from 'node:crypto';
import {
  type CredentialContent,
  CredentialError,
  type IssuerKey,
  issueCredential,
  type MedicalInsuranceClaims,
} from '@zhengma/credential-core/issue';
import { ServiceError } from '../errors.ts';
import type { ActionDeps } from './deps.ts';
import { requireIssuer } from './set-up.ts';
import { requireSigningKey } from './signing-keys.ts';

const DAY_SECONDS = 24 * 3600;
const DEFAULT_LIFE_SECONDS = 365 * DAY_SECONDS;
const MAX_LIFE_SECONDS = 5 * 366 * DAY_SECONDS;
const ID_BYTES = 8;

export interface IssueRequest {
  readonly claims: MedicalInsuranceClaims;
  /** A year from now unless given; five years at most. */
  readonly expiresAt?: Date;
  readonly notBefore?: Date;
}

export interface IssuedCredential {
  /** The cti, 16 hex digits. */
  readonly id: string;
  /** The QR text, `ZM1:…`. Not kept: this answer is the only place it exists. */
  readonly text: string;
  readonly expiresAt: Date;
  readonly status: { readonly list: number; readonly index: number };
}

/**
 * Signs a credential and records that it exists; its claims are not recorded. Throws `ServiceError` `invalid_request`
 * when the dates or the region are outside what the issuer may sign.
 *
 * It is signed first and recorded second, and answered only then: a crash in between leaves a credential that nobody
 * received, never one that somebody holds and nobody can revoke.
 */
export async function issue(request: IssueRequest, operator: string, deps: ActionDeps): Promise<IssuedCredential> {
  const issuer = await requireIssuer(deps);
  const key = await requireSigningKey(issuer, deps);
  const now = deps.currentDate();
  const expiresAt = request.expiresAt ?? new Date(now.getTime() + DEFAULT_LIFE_SECONDS * 1000);
  checkDates(request, expiresAt, now);
  checkRegion(request.claims.region, issuer.regions);
  for (;;) {
    const status = await deps.store.proposeIndex();
    const credential = await sign(
      {
        type: 'medical-insurance',
        issuer: issuer.id,
        expiresAt,
        ...(request.notBefore ? { notBefore: request.notBefore } : {}),
        id: new Uint8Array(randomBytes(ID_BYTES)),
        status,
        claims: request.claims,
      },
      key,
      now,
    );
    const outcome = await deps.store.recordIssue({
      id: credential.id,
      ...status,
      type: 'medical-insurance',
      issuedAt: now,
      expiresAt,
      operator,
    });
    if (outcome === 'recorded') return { id: credential.id, text: credential.text, expiresAt, status };
  }
}

async function sign(content: CredentialContent, key: IssuerKey, currentDate: Date) {
  try {
    return await issueCredential(content, key, { currentDate });
  } catch (error) {
    // Its message names the field and never carries the value.
    if (error instanceof CredentialError)
      throw new ServiceError('invalid_request', `${error.message}.`, { cause: error });
    throw error;
  }
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

function refuse(pointer: string, reason: string): never {
  throw new ServiceError('invalid_request', 'A field of the request is not acceptable.', {
    faults: [{ pointer, reason }],
  });
}
