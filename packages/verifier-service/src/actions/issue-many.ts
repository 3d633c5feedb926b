import type { IssuerKey } from '@zhengma/credential-core/issue';
import { EnvironmentError, type FieldFault, ServiceError, UsageError } from '../errors.ts';
import type { Caller } from '../stores/access.ts';
import type { Issuer, JobRow } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';
import { sealIdentity } from './identities.ts';
import {
  type CheckedIssue,
  checkIssue,
  createCredentialId,
  describeRefusal,
  type IssuedCredential,
  type IssueRequest,
  signIssue,
} from './issue.ts';
import { requireIssuer } from './set-up.ts';
import { requireSigningKey } from './signing-keys.ts';

/** A row of a job, in the order of the job. */
export interface RowRequest {
  readonly row: number;
  readonly request: IssueRequest;
}

export interface IssuedRow extends IssuedCredential {
  readonly row: number;
}

export interface RefusedRow {
  readonly row: number;
  readonly faults: readonly FieldFault[];
}

export interface RowsOutcome {
  readonly issued: readonly IssuedRow[];
  readonly refused: readonly RefusedRow[];
  /** How many of the issued had been recorded before, and were signed again. */
  readonly again: number;
}

/** What a row of the job is when it is going to be issued. */
interface Pending {
  readonly row: number;
  readonly checked: CheckedIssue;
}

/**
 * Issues the rows of one step of a job; once it fulfils, all that it names is recorded, in one transaction for most. A row
 * that was recorded before keeps its credential, which is signed again by the same key: the same bytes with Ed25519, but for
 * the salts of `redact`. So a job that was killed is done again from its beginning, and nobody is issued to twice. Throws
 * `EnvironmentError` when another process does the same job, `UsageError` for a row to skip that was never recorded.
 *
 * @param job names the file and all that decides what is issued from it
 * @param rows with ascending numbers
 * @param skip rows of which it is known that they need not be signed again
 */
export async function issueRows(
  job: string,
  rows: readonly RowRequest[],
  skip: (row: number) => boolean,
  by: Caller,
  deps: ActionDeps,
): Promise<RowsOutcome> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return { issued: [], refused: [], again: 0 };
  const issuer = await requireIssuer(deps);
  const known = new Map((await deps.store.readJobRows(job, first.row, last.row)).map((each) => [each.row, each]));
  const signing: { recorded: JobRow; request: IssueRequest }[] = [];
  const refused: RefusedRow[] = [];
  let pending: Pending[] = [];
  for (const { row, request } of rows) {
    const recorded = known.get(row);
    if (!recorded && skip(row)) {
      throw new UsageError('The file of --out has rows that were never issued here from this file: choose another.');
    }
    if (!recorded) {
      const checked = await orFaults(checkIssue(request, by, issuer, deps));
      if ('faults' in checked) refused.push({ row, ...checked });
      else pending.push({ row, checked });
    } else if (!skip(row)) signing.push({ recorded, request });
  }
  const issued = await Promise.all(signing.map(({ recorded, request }) => signAgain(recorded, request, issuer, deps)));
  const again = issued.length;
  const key = pending.length > 0 ? await requireSigningKey(issuer, deps) : undefined;
  while (key && pending.length > 0) {
    const step = await recordRows(job, pending, key, issuer, by, deps).catch(async (error: unknown) => {
      const rowsNow = await deps.store.readJobRows(job, first.row, last.row);
      if (pending.some(({ row }) => rowsNow.some((each) => each.row === row)))
        throw new EnvironmentError('Another process issues from this file: let it end, or stop it and begin again.');
      throw error;
    });
    issued.push(...step.issued);
    refused.push(...step.refused);
    pending = step.pending;
  }
  issued.sort((one, other) => one.row - other.row);
  return { issued, refused: refused.sort((one, other) => one.row - other.row), again };
}

/** @returns `pending`: whose index another process took meanwhile */
async function recordRows(
  job: string,
  rows: readonly Pending[],
  key: IssuerKey,
  issuer: Issuer,
  by: Caller,
  deps: ActionDeps,
) {
  const places = await deps.store.proposeIndexes(rows.length);
  const refused: RefusedRow[] = [];
  const drafts = await Promise.all(
    rows.map(async ({ row, checked }, n) => {
      const status = places[n] as (typeof places)[number];
      const signed = await orFaults(signIssue(checked, { id: createCredentialId(), status }, issuer.id, key));
      if ('faults' in signed) refused.push({ row, ...signed });
      if ('faults' in signed) return undefined;
      const identity = await sealIdentity(checked.request.claims, signed.id, deps);
      return { row, checked, status, identity, ...signed };
    }),
  );
  const signed = drafts.filter((draft) => draft !== undefined);
  const outcomes = await deps.store.recordIssues(
    job,
    signed.map(({ row, id, status, identity, checked: { request: _, ...record } }) => ({
      ...record,
      row,
      id,
      ...status,
      type: 'medical-insurance',
      by,
      ...(identity && { identity }),
      kid: Buffer.from(key.kid).toString('hex'),
    })),
  );
  const issued: IssuedRow[] = [];
  const pending: Pending[] = [];
  for (const [n, { row, checked, id, text, status }] of signed.entries()) {
    const outcome = outcomes[n] ?? 'index_taken';
    if (outcome === 'recorded') issued.push({ row, id, text, expiresAt: checked.expiresAt, status });
    else if (outcome === 'index_taken') pending.push({ row, checked });
    else refused.push({ row, faults: describeFaults(describeRefusal(outcome, deps)) });
  }
  return { issued, refused, pending };
}

async function signAgain(
  { row, id, kid, list, index, issuedAt, expiresAt }: JobRow,
  request: IssueRequest,
  issuer: Issuer,
  deps: ActionDeps,
): Promise<IssuedRow> {
  const status = { list, index };
  const key = await deps.keys.issuerKey(kid);
  const { text } = await signIssue({ request, issuedAt, expiresAt }, { id, status }, issuer.id, key);
  return { row, id, text, expiresAt, status };
}

/** What is wrong with the request of a row is said of the row; whatever else is in the way ends the job. */
async function orFaults<T extends object>(work: Promise<T>): Promise<T | { faults: readonly FieldFault[] }> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ServiceError) || !IN_THE_REQUEST.includes(error.code)) throw error;
    return { faults: describeFaults(error) };
  }
}

const IN_THE_REQUEST: readonly string[] = ['invalid_request', 'out_of_scope', 'credential_not_found'];

/** Where the error names no field, its sentence is the reason: neither carries a value. */
function describeFaults({ faults, message }: ServiceError): readonly FieldFault[] {
  return faults.length > 0 ? faults : [{ pointer: '', reason: message.replace(/\.$/, '') }];
}
