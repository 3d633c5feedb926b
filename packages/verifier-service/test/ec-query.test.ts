import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addHisGrant } from '../src/actions/his-grants.ts';
import { forgetIdentities, sealPurpose } from '../src/actions/identities.ts';
import { addOperator as addOperatorOf, setOperatorDisabled } from '../src/actions/organisations.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { ecQueryAnswer, ecTokenCheckAnswer } from '../src/schemas/ec-query.ts';
import type { OperatorScope } from '../src/stores/access.ts';
import { initialise, makeFolder, run, Zhengma } from './cli.ts';
import { issueToDevice } from './holders.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import {
  type Answer,
  changeStatus,
  issuePerson,
  post,
  readAnswer,
  startService,
  type TestService,
  verifyText,
} from './service.ts';

const QUERY = '/localcfc/api/hsecfc/localQrCodeQuery';
const CHECK = '/localcfc/api/hsecfc/localEcTokenCheck';
const HOSPITAL = 'H37020000001';
const OTHER = 'H37020000002';
const DESK = '10.20.3.4';
const OFFICIAL = '3702021990030700381234567890';

/** A call as it goes over the wire, without a key, from an address that the proxy tells. */
async function call(url: string, body: unknown, from = DESK, apiKey?: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json;charset=UTF-8',
      'X-Forwarded-For': from,
      ...(apiKey && { Authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(body),
  });
  return readAnswer(response);
}

/** What a HIS sends. */
function ask(ecQrCode: string, { orgId = HOSPITAL, businessType = '01301' } = {}) {
  return {
    transType: 'ec.query',
    orgId,
    extra: {},
    data: {
      orgId,
      businessType,
      businessInfo: '',
      operatorId: '0053',
      operatorName: '收费员',
      officeId: '32760',
      officeName: '消化内科',
      deviceType: '',
      ecQrCode,
    },
  };
}

function check(ecToken: string, given: object = {}, orgId = HOSPITAL) {
  return {
    orgId,
    data: { ecToken, idType: '01', idNo: PERSON.idNumber, userName: PERSON.name, ...given },
  };
}

async function letIn(
  { deps }: TestService,
  { organisation = HOSPITAL, scope = {} as OperatorScope, network = '10.20.0.0/16' } = {},
) {
  const { operator, apiKey } = await addOperator({ name: 'HIS', role: 'verifier', organisation, scope }, deps);
  await addHisGrant({ network, operator }, await actLocally(deps), deps);
  return { operator, apiKey };
}

async function searchAudit({ deps }: TestService, action: 'read_identity' | 'check_identity') {
  return (await deps.store.searchAudit({ action, limit: 100 })).entries;
}

const proxy = { header: 'X-Forwarded-For', hops: 1 };

