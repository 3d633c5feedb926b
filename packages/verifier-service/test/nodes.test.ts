import { afterAll, expect, it } from 'vitest';
import { initialise, run, startProcess, type Zhengma } from './cli.ts';
import { issueToDevice } from './holders.ts';
import { PostgresServer } from './postgres.ts';
import { type Answer, changeStatus, issuePerson, post, verifyText } from './service.ts';

/** Where the lists are said to be, the same for every node. */
const PUBLIC_URL = 'http://127.0.0.1:8080';

const servers: PostgresServer[] = [];
const running = new Set<Zhengma>();

afterAll(async () => {
  for (const process of running) process.child.kill('SIGKILL');
  // The first has the folder of both.
  for (const server of servers.toReversed()) await server.stop('SIGKILL');
  for (const server of servers) await server.remove();
});

/** A node of the service on a database, with the keys of a data folder. */
async function start(data: string, env: Record<string, string>): Promise<string> {
  const { process, url } = await startProcess(data, { publicUrl: PUBLIC_URL, env });
  running.add(process);
  return url;
}

async function forEachBounded<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const run = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: 32 }, run));
}

it('of a thousand at once at two nodes on PostgreSQL one is first, and a restart of the database needs none of theirs', async () => {
  const server = await PostgresServer.start();
  servers.push(server);
  const env = { DATABASE_URL: server.url() };
  const { data, apiKey } = await initialise([], env);
  const urls = await Promise.all([start(data, env), start(data, env)]);
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  const [one, two] = urls.map((url) => ({ url, keys })) as [
    { url: string; keys: typeof keys },
    { url: string; keys: typeof keys },
  ];

  const holder = await issueToDevice(one.url, apiKey);
  const text = await holder.show();
  const answers: Answer[] = [];
  await forEachBounded(
    Array.from({ length: 1000 }, (_, n) => n),
    async (n) => {
      const businessType = ['01101', '01301'][n % 2];
      answers.push(await post(`${urls[n % 4 < 2 ? 0 : 1]}/v1/verifications`, apiKey, { text, businessType }));
    },
  );
  const passed = answers.filter(({ body }) => body.ok);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(passed.filter(({ body }) => !body.repeated)).toHaveLength(1);
  expect(new Set(passed.map(({ body }) => body.receipt.id)).size).toBe(1);
  expect(answers.filter(({ body }) => body.code === 'replayed')).toHaveLength(500);

  // What one node revoked is in the lists that the other publishes, and both publish the same.
  const readBoth = (path: string) =>
    Promise.all([one, two].map(async ({ url }) => Buffer.from(await (await fetch(url + path)).arrayBuffer())));
  const { body } = await issuePerson(one);
  const [whole, same] = await readBoth('/v1/revocation-snapshot');
  expect(same).toEqual(whole);
  expect((await verifyText(two, body.text)).body.ok).toBe(true);
  await changeStatus(one, body.id, 'revoked');
  expect((await verifyText(two, body.text)).body.code).toBe('revoked');
  const deltas = await readBoth('/v1/revocation-snapshot/deltas/1');
  expect(deltas[0]?.length).toBeGreaterThan(150);
  expect(deltas[1]).toEqual(deltas[0]);

  await server.stop('SIGINT');
  expect(await verifyText(one, body.text)).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  await server.run();
  expect((await verifyText(one, body.text)).body.code).toBe('revoked');
  expect((await verifyText(two, body.text)).body.code).toBe('revoked');
  const verified = await run(['audit', 'verify', '--data', data, '--json'], { env });
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, chains: 16 });
});

it('when the primary is killed under load and its standby promoted, nothing that was answered is lost', async () => {
  const primary = await PostgresServer.start();
  servers.push(primary);
  const standby = await primary.addStandby('synchronous_standby_names=standby');
  servers.push(standby);
  const env = {
    DATABASE_URL: `postgres://zhengma@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`,
  };
  const { data, apiKey } = await initialise([], env);
  const service = { url: await start(data, env), keys: { issuer: apiKey, verifier: apiKey, administrator: apiKey } };
  const holder = await issueToDevice(service.url, apiKey);
  const work = await Promise.all(
    Array.from({ length: 150 }, async (_, n) => ({
      id: (await issuePerson(service)).body.id as string,
      text: await holder.show({ audience: `${n}` }),
      audience: `${n}`,
    })),
  );

  const revoked: string[] = [];
  const shown = new Map<string, Answer>();
  let refused = 0;
  let promoted: Promise<void> | undefined;
  const show = ({ text, audience }: { text: string; audience: string }) =>
    post(`${service.url}/v1/verifications`, apiKey, { text, audience });
  await forEachBounded(work, async (each) => {
    const [revocation, verification] = await Promise.all([changeStatus(service, each.id, 'revoked'), show(each)]);
    for (const { status, body } of [revocation, verification]) {
      if (status === 200) continue;
      expect([status, body.code]).toEqual([503, 'store_unavailable']);
      refused += 1;
    }
    if (revocation.status === 200) revoked.push(each.id);
    if (verification.status === 200) shown.set(each.audience, verification);
    if (shown.size >= 30) promoted ??= primary.stop('SIGKILL').then(() => standby.promote());
  });
  await promoted;
  expect(shown.size).toBeGreaterThanOrEqual(30);
  expect(refused).toBeGreaterThan(0);

  // The same process goes on, on the other server.
  for (const id of revoked) {
    expect(await changeStatus(service, id, 'valid')).toMatchObject({ status: 409, body: { code: 'already_revoked' } });
  }
  await forEachBounded(work, async (each) => {
    const again = await show(each);
    expect(again).toMatchObject({ status: 200, body: { ok: true } });
    const before = shown.get(each.audience);
    if (before) expect(again.body).toMatchObject({ repeated: true, receipt: before.body.receipt });
  });
  const verified = await run(['audit', 'verify', '--data', data, '--json'], { env });
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, chains: 16 });
  const accepted = await run(['audit', 'search', '--outcome', 'accepted', '--data', data], { env });
  for (const { body } of shown.values()) expect(accepted.stdout).toContain(body.receipt.id);
});
