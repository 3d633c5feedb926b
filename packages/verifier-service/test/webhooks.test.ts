import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebhookDelivery } from '../src/actions/deliver-webhooks.ts';
import { issue } from '../src/actions/issue.ts';
import { addOrganisation } from '../src/actions/organisations.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { addWebhook } from '../src/actions/webhooks.ts';
import { classifyAddress } from '../src/webhooks/address-kind.ts';
import { EndpointClient } from '../src/webhooks/endpoint-client.ts';
import { signMessage } from '../src/webhooks/message-signature.ts';
import { MAX_ATTEMPTS, waitAfter } from '../src/webhooks/retry-schedule.ts';
import { initialise, startProcess, type Zhengma } from './cli.ts';
import { issueToDevice } from './holders.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import { type Receiver, startReceiver } from './receivers.ts';
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

const ALL = [
  'verification.accepted',
  'verification.repeated',
  'verification.replayed',
  'verification.refused',
  'credential.issued',
  'credential.revoked',
  'credential.suspended',
  'credential.reinstated',
];

let service: TestService;
const running = new Set<Zhengma>();

beforeAll(async () => {
  service = await startService({ webhookNetwork: 'private' });
});

afterAll(async () => {
  for (const process of running) process.child.kill('SIGKILL');
  await service.close();
});

const send = (address: string, body: unknown, apiKey = service.keys.administrator) =>
  post(`${service.url}/v1/${address}`, apiKey, body);

const get = async (address: string, apiKey = service.keys.administrator): Promise<Answer> =>
  readAnswer(await fetch(`${service.url}/v1/${address}`, { headers: { Authorization: `Bearer ${apiKey}` } }));

/** Registers a receiver, told of `events`. */
async function register(receiver: Receiver, more: object = {}): Promise<string> {
  const { status, body } = await send('webhooks', { url: receiver.url, events: ALL, ...more });
  expect(status).toBe(201);
  receiver.secret = body.secret;
  return body.webhook.id;
}

/** One look at what is due, with its results. */
async function deliver(deps: TestService['deps'] = service.deps): Promise<void> {
  const delivery = new WebhookDelivery(deps);
  await delivery.begin();
  await delivery.settle();
}

const deliveries = async (id: string, query = '') => (await get(`webhooks/${id}/deliveries${query}`)).body.deliveries;

const remove = (id: string) => send(`webhooks/${id}/removal`, {});

it('what is done is told, signed, without a word about the person, to whoever listens above', async () => {
  const [receiver, beside] = [await startReceiver(), await startReceiver()];
  const place = await addOperator({ name: '窗口', role: 'verifier', organisation: 'H37020000001' }, service.deps);
  const id = await register(receiver);
  const other = await register(beside, { organisation: 'H37020000001', events: ['verification.replayed'] });

  const issued = (await issuePerson(service)).body;
  await changeStatus(service, issued.id, 'suspended');
  await changeStatus(service, issued.id, 'valid');
  await changeStatus(service, issued.id, 'revoked', 'lost');
  const holder = await issueToDevice(service.url, service.keys.issuer);
  const text = await holder.show();
  const verify = (apiKey: string) => send('verifications', { text, businessType: '01301' }, apiKey);
  const { receipt } = (await verify(service.keys.verifier)).body;
  await verify(service.keys.verifier);
  await verify(place.apiKey);
  await send('verifications', { text: 'ZM1:nothing' }, service.keys.verifier);
  while ((await deliveries(id, '?state=pending')).length > 0) await deliver();

  expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);
  expect(receiver.received.map(({ body }) => body.type).toSorted()).toEqual([...ALL, 'credential.issued'].toSorted());
  const accepted = receiver.received.find(({ body }) => body.type === 'verification.accepted');
  expect(accepted?.body).toEqual({
    type: 'verification.accepted',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: {
      organisation: '370200',
      businessType: '01301',
      outcome: 'accepted',
      credential: holder.id,
      receipt: receipt.id,
    },
  });
  expect(beside.received.map(({ body }) => body.type)).toEqual(['verification.replayed']);
  const said = receiver.received.map((message) => message.text).join('');
  for (const secret of [PERSON.name.slice(0, 1), PERSON.idNumber.slice(-4), 'lost', 'ZM1:']) {
    expect(said).not.toContain(secret);
  }
  expect(await deliveries(id, '?limit=1')).toMatchObject([{ state: 'delivered', lastOutcome: 'answered_204' }]);
  await Promise.all([remove(id), remove(other)]);
});

