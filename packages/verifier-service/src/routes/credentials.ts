import { changeStatusOrPropose, issueOrPropose } from '../actions/proposals.ts';
import { changedStatus, credentialId, issuedCredential, issueRequest, statusRequest } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import { proposal } from '../schemas/proposal.ts';
import { type Route, readJson, requireCaller } from './route.ts';

export const credentialRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/credentials',
    summary: { en: 'Issue a credential', zh: '签发凭证' },
    role: 'issuer',
    body: { json: issueRequest },
    responses: {
      201: { description: 'Issued and recorded', schema: issuedCredential },
      202: { description: 'Another operator has to agree first', schema: proposal },
    },
    problems: ['credential_not_found', 'already_revoked', 'too_many_delegates', 'too_many_proposals', 'clock_behind'],
    async handle(context, deps) {
      const request = parseAs(issueRequest, readJson(context));
      const answer = await issueOrPropose(request, requireCaller(context), deps);
      context.status = 'issued' in answer ? 201 : 202;
      context.body = 'issued' in answer ? answer.issued : answer.proposed;
    },
  },
  {
    method: 'post',
    path: '/v1/credentials/:cti/status',
    summary: { en: 'Revoke, suspend or reinstate a credential', zh: '吊销、停用或恢复凭证' },
    role: 'issuer',
    parameters: { cti: credentialId },
    body: { json: statusRequest },
    responses: {
      200: { description: 'On disk, and in the next list anybody fetches', schema: changedStatus },
      202: { description: 'Another operator has to agree first', schema: proposal },
    },
    problems: ['credential_not_found', 'already_revoked', 'too_many_proposals'],
    async handle(context, deps) {
      const { status, reason } = parseAs(statusRequest, readJson(context));
      const { cti } = context.params;
      const request = { id: parseAs(credentialId, cti), status, ...(reason === undefined ? {} : { reason }) };
      const answer = await changeStatusOrPropose(request, requireCaller(context), deps);
      context.status = 'changed' in answer ? 200 : 202;
      context.body = 'changed' in answer ? answer.changed : answer.proposed;
    },
  },
];
