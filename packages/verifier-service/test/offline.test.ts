import { exportPublicKey, generateIssuerKey, type IssuerKey, issueReceipt } from '@zhengma/credential-core/issue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyText as checkText } from '../src/actions/verify.ts';
import { offlineKey, offlineReceiptResults } from '../src/schemas/offline.ts';
import { readTrail } from './audit-trail.ts';
import { type Holder, issueToDevice } from './holders.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import { changeStatus, issuePerson, post, readAnswer, startService, type TestService } from './service.ts';

const HOSPITAL = 'H37020000001';
const PHARMACY = 'P37020000009';

/** A desk: an operator, and the key of the device they work at without the network. */
interface Desk {
  readonly apiKey: string;
  readonly operator: string;
  readonly organisation: string;
  readonly device: IssuerKey;
  readonly keyId: string;
}

let service: TestService;
let holder: Holder;
let hospital: Desk;
let pharmacy: Desk;

beforeAll(async () => {
  service = await startService();
  holder = await issueToDevice(service.url, service.keys.issuer);
  hospital = await openDesk('二楼收费处', HOSPITAL);
  pharmacy = await openDesk('收银', PHARMACY);
});

afterAll(() => service.close());

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

async function register(apiKey: string, device: IssuerKey) {
  return post(`${service.url}/v1/offline-keys`, apiKey, { publicKey: encode(exportPublicKey(device)) });
}

async function openDesk(name: string, organisation: string, scope: object = {}): Promise<Desk> {
  const { operator, apiKey } = await addOperator({ name, role: 'verifier', organisation, scope }, service.deps);
  const device = await generateIssuerKey();
  const { body } = await register(apiKey, device);
  return { apiKey, operator: operator.id, organisation, device, keyId: offlineKey.parse(body).id };
}

let shown = 0;

/** A presentation that was not shown before. */
function present(): Promise<string> {
  return holder.show({ audience: `offline ${shown++}`, currentDate: service.deps.currentDate() });
}

/** Verifies without the service, as a desk does, and signs the receipt. */
async function accept(
  text: string,
  desk: Desk,
  change: {
    businessType?: string;
    operator?: string;
    organisation?: string;
    issuer?: string;
    at?: Date;
    by?: IssuerKey;
  } = {},
) {
  const { result, trustList } = await checkText(text, { audience: `offline ${shown - 1}` }, service.deps);
  if (!result.ok) throw new Error(result.code);
  const { credential, bearer, delegate, replay, lists } = result;
  const { bytes, id } = await issueReceipt(
    {
      issuer: change.issuer ?? trustList.publisher,
      organisation: change.organisation ?? desk.organisation,
      operator: change.operator ?? desk.operator,
      outcome: 'valid',
      businessType: change.businessType ?? '01301',
      credential: { issuer: credential.issuer, id: credential.id },
      bearer,
      delegated: delegate !== undefined,
      replayKey: replay.key,
      trustListSequence: trustList.sequence,
      ...(lists.status && { statusList: { uri: lists.status.uri, issuedAt: lists.status.issuedAt } }),
    },
    change.by ?? desk.device,
    { currentDate: change.at ?? service.deps.currentDate() },
  );
  return { id, signed: encode(bytes), text };
}

async function upload(desk: Desk, receipts: readonly { signed: string }[], more: object = {}) {
  const answer = await post(`${service.url}/v1/receipts`, desk.apiKey, {
    receipts: receipts.map(({ signed }) => signed),
    ...more,
  });
  return answer.status === 200 ? offlineReceiptResults.parse(answer.body).results : answer;
}

it('what was verified offline is kept, once, and the code counts as shown from then on', async () => {
  const text = await present();
  const first = await accept(text, hospital);
  const paper = (await issuePerson(service, { ...PERSON, paper: true })).body;
  const bearer = await accept(paper.text, hospital);
  const before = (await readTrail(service.deps.store)).length;
  expect(await upload(hospital, [first, bearer])).toEqual([
    { outcome: 'recorded', id: first.id },
    { outcome: 'recorded', id: bearer.id },
  ]);
  expect(await upload(hospital, [first, bearer, first])).toEqual(
    [first, bearer, first].map(({ id }) => ({ outcome: 'known', id })),
  );
  const rows = (await readTrail(service.deps.store)).slice(before);
  const kept = (made: { id: string }, credential: string) => ({
    action: 'record_offline',
    outcome: 'accepted',
    receipt: made.id,
    subject: hospital.operator,
    credential,
  });
  expect(rows).toHaveLength(2);
  // What is committed together has an order of its own.
  expect(rows).toContainEqual(expect.objectContaining(kept(first, holder.id)));
  expect(rows).toContainEqual(expect.objectContaining(kept(bearer, paper.id)));
  const found = await fetch(`${service.url}/v1/receipts/${first.id}`, {
    headers: { Authorization: `Bearer ${hospital.apiKey}` },
  });
  expect((await readAnswer(found)).body).toMatchObject({ id: first.id, signed: first.signed });

  const expectation = { audience: `offline ${shown - 1}`, businessType: '01301' };
  const ask = (desk: Desk) => post(`${service.url}/v1/verifications`, desk.apiKey, { text, ...expectation });
  expect((await ask(pharmacy)).body).toMatchObject({ ok: false, code: 'replayed' });
  expect((await ask(hospital)).body).toMatchObject({ ok: true, repeated: true, receipt: { id: first.id } });
});

