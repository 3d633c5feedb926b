import { once } from 'node:events';
import { type StatusList, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishStatusList, publishTrustList } from '../src/actions/publish-lists.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { initialise, Zhengma } from './cli.ts';
import { changeStatus, issuePerson, startService, type TestService, verifyText } from './service.ts';

const PUBLIC_URL = 'http://zhengma.test';

/** What a scanner does: it carries the list it holds and takes no older one. */
async function readList(url: string, publicUrl: string, currentDate: Date, previous?: StatusList): Promise<StatusList> {
  const get = async (path: string) => new Uint8Array(await (await fetch(url + path)).arrayBuffer());
  const { roots } = (await (await fetch(`${url}/v1/roots`)).json()) as { roots: string[] };
  const pins = roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  const trust = await verifyTrustList(await get('/v1/trust-list'), pins, { currentDate });
  if (!trust.ok) throw new Error(trust.code);
  const uri = `${publicUrl}/v1/status-lists/1`;
  const bytes = await get('/v1/status-lists/1');
  const status = await verifyStatusList(bytes, trust.list, { currentDate, uri, ...(previous && { previous }) });
  if (!status.ok) throw new Error(status.code);
  return status.list;
}

describe('a scanner that carries the list it holds', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startService();
  });
  afterEach(() => service.close());

  const read = (previous?: StatusList) => readList(service.url, service.url, service.deps.currentDate(), previous);
  const issueMany = async (count: number) =>
    (await Promise.all(Array.from({ length: count }, () => issuePerson(service)))).map(({ body }) => body);
  const revoke = (id: string) => changeStatus(service, id, 'revoked');

  it('is given every revocation of a quick row, in lists that it accepts and that are never ahead of the clock', async () => {
    let held: StatusList | undefined;
    for (const { id, status } of await issueMany(12)) {
      await revoke(id);
      held = await read(held);
      expect(held.get(status.index)).toBe('revoked');
      expect(held.issuedAt <= service.deps.currentDate()).toBe(true);
    }
  });

  it('is given a burst of revocations in one list, and all who ask at once get the same one', async () => {
    const issued = await issueMany(60);
    const before = await read();
    await Promise.all(issued.map(({ id }) => revoke(id)));
    const lists = await Promise.all(Array.from({ length: 20 }, () => read(before)));
    for (const list of lists) {
      expect(list.issuedAt).toEqual(lists[0]?.issuedAt);
      for (const { status } of issued) expect(list.get(status.index)).toBe('revoked');
    }
  });

  it('is given a change that was committed while others already waited', async () => {
    const issued = await issueMany(8);
    const held = await read();
    const lists = await Promise.all(
      issued.map(async ({ id, status }) => {
        await revoke(id);
        return (await read(held)).get(status.index);
      }),
    );
    expect(lists).toEqual(issued.map(() => 'revoked'));
  });

  it('is answered at once while nothing has changed', async () => {
    await issueMany(1);
    await read();
    const started = performance.now();
    for (let n = 0; n < 20; n++) await read();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('is served by two processes on one folder as by one', async () => {
    const issued = await issueMany(6);
    const other = {
      ...(await openDataFolder(service.folder, { create: false })),
      currentDate: service.deps.currentDate,
    };
    const { list: trust } = (await verifyTrustList(
      (
        await publishTrustList(service.deps)
      ).bytes,
      [new Uint8Array(Buffer.from(await readRoot(), 'base64url'))],
      { currentDate: service.deps.currentDate() },
    )) as { list: Parameters<typeof verifyStatusList>[1] };
    let previous: StatusList | undefined;
    for (const { id, status } of issued) {
      await revoke(id);
      const both = await Promise.all([publishStatusList(1, service.deps), publishStatusList(1, other)]);
      expect(both[0].bytes).toEqual(both[1].bytes);
      for (const { bytes, uri } of both) {
        const currentDate = service.deps.currentDate();
        const result = await verifyStatusList(bytes, trust, { currentDate, uri, ...(previous && { previous }) });
        if (!result.ok) throw new Error(result.code);
        expect(result.list.get(status.index)).toBe('revoked');
        previous = result.list;
      }
    }
    await other.images.close();
    await other.store.close();
  });

  it('accepts the lists after the clock was set back a little, and is told when it was set back too far', async () => {
    service.advance(3700);
    const [first, second, third] = await issueMany(3);
    await revoke(first.id);
    const held = await read();
    service.advance(-40);
    await revoke(second.id);
    const next = await read(held);
    expect(next.get(second.status.index)).toBe('revoked');
    expect(next.issuedAt > held.issuedAt).toBe(true);
    service.advance(-3600);
    await revoke(third.id);
    const answer = await fetch(`${service.url}/v1/status-lists/1`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'clock_behind', detail: expect.stringContaining('clock') });
    service.advance(3640);
    expect((await read(next)).get(third.status.index)).toBe('revoked');
  });

  async function readRoot(): Promise<string> {
    const { roots } = (await (await fetch(`${service.url}/v1/roots`)).json()) as { roots: [string] };
    return roots[0];
  }
});