it('one that fails is tried again, later each time, with the same id, and after the last attempt is given up and seen', async () => {
  const receiver = await startReceiver();
  receiver.answer = (response) => response.writeHead(302, { Location: `${receiver.url}/elsewhere` }).end();
  const id = await register(receiver, { events: ['credential.issued'] });
  await issuePerson(service);
  const waits: number[] = [];
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    await deliver();
    const [seen] = await deliveries(id);
    expect(seen).toMatchObject({ attempts: attempt, lastOutcome: 'answered_302' });
    if (attempt === MAX_ATTEMPTS) break;
    expect(seen.state).toBe('pending');
    const seconds = (Date.parse(seen.nextAttemptAt) - service.deps.currentDate().getTime()) / 1000;
    waits.push(seconds);
    // Not before its time.
    await deliver();
    service.advance(seconds + 1);
  }
  // No redirect was followed, nothing was sent early.
  expect(receiver.received).toHaveLength(MAX_ATTEMPTS);
  expect(new Set(receiver.received.map((message) => message.id)).size).toBe(1);
  const days = waits.reduce((a, b) => a + b) / 86_400;
  expect(days).toBeGreaterThan(2);
  expect(days).toBeLessThan(4);
  expect(await deliveries(id, '?state=given_up')).toMatchObject([{ attempts: MAX_ATTEMPTS }]);
  await remove(id);
});

it('one that hangs holds up neither a verification nor another endpoint, and one that is gone is told nothing more', async () => {
  const [hanging, gone, good] = [await startReceiver(), await startReceiver(), await startReceiver()];
  hanging.answer = () => {};
  gone.answer = (response) => response.writeHead(410).end();
  const events = ['verification.refused'];
  const ids = [await register(hanging, { events }), await register(gone, { events }), await register(good, { events })];
  const refuse = () => send('verifications', { text: 'x' }, service.keys.verifier);
  for (let n = 0; n < 3; n++) await refuse();
  const delivery = new WebhookDelivery(service.deps);
  await delivery.begin();
  await Promise.all([hanging, good, gone].map((each) => each.until((received) => received.length === 3)));
  expect((await refuse()).status).toBe(200);
  while ((await deliveries(ids[1] as string, '?state=pending')).length > 0) await delivery.begin();
  const { webhooks } = (await get('webhooks')).body;
  expect(webhooks.map(({ disabledAt }: { disabledAt?: string }) => disabledAt !== undefined)).toEqual([
    false,
    true,
    false,
  ]);
  expect(await deliveries(ids[1] as string, '?state=given_up')).not.toHaveLength(0);
  // Three messages were answered so; it was ended once, by the service itself.
  const { entries } = (await get('audit?action=disable_webhook')).body;
  expect(entries).toMatchObject([{ subject: ids[1], operator: 'local' }]);
  const before = gone.received.length;
  await refuse();
  while ((await deliveries(ids[2] as string, '?state=pending')).length > 0) await delivery.begin();
  expect(good.received).toHaveLength(5);
  expect(gone.received).toHaveLength(before);
  // Whoever stops does not wait for the answer; it is sent again.
  await delivery.stop();
  const waiting = await deliveries(ids[0] as string, '?state=pending');
  expect(waiting.filter(({ lastOutcome }: { lastOutcome?: string }) => lastOutcome === 'stopped')).toHaveLength(3);
  await Promise.all(ids.map(remove));
});