it('a code that was accepted elsewhere is told of, also when the service has forgotten the code', async () => {
  const text = await present();
  const online = await post(`${service.url}/v1/verifications`, pharmacy.apiKey, {
    text,
    audience: `offline ${shown - 1}`,
    businessType: '01301',
  });
  expect(online.body.ok).toBe(true);
  service.advance(2);
  const late = await accept(text, hospital);
  const own = await accept(text, pharmacy);
  const other = await accept(text, pharmacy, { businessType: '01101' });
  // Long after both, and after enough other codes that what is over was forgotten.
  service.advance(5 * 24 * 3600);
  for (let n = 0; n < 40; n++) {
    const other = await present();
    await post(`${service.url}/v1/verifications`, pharmacy.apiKey, { text: other, audience: `offline ${shown - 1}` });
  }
  const conflict = { code: 'replayed', since: online.body.receipt.verifiedAt };
  expect(await upload(hospital, [late])).toEqual([{ outcome: 'recorded', id: late.id, conflict }]);
  expect(await upload(pharmacy, [own, other])).toEqual([
    { outcome: 'repeated', id: own.id },
    { outcome: 'recorded', id: other.id, conflict },
  ]);
  // An upload whose answer was lost: what it said is said again.
  expect(await upload(hospital, [late])).toEqual([{ outcome: 'known', id: late.id, conflict }]);
  expect(await upload(pharmacy, [own, other])).toEqual([
    { outcome: 'known', id: own.id },
    { outcome: 'known', id: other.id, conflict },
  ]);
});

it('of desks that took one code without the network, all but the first are told; the same at once', async () => {
  const text = await present();
  const desks = [hospital, pharmacy, await openDesk('三楼药房', HOSPITAL), await openDesk('车站', 'S37020000003')];
  const receipts = await Promise.all(desks.map((desk) => accept(text, desk)));
  const uploads = desks.flatMap((desk, n) =>
    Array.from({ length: 5 }, () => upload(desk, [receipts[n] as { signed: string }])),
  );
  const results = (await Promise.all(uploads)).flat() as { outcome: string; id: string; conflict?: object }[];
  // Each is recorded once, whoever of the five was first.
  expect(results.filter(({ outcome }) => outcome === 'known')).toHaveLength(16);
  const recorded = results.filter(({ outcome }) => outcome !== 'known');
  expect(new Set(recorded.map(({ id }) => id))).toEqual(new Set(receipts.map(({ id }) => id)));
  const clean = recorded.filter(({ conflict }) => conflict === undefined);
  // Two desks of one hospital are one place.
  const places = clean.map(({ id }) => desks[receipts.findIndex((each) => each.id === id)]?.organisation);
  expect(new Set(places).size).toBe(1);
});

it('a credential that was over by then, and business that is not theirs, are told', async () => {
  const [before, after] = [(await issuePerson(service)).body, (await issuePerson(service)).body];
  const now = service.deps.currentDate();
  const soon = new Date(now.getTime() + 30_000);
  const [late, early] = [await accept(before.text, hospital, { at: soon }), await accept(after.text, hospital)];
  await changeStatus(service, before.id, 'revoked', 'lost');
  service.advance(60);
  await changeStatus(service, after.id, 'revoked', 'lost');
  const results = await upload(hospital, [late, early]);
  expect(results).toEqual([
    { outcome: 'recorded', id: late.id, conflict: { code: 'revoked', since: expect.any(String) } },
    { outcome: 'recorded', id: early.id },
  ]);
  const narrow = await openDesk('体检中心', HOSPITAL, { businessTypes: ['01101'] });
  const outside = await accept(await present(), narrow);
  expect(await upload(narrow, [outside])).toEqual([
    { outcome: 'recorded', id: outside.id, conflict: { code: 'out_of_scope' } },
  ]);
  const last = (await readTrail(service.deps.store)).at(-1);
  expect(last).toMatchObject({ action: 'record_offline', outcome: 'out_of_scope', receipt: outside.id });
});

