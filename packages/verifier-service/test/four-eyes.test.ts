import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setOperatorDisabled } from '../src/actions/organisations.ts';
import { forgetProposals } from '../src/actions/proposals.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { proposal, shownProposal } from '../src/schemas/proposal.ts';
import { readTrail } from './audit-trail.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import { post, readAnswer, startService, type TestService, verifyText } from './service.ts';

interface Clerk {
  readonly id: string;
  readonly apiKey: string;
}

let service: TestService;
let clerk: Clerk;
let colleague: Clerk;
let stranger: Clerk;

async function hire(name: string, organisation: string, scope: object = {}): Promise<Clerk> {
  const { operator, apiKey } = await addOperator({ name, role: 'issuer', organisation, scope }, service.deps);
  return { id: operator.id, apiKey };
}

beforeAll(async () => {
  service = await startService({ fourEyes: 'both' });
  clerk = await hire('窗口', 'H37020000001');
  colleague = await hire('复核', 'H37020000001');
  stranger = await hire('别处', 'P37020000009');
});

afterAll(() => service.close());

const call = (address: string, { apiKey }: Clerk, body: object = {}) => post(service.url + address, apiKey, body);

async function get(address: string, { apiKey }: Clerk) {
  return readAnswer(await fetch(service.url + address, { headers: { Authorization: `Bearer ${apiKey}` } }));
}

async function propose(more: object = {}, by = clerk): Promise<string> {
  const answer = await call('/v1/credentials', by, { claims: PERSON, ...more });
  expect(answer.status).toBe(202);
  return proposal.parse(answer.body).id;
}

const decide = (id: string, what: 'approval' | 'rejection' | 'execution', by: Clerk) =>
  call(`/v1/proposals/${id}/${what}`, by);

async function issue() {
  const id = await propose();
  expect((await decide(id, 'approval', colleague)).status).toBe(200);
  return (await decide(id, 'execution', clerk)).body;
}

it('what one proposes another agrees to, and the proposer issues it, once; who did what is in the audit', async () => {
  const before = (await readTrail(service.deps.store)).length;
  const id = await propose({ subject: undefined });
  expect((await get('/v1/proposals', colleague)).body.proposals).toMatchObject([
    { id, state: 'pending', proposer: clerk.id },
  ]);
  const shown = shownProposal.parse((await get(`/v1/proposals/${id}`, colleague)).body);
  expect(shown.request).toMatchObject({
    isBound: false,
    claims: { region: PERSON.region, name: expect.stringMatching(/^.\*+$/) },
  });
  for (const value of [PERSON.name, PERSON.idNumber]) expect(JSON.stringify(shown)).not.toContain(value);
  expect((await decide(id, 'execution', clerk)).body.code).toBe('proposal_closed');
  expect((await decide(id, 'approval', clerk)).body.code).toBe('own_proposal');
  expect((await decide(id, 'approval', colleague)).body).toMatchObject({ state: 'approved', decidedBy: colleague.id });
  expect((await decide(id, 'approval', colleague)).body.code).toBe('proposal_closed');
  expect((await decide(id, 'execution', colleague)).body.code).toBe('proposal_not_found');

  const answers = await Promise.all(Array.from({ length: 10 }, () => decide(id, 'execution', clerk)));
  const issued = answers.filter(({ status }) => status === 201);
  expect(issued).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'proposal_closed')).toHaveLength(9);
  expect((await verifyText(service, issued[0]?.body.text)).body).toMatchObject({
    ok: true,
    credential: { id: issued[0]?.body.id },
  });
  const rows = (await readTrail(service.deps.store)).slice(before).filter(({ action }) => action !== 'verify');
  expect(rows.map(({ action, operator, subject, credential }) => [action, operator, subject, credential])).toEqual([
    ['propose', clerk.id, id, undefined],
    ['approve', colleague.id, id, undefined],
    ['issue', clerk.id, id, issued[0]?.body.id],
  ]);
  expect((await get('/v1/proposals', colleague)).body.proposals).toEqual([]);
});

it('a revocation happens with the approval, suspending needs nobody, reinstating does', async () => {
  const { id: credential, text } = await issue();
  const set = (status: string) => call(`/v1/credentials/${credential}/status`, clerk, { status, reason: 'lost' });
  const code = async () => (await verifyText(service, text)).body.code;
  expect(await set('suspended')).toMatchObject({ status: 200, body: { status: 'suspended' } });
  const back = await set('valid');
  expect(back).toMatchObject({ status: 202, body: { action: 'valid', credential, reason: 'lost' } });
  expect(await code()).toBe('suspended');
  expect((await decide(back.body.id, 'approval', colleague)).body.state).toBe('done');
  expect(await code()).toBeUndefined();
  const revoked = await set('revoked');
  expect(await code()).toBeUndefined();
  expect((await decide(revoked.body.id, 'execution', clerk)).body.code).toBe('proposal_closed');
  const answers = await Promise.all(Array.from({ length: 5 }, () => decide(revoked.body.id, 'approval', colleague)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409]);
  expect(await code()).toBe('revoked');
  expect(
    (await readTrail(service.deps.store)).filter(
      ({ action, credential: of }) => action === 'revoked' && of === credential,
    ),
  ).toMatchObject([{ operator: colleague.id, subject: revoked.body.id, reason: 'lost' }]);
  // Said now, and not to whoever would have to decide.
  expect(await set('revoked')).toMatchObject({ status: 200, body: { status: 'revoked' } });
  expect((await set('valid')).body.code).toBe('already_revoked');
});

