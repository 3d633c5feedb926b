import { randomUUID } from 'node:crypto';
import { maskIdNumber, maskName } from '@zhengma/credential-core/issue';
import { ServiceError } from '../errors.ts';
import { issueRequest } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import type { Actor, Caller } from '../stores/access.ts';
import type { Proposal, ProposalRecord, ProposalSearch } from '../stores/proposals.ts';
import {
  type ChangedStatus,
  changeStatus,
  proposalClosed,
  requireOwnCredential,
  type StatusRequest,
} from './change-status.ts';
import type { ActionDeps } from './deps.ts';
import { checkIssue, type IssuedCredential, type IssueRequest, issue } from './issue.ts';
import { requireIssuer } from './set-up.ts';

/** A shift and the night after it. */
const LIFE_MILLISECONDS = 24 * 3600 * 1000;

/** Of one organisation; each holds a person's claims. */
const MAX_PENDING = 500;

/** The longest list that anybody works through. */
const MAX_LISTED = 200;

type ProposalDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>;

/** A proposal, and what of the request somebody needs to see who decides: name and number masked. */
export interface ShownProposal extends Proposal {
  readonly request?: object;
}

/**
 * Issues, or proposes to issue where another operator has to agree: then nothing is issued yet. Throws as {@link issue} does,
 * and `too_many_proposals`.
 */
export async function issueOrPropose(
  request: IssueRequest,
  by: Caller,
  deps: ActionDeps,
): Promise<{ issued: IssuedCredential } | { proposed: Proposal }> {
  const needsOther = deps.fourEyes.issue || (deps.fourEyes.status && request.replaces !== undefined);
  if (!needsOther) return { issued: await issue(request, by, deps) };
  // What could not be issued is not proposed.
  await checkIssue(request, by, await requireIssuer(deps), deps);
  const id = randomUUID();
  const { expiresAt, notBefore, holderKey, ...rest } = request;
  const json = JSON.stringify({
    ...rest,
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(notBefore && { notBefore: notBefore.toISOString() }),
    ...(holderKey && { holderKey: Buffer.from(holderKey).toString('base64url') }),
  });
  const sealedRequest = await deps.keys.seal(Buffer.from(json), sealPurpose(id));
  return { proposed: await propose({ id, action: 'issue', sealedRequest }, by, deps) };
}

/**
 * Changes a status, or proposes it where another operator has to agree. One alone may always suspend: that is undone, and
 * cannot wait. Throws as {@link changeStatus} does, and `too_many_proposals`.
 */
export async function changeStatusOrPropose(
  { id, status, reason }: Omit<StatusRequest, 'proposal'>,
  by: Caller,
  deps: ActionDeps,
): Promise<{ changed: ChangedStatus } | { proposed: Proposal }> {
  const request = { id, status, ...(reason !== undefined && { reason }) };
  if (!deps.fourEyes.status || status === 'suspended') return { changed: await changeStatus(request, by, deps) };
  await requireOwnCredential(id, by, deps.store);
  const known = await deps.store.findCredential(id);
  // Nothing to do, or nothing that can be done: said now, and not to whoever would have to decide.
  if (known?.status === status || known?.status === 'revoked')
    return { changed: await changeStatus(request, by, deps) };
  const proposal = { id: randomUUID(), action: status, credential: id, ...(reason !== undefined && { reason }) };
  return { proposed: await propose(proposal, by, deps) };
}

/** Those of the caller’s organisation and below that wait for somebody: first to be decided, first the organisation’s own. */
export async function listProposals(
  search: Omit<ProposalSearch, 'limit'>,
  by: Actor,
  { store, currentDate }: ProposalDeps,
): Promise<readonly Proposal[]> {
  return store.openProposals(by.organisation, currentDate(), { ...search, limit: MAX_LISTED });
}

/** One of them, with what is to be decided on. Throws `ServiceError` `proposal_not_found`. */
export async function showProposal(id: string, by: Actor, deps: ProposalDeps): Promise<ShownProposal> {
  const { sealedRequest, ...proposal } = await requireProposal(id, by, deps);
  if (!sealedRequest) return proposal;
  const { claims, ...rest } = await openRequest(id, sealedRequest, deps);
  const { name, idNumber, delegate, ...others } = claims;
  const { holderKey, subject: _, ...shown } = rest;
  return {
    ...proposal,
    request: {
      ...shown,
      isBound: holderKey !== undefined,
      claims: {
        ...others,
        ...(name !== undefined && { name: maskName(name) }),
        ...(idNumber !== undefined && { idNumber: maskIdNumber(idNumber, '0+4') }),
        ...(delegate && { delegate: { ...delegate, name: maskName(delegate.name) } }),
      },
    },
  };
}

