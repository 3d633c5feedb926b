import { afterAll, beforeAll, expect, it } from 'vitest';
import { PERSON } from './people.ts';
import { type Answer, issuePerson, post, readAnswer, startService, type TestService } from './service.ts';

let service: TestService;
let root: string;

beforeAll(async () => {
  service = await startService();
  root = service.keys.administrator;
});

afterAll(() => service.close());

const send = (address: string, body: unknown, apiKey = root) => post(`${service.url}/v1/${address}`, apiKey, body);

const get = async (address: string, apiKey = root): Promise<Answer> =>
  readAnswer(await fetch(`${service.url}/v1/${address}`, { headers: { Authorization: `Bearer ${apiKey}` } }));

async function add(role: string, organisation: string, more: object = {}, apiKey = root) {
  const { status, body } = await send('operators', { name: `${role} 窗口`, role, organisation, ...more }, apiKey);
  expect(status).toBe(201);
  return { key: body.apiKey as string, id: body.operator.id as string };
}

const isIn = async (apiKey: string) => (await send('verifications', { text: 'x' }, apiKey)).status === 200;

it('a tree is built from the root down, and its administrators rule their own part alone', async () => {
  for (const [id, parent] of [
    ['REGION', '370200'],
    ['HALL', 'REGION'],
    ['STATION', 'HALL'],
    ['OTHER', '370200'],
  ]) {
    expect(await send('organisations', { id, name: `机构 ${id}`, parent })).toMatchObject({
      status: 201,
      body: { id },
    });
  }
  expect((await send('organisations', { id: 'HALL', name: 'x', parent: '370200' })).body.code).toBe(
    'organisation_exists',
  );
  // The issuer’s is the first level.
  const levels = ['STATION', 'L5', 'L6', 'L7'];
  const answers: unknown[] = [];
  for (const [n, id] of levels.slice(1).entries()) {
    const { status, body } = await send('organisations', { id, name: id, parent: levels[n] });
    answers.push([status, body.code, body.errors?.[0]?.pointer]);
  }
  expect(answers).toEqual([
    [201, undefined, undefined],
    [201, undefined, undefined],
    [400, 'invalid_request', '/parent'],
  ]);
  const contested = ['REGION', 'OTHER'].map((parent) => send('organisations', { id: 'CONTESTED', name: 'x', parent }));
  expect((await Promise.all(contested)).map(({ status }) => status).toSorted()).toEqual([201, 409]);
  const hall = await add('administrator', 'HALL');
  const seen = await get('organisations', hall.key);
  expect(seen.body.organisations.map(({ id }: { id: string }) => id)).toEqual(['HALL', 'L5', 'L6', 'STATION']);
  const outside = { name: 'x', role: 'verifier', organisation: 'OTHER' };
  expect((await send('operators', outside, hall.key)).body.code).toBe('organisation_not_found');
  expect((await send('organisations', { id: 'N', name: 'x', parent: 'REGION' }, hall.key)).body.code).toBe(
    'organisation_not_found',
  );
  const other = await add('verifier', 'OTHER');
  expect((await send(`operators/${other.id}/access`, { disabled: true }, hall.key)).body.code).toBe(
    'operator_not_found',
  );
  const station = await add('verifier', 'STATION', {}, hall.key);
  expect(await isIn(station.key)).toBe(true);
  expect((await get('operators', hall.key)).body.operators).toHaveLength(2);
  expect((await get('operators', station.key)).body.code).toBe('forbidden');
});

it('whoever is disabled is out from the next request on, with all below them', async () => {
  const desk = await add('verifier', 'STATION');
  expect(await send(`operators/${desk.id}/access`, { disabled: true })).toMatchObject({
    status: 200,
    body: { disabledAt: expect.any(String) },
  });
  expect(await isIn(desk.key)).toBe(false);
  await send(`operators/${desk.id}/access`, { disabled: false });
  expect(await isIn(desk.key)).toBe(true);
  await send('organisations/REGION/access', { disabled: true });
  expect(await isIn(desk.key)).toBe(false);
  await send('organisations/REGION/access', { disabled: false });
  expect(await isIn(desk.key)).toBe(true);
  expect((await send('organisations/370200/access', { disabled: true })).body.code).toBe('own_access');
});