it('what was done meanwhile is closed by whoever agrees to it a second time', async () => {
  const { id: credential } = await issue();
  const request = () => call(`/v1/credentials/${credential}/status`, clerk, { status: 'revoked', reason: 'lost' });
  const [one, other] = [(await request()).body.id, (await request()).body.id];
  expect((await decide(one, 'approval', colleague)).body.state).toBe('done');
  expect(await decide(other, 'approval', colleague)).toMatchObject({
    status: 200,
    body: { state: 'done', decidedBy: colleague.id },
  });
  expect((await get('/v1/proposals', colleague)).body.proposals).toEqual([]);
  const rows = (await readTrail(service.deps.store)).filter(({ subject }) => subject === other);
  expect(rows.map(({ action }) => action)).toEqual(['propose', 'approve']);
});

it('one station hides nothing of the region’s own, and each is found by its organisation and state', async () => {
  const { deps } = service;
  const head = await hire('处长', '370200');
  const createdAt = new Date(deps.currentDate().getTime() - 60_000);
  const ids = Array.from({ length: 210 }, () => randomUUID());
  for (const id of ids) {
    const given = {
      id,
      organisation: 'P37020000009',
      proposer: stranger.id,
      action: 'revoked',
      state: 'pending',
    } as const;
    await deps.store.addProposal({ ...given, createdAt, expiresAt: new Date(Date.now() + 60_000) }, 500);
  }
  const own = (await call('/v1/credentials', { id: '', apiKey: service.keys.issuer }, { claims: PERSON })).body.id;
  const approved = await propose();
  await decide(approved, 'approval', colleague);
  const find = async (query = '') =>
    (await get(`/v1/proposals${query}`, head)).body.proposals.map(({ id }: { id: string }) => id);
  const all = await find();
  expect(all).toHaveLength(200);
  expect(all[0]).toBe(own);
  expect(all).not.toContain(approved);
  expect(await find('?state=approved')).toEqual([approved]);
  expect(await find('?organisation=H37020000001')).toEqual([approved]);
  expect(await find('?organisation=H37020000001&state=pending')).toEqual([]);
  expect((await get('/v1/proposals?organisation=P37020000009', clerk)).body.proposals).toEqual([]);
  for (const query of ['state=done', 'organisation=', 'organisation=%00', 'organisation=a&organisation=b'])
    expect((await get(`/v1/proposals?${query}`, head)).body.code, query).toBe('invalid_request');
  for (const id of [...ids, own]) await deps.store.decideProposal(id, 'rejected', await actLocally(deps), createdAt);
  await decide(approved, 'execution', clerk);
});

it('nobody beside the organisation sees or decides, nor who could not do it themselves, nor the same person by another key', async () => {
  const id = await propose();
  for (const what of ['approval', 'rejection', 'execution'] as const)
    expect(await decide(id, what, stranger)).toMatchObject({ status: 404, body: { code: 'proposal_not_found' } });
  expect((await get(`/v1/proposals/${id}`, stranger)).body.code).toBe('proposal_not_found');
  expect((await get('/v1/proposals', stranger)).body.proposals).toEqual([]);
  const narrow = await hire('限区', 'H37020000001', { regions: ['370211'] });
  expect((await decide(id, 'approval', narrow)).body.code).toBe('out_of_scope');
  const verifier = await addOperator({ name: '核验', role: 'verifier', organisation: 'H37020000001' }, service.deps);
  expect((await decide(id, 'approval', { id: '', apiKey: verifier.apiKey })).status).toBe(403);
  expect((await decide(id, 'rejection', colleague)).body.state).toBe('rejected');
  expect((await decide(id, 'approval', colleague)).body.code).toBe('proposal_closed');
  expect((await decide(id, 'execution', clerk)).body.code).toBe('proposal_closed');
});

it('what could not be issued is not proposed, and what was is refused when it no longer can be', async () => {
  const region = await call('/v1/credentials', clerk, { claims: { ...PERSON, region: '110101' } });
  expect(region).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  const old = await issue();
  const [one, other] = [await propose({ replaces: old.id }), await propose({ replaces: old.id })];
  for (const id of [one, other]) await decide(id, 'approval', colleague);
  expect((await decide(one, 'execution', clerk)).status).toBe(201);
  expect((await decide(other, 'execution', clerk)).body.code).toBe('already_revoked');

  const gone = await hire('离职', 'H37020000001');
  const id = await propose({}, gone);
  await decide(id, 'approval', colleague);
  await setOperatorDisabled(gone.id, true, await actLocally(service.deps), service.deps);
  expect((await decide(id, 'execution', gone)).status).toBe(401);
});

it('a proposal holds no name in the clear, is over after a day, and is forgotten', async () => {
  const id = await propose();
  await decide(id, 'approval', colleague);
  const bytes = await Promise.all(
    ['zhengma.sqlite', 'zhengma.sqlite-wal'].map((name) => readFile(path.join(service.folder, name))),
  );
  for (const value of [PERSON.name, PERSON.idNumber])
    for (const each of bytes) expect(each.includes(value)).toBe(false);
  service.advance(24 * 3600 + 1);
  expect((await decide(id, 'execution', clerk)).body.code).toBe('proposal_not_found');
  expect((await get('/v1/proposals', colleague)).body.proposals).toEqual([]);
  await forgetProposals(service.deps);
  expect(await service.deps.store.findProposal(id)).toBeUndefined();
});