/**
 * Agrees. A status is changed with it, in one transaction; a credential is issued when the proposer has it carried out, for
 * they hand it over. Throws `ServiceError`: `proposal_not_found`; `own_proposal`; `proposal_closed`; `out_of_scope` for what
 * the caller could not do themselves; and as {@link changeStatus} does.
 */
export async function approveProposal(id: string, by: Caller, deps: ActionDeps): Promise<Proposal> {
  const proposal = await requireDecidable(id, by, deps);
  const { action, credential, reason, sealedRequest } = proposal;
  if (action === 'issue') {
    if (!sealedRequest) throw proposalClosed();
    await checkIssue(await openRequest(id, sealedRequest, deps), by, await requireIssuer(deps), deps);
    if (!(await deps.store.decideProposal(id, 'approved', by, deps.currentDate()))) throw proposalClosed();
  } else {
    const request = { id: credential ?? '', status: action, proposal: id, ...(reason !== undefined && { reason }) };
    await changeStatus(request, by, deps);
  }
  return withoutRequest(await requireProposal(id, by, deps));
}

/** Declines. Throws `ServiceError` `proposal_not_found`, `own_proposal`, `proposal_closed`. */
export async function rejectProposal(id: string, by: Actor, deps: ProposalDeps): Promise<Proposal> {
  await requireDecidable(id, by, deps);
  if (!(await deps.store.decideProposal(id, 'rejected', by, deps.currentDate()))) throw proposalClosed();
  return withoutRequest(await requireProposal(id, by, deps));
}

/**
 * Issues what was approved, once, for whoever proposed it. Throws `ServiceError`: `proposal_not_found`, also for what somebody
 * else proposed; `proposal_closed`; and as {@link issue} does.
 */
export async function carryOutProposal(id: string, by: Caller, deps: ActionDeps): Promise<IssuedCredential> {
  const { proposer, action, state, sealedRequest } = await requireProposal(id, by, deps);
  if (proposer !== by.operator) throw notFound();
  if (action !== 'issue' || state !== 'approved' || !sealedRequest) throw proposalClosed();
  return issue(await openRequest(id, sealedRequest, deps), by, deps, id);
}

/** Deletes those whose time is over. */
export async function forgetProposals({
  store,
  currentDate,
}: Pick<ProposalDeps, 'store' | 'currentDate'>): Promise<void> {
  while ((await store.forgetProposals(currentDate())) > 0);
}

async function propose(
  proposal: Pick<ProposalRecord, 'id' | 'action' | 'credential' | 'reason' | 'sealedRequest'>,
  { operator, organisation }: Actor,
  { store, currentDate }: ProposalDeps,
): Promise<Proposal> {
  const createdAt = currentDate();
  const record: ProposalRecord = {
    ...proposal,
    organisation,
    proposer: operator,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + LIFE_MILLISECONDS),
    state: 'pending',
  };
  if (await store.addProposal(record, MAX_PENDING)) return withoutRequest(record);
  throw new ServiceError(
    'too_many_proposals',
    `${MAX_PENDING} proposals of your organisation wait: have some decided.`,
  );
}

async function requireProposal(id: string, by: Actor, { store, currentDate }: ProposalDeps): Promise<ProposalRecord> {
  const proposal = await store.findProposal(id);
  if (!proposal || proposal.expiresAt <= currentDate()) throw notFound();
  if (!(await store.isWithin(proposal.organisation, by.organisation))) throw notFound();
  return proposal;
}

async function requireDecidable(id: string, by: Actor, deps: ProposalDeps): Promise<ProposalRecord> {
  const proposal = await requireProposal(id, by, deps);
  if (proposal.proposer === by.operator)
    throw new ServiceError('own_proposal', 'Whoever proposed it does not decide on it: ask somebody else.');
  if (proposal.state !== 'pending') throw proposalClosed();
  return proposal;
}

async function openRequest(
  id: string,
  sealed: Uint8Array,
  { keys }: Pick<ProposalDeps, 'keys'>,
): Promise<IssueRequest> {
  const opened = await keys.open(sealed, sealPurpose(id));
  if (!opened) throw new Error(`The request of the proposal ${id} was sealed by another data folder`);
  return parseAs(issueRequest, JSON.parse(Buffer.from(opened).toString('utf8')));
}

function withoutRequest({ sealedRequest: _, ...proposal }: ProposalRecord): Proposal {
  return proposal;
}

function sealPurpose(id: string): string {
  return `proposal ${id}`;
}

function notFound(): ServiceError {
  return new ServiceError('proposal_not_found', 'Your organisation has no proposal of this id.');
}