it('a list after kill -9 amid quick revocations follows the one before it', async () => {
  const { data, apiKey } = await initialise();
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  let held: StatusList | undefined;
  for (let round = 0; round < 3; round++) {
    const first = await serveAs(data);
    const issued = await Promise.all(Array.from({ length: 4 }, () => issuePerson({ url: first.url, keys })));
    for (const { body } of issued.slice(0, 2)) {
      await changeStatus({ url: first.url, keys }, body.id, 'revoked');
      held = await readList(first.url, PUBLIC_URL, new Date(), held);
    }
    await changeStatus({ url: first.url, keys }, issued[2]?.body.id, 'revoked');
    // In flight: whether it was published is not known when the process dies.
    const asked = fetch(`${first.url}/v1/status-lists/1`).catch(() => {});
    first.process.child.kill('SIGKILL');
    await Promise.all([asked, first.process.ended]);
    const second = await serveAs(data);
    held = await readList(second.url, PUBLIC_URL, new Date(), held);
    for (const { body } of issued.slice(0, 3)) expect(held.get(body.status.index)).toBe('revoked');
    expect(held.get(issued[3]?.body.status.index)).toBe('valid');
    second.process.child.kill('SIGTERM');
    expect((await second.process.ended).code).toBe(0);
  }
});

/** Behind one public address, so that the lists of two runs are the same list. */
async function serveAs(data: string): Promise<{ process: Zhengma; url: string }> {
  const process = new Zhengma(['serve', '--port', '0', '--public-url', PUBLIC_URL, '--data', data, '--json']);
  for (;;) {
    const [, port] = /"port":(\d+)/.exec(process.stderr) ?? [];
    if (port) return { process, url: `http://127.0.0.1:${port}` };
    await Promise.race([once(process.child.stderr, 'data'), process.ended]);
  }
}

describe('a clock that ran ahead and was corrected', () => {
  it('gives a new trust list with the next sequence, and verifications go on', async () => {
    const service = await startService();
    const { body } = await issuePerson(service);
    service.advance(24 * 3600);
    expect((await verifyText(service, 'ZM1:X')).status).toBe(200);
    service.advance(-24 * 3600);
    const latest = await service.deps.store.latestTrustList();
    expect((await verifyText(service, body.text)).body).toMatchObject({ ok: true });
    expect((await service.deps.store.latestTrustList())?.sequence).toBe((latest?.sequence ?? 0) + 1);
    await service.close();
  });

  it('is a 503 in one sentence where the issuer key itself is of the future', async () => {
    const service = await startService();
    service.advance(-3600);
    for (const answer of [await issuePerson(service), await verifyText(service, 'ZM1:X')]) {
      expect([answer.status, answer.body.code]).not.toContain(500);
    }
    expect(await issuePerson(service)).toMatchObject({ status: 503, body: { code: 'clock_behind' } });
    await service.close();
  });
});