it('what no device of the operator signed, or not for here and now, is refused, each with its code, and nothing is kept', async () => {
  const lost = await openDesk('流动车', HOSPITAL);
  const text = await present();
  const day = 24 * 3600 * 1000;
  const now = service.deps.currentDate().getTime();
  const made = {
    unknown_key: await accept(text, hospital, { by: await generateIssuerKey() }),
    not_yours: await accept(text, hospital, { operator: pharmacy.operator }),
    other_service: await accept(text, hospital, { issuer: '110000' }),
    issued_in_future: await accept(text, hospital, { at: new Date(now + day) }),
    too_old: await accept(text, hospital, { at: new Date(now - 31 * day) }),
  };
  const flipped = Buffer.from((await accept(text, hospital)).signed, 'base64url');
  flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
  const before = (await readTrail(service.deps.store)).length;
  const results = await upload(hospital, [
    ...Object.values(made),
    { signed: encode(flipped) },
    { signed: encode(new Uint8Array(100)) },
  ]);
  expect(results).toEqual(
    [...Object.keys(made), 'bad_signature', 'malformed'].map((code) => ({ outcome: 'refused', code })),
  );
  // One that names another organisation than the device's.
  const elsewhere = await accept(text, hospital, { organisation: PHARMACY });
  expect(await upload(hospital, [elsewhere])).toEqual([{ outcome: 'refused', code: 'not_yours' }]);

  const backlog = await accept(text, lost);
  expect(await upload(hospital, [backlog])).toEqual([{ outcome: 'refused', code: 'unknown_key' }]);
  const withdraw = (apiKey: string) => post(`${service.url}/v1/offline-keys/${lost.keyId}/withdrawal`, apiKey, {});
  expect((await withdraw(pharmacy.apiKey)).body.code).toBe('offline_key_not_found');
  expect((await withdraw(hospital.apiKey)).body.withdrawnAt).toEqual(expect.any(String));
  expect(await upload(hospital, [backlog], { operator: lost.operator })).toEqual([
    { outcome: 'refused', code: 'key_withdrawn' },
  ]);
  const actions = (await readTrail(service.deps.store)).slice(before).map(({ action }) => action);
  expect(actions).toEqual(['withdraw_offline_key']);
  expect(await upload(hospital, [backlog], { operator: pharmacy.operator })).toMatchObject({
    status: 404,
    body: { code: 'operator_not_found' },
  });
});

it('a colleague uploads what another left behind, and both are in the audit', async () => {
  const left = await openDesk('夜班', HOSPITAL);
  const receipt = await accept(await present(), left);
  expect(await upload(hospital, [receipt], { operator: left.operator })).toEqual([
    { outcome: 'recorded', id: receipt.id },
  ]);
  expect((await readTrail(service.deps.store)).at(-1)).toMatchObject({
    action: 'record_offline',
    operator: hospital.operator,
    subject: left.operator,
  });
});

it('keys are counted, nobody’s but their operator’s, and none but COSE_Keys', async () => {
  expect((await register(hospital.apiKey, hospital.device)).body.id).toBe(hospital.keyId);
  expect(await register(pharmacy.apiKey, hospital.device)).toMatchObject({
    status: 409,
    body: { code: 'offline_key_taken' },
  });
  const wrong = await post(`${service.url}/v1/offline-keys`, hospital.apiKey, {
    publicKey: encode(new Uint8Array(40)),
  });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer: '/publicKey' }] } });
  for (let n = 1; n < 8; n++) expect((await register(pharmacy.apiKey, await generateIssuerKey())).status).toBe(200);
  expect((await register(pharmacy.apiKey, await generateIssuerKey())).body.code).toBe('too_many_offline_keys');
  const list = async (address: string, apiKey: string) =>
    readAnswer(await fetch(service.url + address, { headers: { Authorization: `Bearer ${apiKey}` } }));
  expect((await list('/v1/offline-keys', pharmacy.apiKey)).body.keys).toHaveLength(8);
  expect((await list(`/v1/offline-keys?operator=${pharmacy.operator}`, hospital.apiKey)).body.code).toBe(
    'operator_not_found',
  );
  // PostgreSQL has no text with a NUL in it.
  const nul = { status: 400, body: { code: 'invalid_request', errors: [{ pointer: '/operator' }] } };
  expect(await list('/v1/offline-keys?operator=a%00b', hospital.apiKey)).toMatchObject(nul);
  const receipts = ['A'.repeat(100)];
  expect(await post(`${service.url}/v1/receipts`, hospital.apiKey, { operator: 'a\0b', receipts })).toMatchObject(nul);
  expect((await upload(hospital, [])) as object).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect((await post(`${service.url}/v1/receipts`, service.keys.issuer, { receipts: ['A'.repeat(100)] })).status).toBe(
    403,
  );
});