it('whoever has a key is told who they are, and auditors whose names the audit has', async () => {
  for (const role of ['issuer', 'verifier', 'auditor', 'administrator']) {
    const { key, id } = await add(role, 'STATION', { scope: { businessTypes: ['01301'] } });
    expect(await get('operator', key)).toMatchObject({
      status: 200,
      body: { id, role, organisation: 'STATION', scope: { businessTypes: ['01301'] } },
    });
    const isReader = ['auditor', 'administrator'].includes(role);
    for (const address of ['operators', 'organisations'])
      expect((await get(address, key)).status).toBe(isReader ? 200 : 403);
    if (role === 'auditor')
      expect((await send('organisations', { id: 'N', name: 'x', parent: 'STATION' }, key)).body.code).toBe('forbidden');
  }
  expect((await get('operator', 'zk_none')).body.code).toBe('unauthenticated');
});

it('a further key works beside the first, and all are withdrawn at once', async () => {
  const desk = await add('verifier', 'STATION');
  const { body } = await send(`operators/${desk.id}/keys`, {});
  expect([await isIn(desk.key), await isIn(body.apiKey)]).toEqual([true, true]);
  expect((await send(`operators/${desk.id}/keys/withdrawal`, {})).body).toEqual({ withdrawn: 2 });
  expect([await isIn(desk.key), await isIn(body.apiKey)]).toEqual([false, false]);
});

it('an operator is over at the end that was set, and none is added that is over', async () => {
  const at = (seconds: number) => new Date(service.deps.currentDate().getTime() + seconds * 1000).toISOString();
  const volunteer = await add('verifier', 'STATION', { expiresAt: at(100) });
  expect(await isIn(volunteer.key)).toBe(true);
  service.advance(101);
  expect(await isIn(volunteer.key)).toBe(false);
  const over = { name: 'x', role: 'verifier', organisation: 'STATION', expiresAt: at(-1) };
  expect((await send('operators', over)).body.code).toBe('invalid_request');
});

it('a scope holds: regions for issuing, business for verifying', async () => {
  const scope = { regions: ['370202'], businessTypes: ['01301'] };
  const issuer = await add('issuer', 'STATION', { scope });
  const issue = (region: string) => send('credentials', { claims: { ...PERSON, region } }, issuer.key);
  expect((await issue('370202')).status).toBe(201);
  expect(await issue('370203')).toMatchObject({ status: 403, body: { code: 'out_of_scope' } });
  const desk = await add('verifier', 'STATION', { scope });
  const verify = (more: object) => send('verifications', { text: 'x', ...more }, desk.key);
  expect((await verify({ businessType: '01301' })).status).toBe(200);
  expect(await verify({ businessType: '01101' })).toMatchObject({ status: 403, body: { code: 'out_of_scope' } });
  expect((await verify({})).body.code).toBe('out_of_scope');
});

it('nobody gives others more than they may do themselves, or for longer', async () => {
  const at = (seconds: number) => new Date(service.deps.currentDate().getTime() + seconds * 1000).toISOString();
  const scope = { regions: ['3702'], businessTypes: ['01101', '01301'] };
  const free = await add('issuer', 'STATION');
  const held = await add('administrator', 'STATION', { scope, expiresAt: at(1000) });
  const give = (more: object) =>
    send('operators', { name: 'x', role: 'issuer', organisation: 'STATION', expiresAt: at(500), ...more }, held.key);
  expect((await give({ scope: { regions: ['370202'], businessTypes: ['01301'] } })).status).toBe(201);
  for (const wider of [
    {},
    { scope: { regions: ['3702'] } },
    { scope: { ...scope, regions: ['37'] } },
    { scope: { ...scope, businessTypes: ['01101', '01102'] } },
    { scope, expiresAt: at(1001) },
  ]) {
    expect(await give(wider)).toMatchObject({ status: 403, body: { code: 'out_of_scope' } });
  }
  // Nor by a key of somebody who may do more, nor by one of the folder's owner.
  expect((await send(`operators/${free.id}/keys`, {}, held.key)).body.code).toBe('out_of_scope');
  expect((await send('operators/local/keys', {})).body.code).toBe('operator_not_found');
  expect((await send('operators/local/access', { disabled: true })).body.code).toBe('operator_not_found');
});