describe('a service that keeps identities', () => {
  let service: TestService;
  let url: string;
  let text: string;
  let id: string;

  beforeAll(async () => {
    service = await startService({ proxy, sealsIdentities: true });
    url = `${service.url}${QUERY}`;
    ({ text, id } = (await issuePerson(service)).body);
  });

  afterAll(() => service.close());

  it('has nothing at the address of a HIS until one is let in', async () => {
    expect(await call(url, ask(text))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await call(`${service.url}${CHECK}`, check('x'))).toMatchObject({ status: 404 });
  });

  it('answers a HIS with the person in full, where the scope allows it, and says so in the audit', async () => {
    await letIn(service, { scope: { readIdNumbers: true } });
    const { status, headers, body } = await call(url, ask(text));
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    ecQueryAnswer.parse(body);
    expect(body).toMatchObject({
      code: 0,
      message: expect.stringContaining('处理成功'),
      orgId: HOSPITAL,
      data: {
        userName: PERSON.name,
        idNo: PERSON.idNumber,
        idType: '01',
        insuOrg: '370202',
        ecIndexNo: id,
        gender: '男',
        birthday: '1990.03.07',
      },
      extra: { zhengma: { code: 'valid', bearer: true, inFull: true } },
    });
    expect(body.data.ecToken).toMatch(/^370202ec[A-Za-z0-9_-]{32}$/);
    expect(await service.deps.store.findReceipt(body.data.authNo)).toMatchObject({ organisation: HOSPITAL });
    expect(await searchAudit(service, 'read_identity')).toMatchObject([
      { credential: id, organisation: HOSPITAL, businessType: '01301' },
    ]);
  });

  it('lets in nobody from elsewhere, of another organisation, or whose operator is disabled', async () => {
    const refused = { status: 401, body: { code: -1, data: {}, extra: { zhengma: { code: 'unauthenticated' } } } };
    expect(await call(url, ask(text), '10.21.0.1')).toMatchObject(refused);
    expect(await call(url, ask(text), '::1')).toMatchObject(refused);
    expect(await call(url, ask(text, { orgId: OTHER }))).toMatchObject(refused);
    const { operator } = await letIn(service, { organisation: OTHER });
    expect(await call(url, ask(text, { orgId: OTHER }), `::ffff:${DESK}`)).toMatchObject({ body: { code: 0 } });
    await setOperatorDisabled(operator.id, true, await actLocally(service.deps), service.deps);
    expect(await call(url, ask(text, { orgId: OTHER }))).toMatchObject(refused);
    await setOperatorDisabled(operator.id, false, await actLocally(service.deps), service.deps);
  });

  it('masks for an operator without the scope, and audits no reading', async () => {
    const before = (await searchAudit(service, 'read_identity')).length;
    const { body } = await call(url, ask(text, { orgId: OTHER }));
    expect(body.data).toMatchObject({
      userName: '李**',
      idNo: expect.stringMatching(/^\*+0038$/),
      gender: '',
      birthday: '',
    });
    expect(body.extra.zhengma.inFull).toBe(false);
    expect(await searchAudit(service, 'read_identity')).toHaveLength(before);
  });

  it('an API key does it too, for its own organisation alone', async () => {
    const { apiKey } = await addOperator(
      { name: 'desk', role: 'verifier', organisation: HOSPITAL, scope: { readIdNumbers: true } },
      service.deps,
    );
    expect(await call(url, ask(text), '192.0.2.1', apiKey)).toMatchObject({
      body: { code: 0, data: { idNo: PERSON.idNumber } },
    });
    expect(await call(url, ask(text, { orgId: OTHER }), '192.0.2.1', apiKey)).toMatchObject({
      status: 403,
      body: { code: -1, extra: { zhengma: { code: 'out_of_scope' } } },
    });
    expect(await call(url, ask(text), DESK, 'zk_wrong')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await call(url, ask(text), DESK, service.keys.issuer)).toMatchObject({ status: 403 });
  });

  it('hands an official code over and keeps nothing of it', async () => {
    const { status, body } = await call(url, ask(OFFICIAL));
    expect(status).toBe(200);
    ecQueryAnswer.parse(body);
    expect(body).toMatchObject({
      code: 500159,
      message: expect.stringContaining('请使用医保电子凭证二维码'),
      data: {},
      extra: { zhengma: { code: 'not_zhengma', kind: 'official', advice: { zh: expect.stringContaining('HIS') } } },
    });
    expect(JSON.stringify(body)).not.toContain(OFFICIAL);
    expect(service.log.join('')).not.toContain(OFFICIAL);
    expect(await call(url, ask('6901234567892'))).toMatchObject({
      body: { code: 500159, extra: { zhengma: { kind: 'product' } } },
    });
  });

  it('a code from a screen passes once: again at the desk it is the same receipt, elsewhere it is over', async () => {
    const holder = await issueToDevice(service.url, service.keys.issuer, { claims: PERSON });
    const shown = await holder.show();
    const first = await call(url, ask(shown));
    const again = await call(url, ask(shown));
    expect([first.body.code, again.body.code]).toEqual([0, 0]);
    expect(again.body.data.authNo).toBe(first.body.data.authNo);
    expect(again.body.extra.zhengma.repeated).toBe(true);
    for (const other of [ask(shown, { orgId: OTHER }), ask(shown, { businessType: '01101' })]) {
      expect(await call(url, other)).toMatchObject({ body: { code: -50, extra: { zhengma: { code: 'replayed' } } } });
    }
    // A picture of the credential itself, which no device showed.
    expect(await call(url, ask(holder.text))).toMatchObject({
      body: { code: -215, extra: { zhengma: { code: 'not_presented' } } },
    });
  });

  it('what the holder did not disclose is not told', async () => {
    const holder = await issueToDevice(service.url, service.keys.issuer, { claims: PERSON, redact: ['idNumber'] });
    const { body } = await call(url, ask(await holder.show()));
    expect(body).toMatchObject({ code: 0, data: { userName: PERSON.name, idNo: '', idType: '', gender: '' } });
  });

  it('says by a token whether it is this person, to those who may read numbers, and audits each answer', async () => {
    const { ecToken } = (await call(url, ask(text))).body.data;
    const checkUrl = `${service.url}${CHECK}`;
    const yes = await call(checkUrl, check(ecToken));
    ecTokenCheckAnswer.parse(yes.body);
    expect(yes.body).toMatchObject({ code: 0, data: { flag: 1 } });
    for (const other of [{ idNo: '370202198511241142' }, { userName: '李**' }, { idType: '02' }, { idNo: '' }]) {
      expect((await call(checkUrl, check(ecToken, other))).body).toMatchObject({ code: 0, data: { flag: 0 } });
    }
    const wrong = [`${ecToken.slice(0, -1)}${ecToken.endsWith('A') ? 'B' : 'A'}`, `110101${ecToken.slice(6)}`, '', 'x'];
    for (const token of wrong) {
      expect((await call(checkUrl, check(token))).body).toMatchObject({ code: -215, data: { flag: 0 } });
    }
    expect((await searchAudit(service, 'check_identity')).map(({ outcome }) => outcome).reverse()).toEqual([
      'matched',
      ...Array(4).fill('not_matched'),
      ...Array(4).fill('token_not_valid'),
    ]);
    expect(await call(checkUrl, check(ecToken, {}, OTHER))).toMatchObject({
      status: 403,
      body: { code: -1, extra: { zhengma: { code: 'out_of_scope' } } },
    });
    await letIn(service, { organisation: 'H37020000003', scope: { readIdNumbers: true } });
    // Of another hospital.
    expect((await call(checkUrl, check(ecToken, {}, 'H37020000003'))).body).toMatchObject({ code: -215 });
  });

  it('says what is wrong with a request, in the shape that a HIS reads', async () => {
    const whole = ask(text);
    const wrong: [unknown, string][] = [
      [{ ...whole, transType: 'ec.other' }, '/transType'],
      [{ ...whole, data: { ...whole.data, businessType: '1' } }, '/data/businessType'],
      [{ ...whole, data: { ...whole.data, ecQrCode: 'A'.repeat(4297) } }, '/data/ecQrCode'],
      [{ ...whole, data: { ...whole.data, orgId: OTHER } }, '/data/orgId'],
      [{ ...whole, data: '{"orgId":' }, '/data'],
      [[], ''],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await call(url, body);
      expect([answer.status, answer.body.code]).toEqual([400, -1]);
      expect(answer.body.extra.zhengma.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
      ecQueryAnswer.parse(answer.body);
    }
    expect(await call(url, { ...whole, data: JSON.stringify(whole.data) })).toMatchObject({ body: { code: 0 } });
    expect(await call(url, { ...whole, data: { ecQrCode: text, businessType: null, ecQrChannel: '1' } })).toMatchObject(
      {
        body: { code: 0 },
      },
    );
    expect(await call(url, { ...whole, data: { ...whole.data, orgId: '' } })).toMatchObject({ body: { code: 0 } });
  });

  it('the end of line that a gun or a serial port puts behind a code is not of the code; a space is', async () => {
    for (const end of ['\r\n', '\r', '\n\n']) {
      expect(await call(url, ask(text + end))).toMatchObject({ body: { code: 0 } });
      expect(await verifyText(service, text + end)).toMatchObject({ status: 200, body: { ok: true } });
    }
    for (const wrong of [`${text} `, `${text.slice(0, 20)}\n${text.slice(20)}`, '\r\n'])
      expect((await verifyText(service, wrong)).body.ok).toBe(false);
  });

  it('who is revoked is forgotten with it, who is over a day later', async () => {
    const [revoked, kept] = [(await issuePerson(service)).body, (await issuePerson(service)).body];
    const { ecToken } = (await call(url, ask(revoked.text))).body.data;
    await changeStatus(service, revoked.id, 'suspended');
    expect(await service.deps.store.findIdentity(revoked.id)).toBeDefined();
    expect(await call(url, ask(revoked.text))).toMatchObject({ body: { code: -215, data: {} } });
    await changeStatus(service, revoked.id, 'revoked');
    expect(await service.deps.store.findIdentity(revoked.id)).toBeUndefined();
    expect(await call(`${service.url}${CHECK}`, check(ecToken))).toMatchObject({ body: { code: -215 } });
    const at = (days: number) => () => new Date(Date.parse(kept.expiresAt) + days * 86_400_000);
    await forgetIdentities({ ...service.deps, currentDate: at(0.99) });
    expect(await service.deps.store.findIdentity(kept.id)).toBeDefined();
    await forgetIdentities({ ...service.deps, currentDate: at(1.01) });
    expect(await service.deps.store.findIdentity(kept.id)).toBeUndefined();
    // Masked, as if it had never been kept.
    expect((await call(url, ask(kept.text))).body).toMatchObject({ code: 0, data: { userName: '李**' } });
  });

  it('what was sealed for one credential opens for no other', async () => {
    const [one, other] = [(await issuePerson(service)).body.id, (await issuePerson(service)).body.id];
    const sealed = (await service.deps.store.findIdentity(one)) as Uint8Array;
    expect(await service.deps.keys.open(sealed, sealPurpose(one))).toBeDefined();
    expect(await service.deps.keys.open(sealed, sealPurpose(other))).toBeUndefined();
    const changed = Uint8Array.from(sealed);
    changed[20] = (changed[20] as number) ^ 1;
    expect(await service.deps.keys.open(changed, sealPurpose(one))).toBeUndefined();
  });

  it('a token is no longer good once the credential behind it is over', async () => {
    const expiresAt = new Date(service.deps.currentDate().getTime() + 60_000).toISOString();
    const { body } = await post(`${service.url}/v1/credentials`, service.keys.issuer, { claims: PERSON, expiresAt });
    const { ecToken } = (await call(url, ask(body.text))).body.data;
    expect(await call(`${service.url}${CHECK}`, check(ecToken))).toMatchObject({
      body: { code: 0, data: { flag: 1 } },
    });
    service.advance(60);
    expect(await call(`${service.url}${CHECK}`, check(ecToken))).toMatchObject({
      body: { code: -215, data: { flag: 0 }, extra: { zhengma: { code: 'token_not_valid' } } },
    });
  });

  it('a token is over after the life that was set', async () => {
    const { ecToken } = (await call(url, ask((await issuePerson(service)).body.text))).body.data;
    service.advance(7201);
    expect(await call(`${service.url}${CHECK}`, check(ecToken))).toMatchObject({
      body: { code: -113, data: { flag: 0 }, extra: { zhengma: { code: 'token_expired' } } },
    });
  });
});

it('keeps nothing unless it is told to; the data may be a text; a token cannot be compared then', async () => {
  const service = await startService({ proxy, ecQuery: { dataAs: 'string', tokenSeconds: 60 } });
  await letIn(service, { scope: { readIdNumbers: true } });
  const { text, id } = (await issuePerson(service)).body;
  expect(await service.deps.store.findIdentity(id)).toBeUndefined();
  const { body } = await call(`${service.url}${QUERY}`, ask(text));
  ecQueryAnswer.parse(body);
  const data = JSON.parse(body.data);
  expect(data).toMatchObject({ userName: '李**', gender: '' });
  const checked = await call(`${service.url}${CHECK}`, check(data.ecToken));
  expect(checked.body).toMatchObject({
    code: -1,
    data: '{"flag":0}',
    extra: { zhengma: { code: 'identity_not_kept' } },
  });
  await service.close();
});

it('only a verifier of the organisation is let in, from a network that is not too wide', async () => {
  const service = await startService();
  const by = await actLocally(service.deps);
  const issuer = await addOperatorOf({ name: 'i', role: 'issuer', organisation: by.organisation }, by, service.deps);
  const verifier = await addOperatorOf(
    { name: 'v', role: 'verifier', organisation: by.organisation },
    by,
    service.deps,
  );
  const add = (network: string, { operator } = verifier) => addHisGrant({ network, operator }, by, service.deps);
  for (const network of ['0.0.0.0/0', '10.0.0.0/15', '10.0.0.0', '10.0.0.0/33', '::/0', '2001:db8::/47', 'x/16', '']) {
    await expect(add(network)).rejects.toThrow('no wider than /16');
  }
  await expect(add('10.0.0.0/16', issuer)).rejects.toThrow('must be a verifier');
  await add('2001:db8::/48');
  await service.close();
});

it('zhengma his lets one in, lists it and puts it out again', async () => {
  const { data } = await initialise();
  const his = (...words: string[]) => run(['his', ...words, '--data', data, '--json']);
  await run(['organisation', 'add', HOSPITAL, '--data', data]);
  const added = JSON.parse((await his('add', HOSPITAL, '--from', '10.20.0.0/16', '--read-id-numbers')).stdout);
  expect(added).toMatchObject({ organisation: HOSPITAL, network: '10.20.0.0/16' });
  expect(JSON.parse((await his('list')).stdout)).toEqual({ grants: [added] });
  expect(JSON.parse((await his('remove', HOSPITAL)).stdout)).toEqual({ removed: 1 });
});

it('a simulation answers with fictional people, says so everywhere, and does not run beside real data', async () => {
  const { data: real } = await initialise();
  const refused = await run(['serve', '--simulate', '--port', '0', '--data', real]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--simulate');
  const none = path.join(await makeFolder(), 'none');
  const simulation = new Zhengma(['serve', '--simulate', '--port', '0', '--data', none, '--json']);
  const [, url] = await simulation.waitFor(/"url":"([^"]+)","simulation":true/);
  const query = await call(`${url}${QUERY}`, ask('ZM1:ANYTHING'));
  ecQueryAnswer.parse(query.body);
  expect(query).toMatchObject({ status: 200, body: { code: 0, extra: { zhengma: { simulation: true } } } });
  expect((await call(`${url}${QUERY}`, ask('ZM1:ANYTHING'))).body.data.idNo).toBe(query.body.data.idNo);
  const { ecToken, idNo, userName } = query.body.data;
  const answers = [
    query,
    await call(`${url}${CHECK}`, check(ecToken, { idNo, userName })),
    await call(`${url}${CHECK}`, check(ecToken, { idNo: '1', userName })),
    await call(`${url}${CHECK}`, check('x')),
    await call(`${url}${QUERY}`, ask(OFFICIAL)),
    await call(`${url}${QUERY}`, ask('SIM:expired')),
    await call(`${url}${QUERY}`, ask('SIM:revoked')),
    await call(`${url}${QUERY}`, ask('SIM:unchecked')),
  ];
  expect(answers.map(({ body }) => body.code)).toEqual([0, 0, 0, -215, 500159, -50, -215, -1]);
  expect([answers[1]?.body.data.flag, answers[2]?.body.data.flag]).toEqual([1, 0]);
  for (const { headers, body } of answers) {
    expect(headers.get('X-Zhengma-Simulation')).toBe('true');
    expect(body.extra.zhengma.simulation).toBe(true);
  }
  const broken = await call(`${url}${QUERY}`, { orgId: HOSPITAL });
  expect(broken.headers.get('X-Zhengma-Simulation')).toBe('true');
  expect((await fetch(`${url}/v1/roots`)).status).toBe(404);
  simulation.child.kill('SIGTERM');
  const { code, stderr } = await simulation.ended;
  expect(code).toBe(0);
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(8);
  expect(lines.every((line) => line.simulation === true)).toBe(true);
  expect(existsSync(none)).toBe(false);
});