it('however many hang, the others are told: at once where they answered before, and else in turn', async () => {
  const isolated = await startService({ webhookNetwork: 'private' });
  const { deps } = isolated;
  const by = await actLocally(deps);
  const delivery = new WebhookDelivery(deps);
  const listen = async (receiver: Receiver, organisation: string) => {
    const added = { url: receiver.url, events: ['credential.issued' as const], organisation };
    receiver.secret = (await addWebhook(added, by, deps)).secret;
  };
  const nested = ['A', 'B', 'C', 'D'];
  for (const [level, id] of nested.entries()) {
    await addOrganisation({ id, name: id, parent: nested[level - 1] ?? '370200' }, by, deps);
  }
  try {
    const [known, fresh] = [await startReceiver(), await startReceiver()];
    await listen(known, '370200');
    const { operator } = await addOperator({ name: '窗口', role: 'issuer', organisation: 'D' }, deps);
    const issueBelow = () => issue({ claims: PERSON }, { operator: operator.id, organisation: 'D', scope: {} }, deps);
    await issueBelow();
    await delivery.begin();
    await delivery.settle();
    // 32 of them, which were registered before the last one that answers.
    const hanging = await startReceiver();
    let asked = 0;
    hanging.answer = () => {
      asked += 1;
    };
    for (const organisation of nested) for (let n = 0; n < 8; n++) await listen(hanging, organisation);
    await issueBelow();
    await delivery.begin();
    await known.until((received) => received.length === 2);
    expect(asked).toBeLessThanOrEqual(24);
    await listen(fresh, '370200');
    await issueBelow();
    const looks = setInterval(() => delivery.begin(), 500);
    await fresh.until((received) => received.length === 1);
    await known.until((received) => received.length === 3);
    clearInterval(looks);
    await delivery.stop();
  } finally {
    await isolated.close();
  }
}, 60_000);

it('a busy endpoint catches up in one look, and what ended long ago is forgotten in one go', async () => {
  const isolated = await startService({ webhookNetwork: 'private' });
  const { deps } = isolated;
  const by = await actLocally(deps);
  try {
    const receiver = await startReceiver();
    const given = { url: receiver.url, events: ['verification.refused' as const] };
    const added = await addWebhook(given, by, deps);
    receiver.secret = added.secret;
    for (let n = 0; n < 200; n++) await verifyText(isolated, `ZM1:${n}`);
    const delivery = new WebhookDelivery(deps);
    await delivery.begin();
    await delivery.settle();
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(200);
    expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);

    // More than are forgotten at once; the last of an endpoint that is no more.
    const database = new DatabaseSync(path.join(isolated.folder, 'zhengma.sqlite'));
    database
      .prepare(
        `insert into webhook_deliveries (id, webhook, event, occurred_at, payload, attempts, state, ended_at)
         with recursive n (n) as (select 1 union all select n + 1 from n where n < 2500)
         select 'msg_' || n, iif(n = 2500, 'gone', ?), 'verification.refused', 1, '{}', 1,
           iif(n = 2500, 'pending', 'delivered'), iif(n = 2500, null, 1) from n`,
      )
      .run(added.webhook.id);
    database.close();
    expect(await delivery.forget()).toBe(2500);
    expect(await delivery.forget()).toBe(0);
  } finally {
    await isolated.close();
  }
}, 30_000);

it('kill -9 loses no message of what was answered', async () => {
  const { data, apiKey } = await initialise();
  const receiver = await startReceiver();
  // Until the process is killed it fails, so that all are still to be sent.
  let isKilled = false;
  receiver.answer = (response) => response.writeHead(isKilled ? 204 : 500).end();
  const start = async () => {
    const started = await startProcess(data, { more: ['--webhook-network', 'private'] });
    running.add(started.process);
    return started;
  };
  const first = await start();
  const added = await post(`${first.url}/v1/webhooks`, apiKey, { url: receiver.url, events: ALL });
  receiver.secret = added.body.secret;
  const holder = await issueToDevice(first.url, apiKey);
  const answered: string[] = [];
  const codes = await Promise.all(Array.from({ length: 60 }, (_, n) => holder.show({ audience: `${n}` })));
  await Promise.all(
    codes.map(async (text, n) => {
      const { body } = await post(`${first.url}/v1/verifications`, apiKey, { text, audience: `${n}` }).catch(() => ({
        body: {} as Answer['body'],
      }));
      if (body.receipt) answered.push(body.receipt.id);
      if (answered.length === 30) first.process.child.kill('SIGKILL');
    }),
  );
  await first.process.ended;
  running.delete(first.process);
  isKilled = true;
  expect(answered.length).toBeGreaterThanOrEqual(30);

  const second = await start();
  const told = () => new Set(receiver.received.map(({ body }) => body.data.receipt));
  await receiver.until(() => answered.every((id) => told().has(id)));
  expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);
  second.process.child.kill('SIGTERM');
  expect((await second.process.ended).code).toBe(0);
  running.delete(second.process);
}, 30_000);