it('who may not read ID numbers lets nobody else, but for whoever rules the whole tree', async () => {
  const scope = { readIdNumbers: true };
  const reader = (apiKey: string, organisation = 'STATION') =>
    send('operators', { name: 'HIS', role: 'verifier', organisation, scope }, apiKey);
  const refused = { status: 403, body: { code: 'out_of_scope' } };
  const blind = await add('administrator', 'STATION');
  expect(await reader(blind.key)).toMatchObject(refused);
  const given = await reader(root);
  expect(given).toMatchObject({ status: 201, body: { operator: { scope } } });
  // Nor by a key of somebody who may.
  expect(await send(`operators/${given.body.operator.id}/keys`, {}, blind.key)).toMatchObject(refused);
  expect((await reader((await add('administrator', 'STATION', { scope })).key)).status).toBe(201);
  const regional = await add('administrator', '370200', { scope: { regions: ['3702'] } });
  const within = { name: 'x', role: 'verifier', organisation: 'STATION', scope: { ...scope, regions: ['3702'] } };
  expect(await send('operators', within, regional.key)).toMatchObject(refused);
});

it('nobody lets in again who may do more than they', async () => {
  const scope = { regions: ['3702'] };
  const refused = { status: 403, body: { code: 'out_of_scope' } };
  const access = (path: string, disabled: boolean, apiKey = root) => send(`${path}/access`, { disabled }, apiKey);
  await send('organisations', { id: 'DESK', name: '窗口', parent: 'OTHER' });
  const held = await add('administrator', 'OTHER', { scope });
  const [free, local] = [await add('issuer', 'DESK'), await add('issuer', 'DESK', { scope })];
  for (const { id } of [free, local]) expect((await access(`operators/${id}`, true)).status).toBe(200);
  expect(await access(`operators/${free.id}`, false, held.key)).toMatchObject(refused);
  expect((await access(`operators/${local.id}`, false, held.key)).status).toBe(200);
  // Of an organisation: whoever would be let in, and not who stays disabled.
  await access('organisations/DESK', true);
  expect((await access('organisations/DESK', false, held.key)).status).toBe(200);
  await access(`operators/${free.id}`, false);
  // To shut somebody out one needs no more than a say.
  expect((await access('organisations/DESK', true, held.key)).status).toBe(200);
  expect(await access('organisations/DESK', false, held.key)).toMatchObject(refused);
  expect((await access('organisations/DESK', false)).status).toBe(200);
});

it('a status is changed by those above the one who issued, and by nobody beside', async () => {
  const [station, other] = [await add('issuer', 'STATION'), await add('issuer', 'OTHER')];
  const issued = await send('credentials', { claims: PERSON }, station.key);
  const revoke = (apiKey: string) => send(`credentials/${issued.body.id}/status`, { status: 'revoked' }, apiKey);
  expect(await revoke(other.key)).toMatchObject({ status: 404, body: { code: 'credential_not_found' } });
  expect((await revoke((await add('issuer', 'REGION')).key)).status).toBe(200);
  const above = (await issuePerson(service)).body.id;
  expect((await send(`credentials/${above}/status`, { status: 'revoked' }, station.key)).status).toBe(404);
});

it('what cannot be is refused by its field', async () => {
  const operator = { name: 'x', role: 'verifier', organisation: 'STATION' };
  for (const [change, pointer] of [
    [{ role: 'root' }, '/role'],
    [{ name: '\u202e' }, '/name'],
    [{ scope: { regions: ['x'] } }, '/scope/regions/0'],
    [{ scope: { all: true } }, '/scope/all'],
    [{ organisation: '' }, '/organisation'],
  ] as const) {
    const { status, body } = await send('operators', { ...operator, ...change });
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_request', pointer]);
  }
});
