import { changeStatus } from '../actions/change-status.ts';
import { issue } from '../actions/issue.ts';
import { changedStatus, credentialId, issuedCredential, issueRequest, statusRequest } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import { type Route, readJson, requireCaller } from './route.ts';

export const credentialRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/credentials',
    summary: { en: 'Issue a credential', zh: '签发凭证' },
    role: 'issuer',
    body: { json: issueRequest },
    responses: { 201: { description: 'Issued and recorded', schema: issuedCredential } },
    problems: ['credential_not_found', 'already_revoked', 'too_many_delegates', 'clock_behind'],
    async handle(context, deps) {
      const request = parseAs(issueRequest, readJson(context));
      const issued = await issue(request, requireCaller(context), deps);
      context.status = 201;
      context.body = issued;
    },
  },
  {
    method: 'post',
    path: '/v1/credentials/:cti/status',
    summary: { en: 'Revoke, suspend or reinstate a credential', zh: '吊销、停用或恢复凭证' },
    role: 'issuer',
    parameters: { cti: credentialId },
    body: { json: statusRequest },
    responses: { 200: { description: 'On disk, and in the next list anybody fetches', schema: changedStatus } },
    problems: ['credential_not_found', 'already_revoked'],
    async handle(context, deps) {
      const { status, reason } = parseAs(statusRequest, readJson(context));
      const { cti } = context.params;
      const request = { id: parseAs(credentialId, cti), status, ...(reason === undefined ? {} : { reason }) };
      context.body = await changeStatus(request, requireCaller(context), deps);
    },
  },
];