it('an endpoint is an administrator’s, of their part of the tree, and its secret is not in the database', async () => {
  const receiver = await startReceiver();
  const id = await register(receiver);
  const elsewhere = await addOperator({ name: 'x', role: 'administrator', organisation: 'H9' }, service.deps);
  expect((await get('webhooks', elsewhere.apiKey)).body.webhooks).toEqual([]);
  expect(await get(`webhooks/${id}/deliveries`, elsewhere.apiKey)).toMatchObject({
    status: 404,
    body: { code: 'webhook_not_found' },
  });
  const asked = { url: receiver.url, events: ALL, organisation: '370200' };
  expect((await send('webhooks', asked, elsewhere.apiKey)).body.code).toBe('organisation_not_found');
  expect((await send('webhooks', asked, service.keys.verifier)).body.code).toBe('forbidden');
  const [kept] = await service.deps.store.webhooksWithin('370200');
  expect(kept).not.toHaveProperty('sealedSecret');
  await issuePerson(service);
  const [record] = await service.deps.store.webhooksDue(service.deps.currentDate());
  const secret = Buffer.from(receiver.secret.slice(6), 'base64');
  expect(Buffer.from(record?.sealedSecret ?? []).includes(secret)).toBe(false);
  expect(await service.deps.keys.open(record?.sealedSecret as Uint8Array, `webhook ${id}`)).toEqual(
    new Uint8Array(secret),
  );
  expect(await service.deps.keys.open(record?.sealedSecret as Uint8Array, 'webhook of another')).toBeUndefined();
  for (let n = 1; n < 8; n++) await register(receiver);
  expect(await send('webhooks', asked)).toMatchObject({ status: 409, body: { code: 'too_many_webhooks' } });
});

it('nothing is sent to where it must not be', async () => {
  const open = new EndpointClient('public');
  const inside = new EndpointClient('private');
  for (const [url, isPublic, isPrivate] of [
    ['https://his.example/zm', true, true],
    ['http://his.example/zm', false, true],
    ['https://127.0.0.1/', false, true],
    ['http://10.1.2.3:8080/', false, true],
    ['http://8.8.8.8/', false, false],
    ['https://8.8.8.8/', true, true],
    ['https://169.254.169.254/latest', false, false],
    ['http://[::ffff:169.254.169.254]/', false, false],
    ['https://[::ffff:7f00:1]/', false, true],
    ['https://[64:ff9b::7f00:1]/', false, false],
    ['https://[2002:7f00:1::]/', false, false],
    ['https://2130706433/', false, true],
    ['https://0/', false, false],
    ['https://user:secret@his.example/', false, false],
    ['ftp://his.example/', false, false],
  ] as const) {
    expect([url, open.accepts(url), inside.accepts(url)]).toEqual([url, isPublic, isPrivate]);
  }
  expect(['fd00::1', 'fe80::1', '::', '100.64.0.1'].map(classifyAddress)).toEqual([
    'private',
    'closed',
    'closed',
    'private',
  ]);
  // A name is checked by what it stands for when it is sent to.
  const receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  const { signal } = new AbortController();
  expect(await open.send(`https://localhost:${port}/`, '{}', {}, signal)).toEqual({ fault: 'address_refused' });
  expect(await inside.send(`http://localhost:${port}/`, '{}', {}, signal)).toEqual({ status: 204 });
  expect(await inside.send(`https://localhost:${port}/`, '{}', {}, signal)).toHaveProperty('fault');
  expect(receiver.received).toHaveLength(1);
});

it('a signature is that of the specification’s example', () => {
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const body = '{"test": 2432232314}';
  expect(signMessage('msg_p5jXN8AQM9LWM0D4loKWxJek', body, secret, new Date(1_614_265_330_000))).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
  expect([waitAfter(1, 0.5), waitAfter(2, 0.5), waitAfter(MAX_ATTEMPTS, 0)]).toEqual([5, 20, undefined]);
});
