import { z } from 'zod';
import {
  approveProposal,
  carryOutProposal,
  listProposals,
  rejectProposal,
  showProposal,
} from '../actions/proposals.ts';
import { issuedCredential } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import { proposal, proposalId, proposalQuery, shownProposal } from '../schemas/proposal.ts';
import { type Route, type RouteContext, requireCaller } from './route.ts';

const COMMON = { role: 'issuer', parameters: { id: proposalId } } as const;

/** What one operator proposed and another decides on, where the service is set so. */
export const proposalRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/proposals',
    summary: { en: 'What waits for somebody to agree', zh: '待复核事项' },
    role: 'issuer',
    query: proposalQuery.shape,
    responses: {
      200: {
        description:
          'Of your organisation and below, 200 at most: pending ones, then approved ones; of each your organisation’s own first, oldest first',
        schema: z.strictObject({ proposals: z.array(proposal) }),
      },
    },
    problems: ['invalid_request'],
    async handle(context, deps) {
      context.set('Cache-Control', 'no-store');
      const search = parseAs(proposalQuery, { ...context.query });
      context.body = { proposals: await listProposals(search, requireCaller(context), deps) };
    },
  },
  {
    ...COMMON,
    method: 'get',
    path: '/v1/proposals/:id',
    summary: { en: 'What is to be decided on', zh: '查看待复核事项' },
    responses: { 200: { description: 'With the request, masked', schema: shownProposal } },
    problems: ['invalid_request', 'proposal_not_found'],
    async handle(context, deps) {
      context.set('Cache-Control', 'no-store');
      context.body = await showProposal(readId(context), requireCaller(context), deps);
    },
  },
  {
    ...COMMON,
    method: 'post',
    path: '/v1/proposals/:id/approval',
    summary: { en: 'Agree; a status is changed with it', zh: '复核通过' },
    responses: { 200: { description: 'As it is now', schema: proposal } },
    problems: [
      'invalid_request',
      'proposal_not_found',
      'own_proposal',
      'proposal_closed',
      'credential_not_found',
      'already_revoked',
    ],
    async handle(context, deps) {
      context.body = await approveProposal(readId(context), requireCaller(context), deps);
    },
  },
  {
    ...COMMON,
    method: 'post',
    path: '/v1/proposals/:id/rejection',
    summary: { en: 'Decline', zh: '复核不通过' },
    responses: { 200: { description: 'As it is now', schema: proposal } },
    problems: ['invalid_request', 'proposal_not_found', 'own_proposal', 'proposal_closed'],
    async handle(context, deps) {
      context.body = await rejectProposal(readId(context), requireCaller(context), deps);
    },
  },
  {
    ...COMMON,
    method: 'post',
    path: '/v1/proposals/:id/execution',
    summary: { en: 'Issue what was approved, once, for its proposer', zh: '复核通过后由提出人签发' },
    responses: { 201: { description: 'Issued and recorded', schema: issuedCredential } },
    problems: [
      'invalid_request',
      'proposal_not_found',
      'proposal_closed',
      'credential_not_found',
      'already_revoked',
      'too_many_delegates',
      'clock_behind',
    ],
    async handle(context, deps) {
      const issued = await carryOutProposal(readId(context), requireCaller(context), deps);
      context.status = 201;
      context.body = issued;
    },
  },
];

function readId(context: RouteContext): string {
  return parseAs(proposalId, context.params['id']);
}
