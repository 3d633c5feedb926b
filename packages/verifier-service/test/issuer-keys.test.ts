import { type TrustList, verifyCredential, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addIssuerKey, listIssuerKeys, retireIssuerKey } from '../src/actions/issuer-keys.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { readTrail } from './audit-trail.ts';
import { initialise, run } from './cli.ts';
import { changeStatus, issuePerson, startService, type TestService, verifyText } from './service.ts';

/** Whoever owns the folder. */
const BY = { operator: 'local', organisation: '370200', scope: {} };

const HOUR = 3600;

let service: TestService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.close());

async function get(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(service.url + path)).arrayBuffer());
}

/** What a scanner takes home. */
async function fetchTrustList(): Promise<TrustList> {
  const { roots } = JSON.parse(Buffer.from(await get('/v1/roots')).toString()) as { roots: string[] };
  const pins = roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  const result = await verifyTrustList(await get('/v1/trust-list'), pins, { currentDate: service.deps.currentDate() });
  if (!result.ok) throw new Error(result.code);
  return result.list;
}

/** The verdict of a scanner that has this trust list, and fetches the status list of now. */
async function scan(text: string, trust: TrustList): Promise<string> {
  const currentDate = service.deps.currentDate();
  const uri = `${service.url}/v1/status-lists/1`;
  const status = await verifyStatusList(await get('/v1/status-lists/1'), trust, { currentDate, uri });
  const lists = new Map(status.ok ? [[uri, status.list] as const] : []);
  const result = await verifyCredential(text, trust, { currentDate, status: lists });
  return result.ok ? 'ok' : result.code;
}

async function issueText(): Promise<string> {
  return (await issuePerson(service)).body.text;
}

async function states(): Promise<string[]> {
  return (await listIssuerKeys(service.deps)).map(({ state }) => state);
}

describe('a new key', () => {
  it('signs nothing that a trust list of before would not know, until the overlap ends', async () => {
    await issueText();
    const before = await fetchTrustList();
    await addIssuerKey(BY, {}, service.deps);
    expect(await states()).toEqual(['signing', 'waiting']);
    const published = await fetchTrustList();
    expect(published.sequence).toBe(before.sequence + 1);
    expect(published.issuers[0]?.keys).toHaveLength(2);
    for (const hours of [0, 23, 24]) {
      service.advance(hours * HOUR);
      expect(await scan(await issueText(), before)).toBe('ok');
    }
    const last = await issueText();
    service.advance(1.1 * HOUR);
    expect(await states()).toEqual(['replaced', 'signing']);
    const first = await issueText();
    expect(await scan(first, before)).toBe('unknown_key');
    // Published before it signed, and in time.
    for (const text of [last, first]) expect(await scan(text, published)).toBe('ok');
  });

  it('signs at once where it is told to', async () => {
    await addIssuerKey(BY, { overlapSeconds: 0 }, service.deps);
    expect(await states()).toEqual(['replaced', 'signing']);
    expect(await scan(await issueText(), await fetchTrustList())).toBe('ok');
  });
});

describe('one key more than a trust list names', () => {
  it('takes the place of the one that ended longest ago, once nothing is good of what that signed', async () => {
    for (let count = 1; count < 16; count++) {
      service.advance(1);
      await addIssuerKey(BY, { overlapSeconds: 0 }, service.deps);
    }
    const text = await issueText();
    service.advance(1);
    const one = () => addIssuerKey(BY, { overlapSeconds: 0 }, service.deps);
    await expect(one(), 'none has ended').rejects.toThrow(/16 keys at most/);

    const [oldest] = await listIssuerKeys(service.deps);
    await retireIssuerKey({ kid: oldest?.kid ?? '' }, BY, service.deps);
    await expect(one(), 'what it may have signed is good').rejects.toThrow(/16 keys at most/);
    expect((await fetchTrustList()).issuers[0]?.keys).toHaveLength(16);
    expect(await scan(text, await fetchTrustList())).toBe('ok');

    service.advance(366 * 24 * HOUR);
    const { kid } = await one();
    const listed = (await listIssuerKeys(service.deps)).map((key) => key.kid);
    expect(listed).toHaveLength(16);
    expect(listed).toContain(kid);
    expect(listed).not.toContain(oldest?.kid);
    expect(await scan(await issueText(), await fetchTrustList())).toBe('ok');
    const added = (await readTrail(service.deps.store)).filter(({ action }) => action === 'add_issuer_key');
    expect(added.at(-1)).toMatchObject({ subject: kid, reason: expect.stringContaining(`${oldest?.kid} is left out`) });
  });
});

describe('a key that is retired', () => {
  async function rotate(): Promise<[old: string, current: string]> {
    await addIssuerKey(BY, { overlapSeconds: 0 }, service.deps);
    const [old, current] = await listIssuerKeys(service.deps);
    return [old?.kid ?? '', current?.kid ?? ''];
  }

  it('signs nothing more, on any process, and what it signed stays good and can be revoked', async () => {
    const issued = (await issuePerson(service)).body;
    const [old, current] = await rotate();
    const other = await openDataFolder(service.folder, { create: false });
    await retireIssuerKey({ kid: current }, BY, other);
    await other.store.close();
    expect(await states()).toEqual(['signing', 'retired']);
    service.advance(2);
    const trust = await fetchTrustList();
    expect(await scan(issued.text, trust)).toBe('ok');
    expect(await scan(await issueText(), trust)).toBe('ok');
    await changeStatus(service, issued.id, 'revoked');
    expect(await scan(issued.text, trust)).toBe('revoked');
    const keys = trust.issuers[0]?.keys ?? [];
    expect(keys.map(({ notAfter }) => notAfter !== undefined)).toEqual([false, true]);
    const trail = (await readTrail(service.deps.store)).filter(({ action }) => action.endsWith('_issuer_key'));
    expect(trail).toMatchObject([
      { action: 'add_issuer_key', operator: 'local', subject: current, reason: expect.stringMatching(/^signs from 2/) },
      { action: 'retire_issuer_key', operator: 'local', subject: current },
    ]);
    await expect(retireIssuerKey({ kid: old }, BY, service.deps)).rejects.toThrow(/No other key may sign/);
    await expect(retireIssuerKey({ kid: '0'.repeat(16) }, BY, service.deps)).rejects.toThrow(/no key of this kid/);
  });

  it('of two that are retired at once, one stays', async () => {
    const kids = await rotate();
    const outcomes = await Promise.allSettled(kids.map((kid) => retireIssuerKey({ kid }, BY, service.deps)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('No other key may sign') } });
    expect((await issuePerson(service)).status).toBe(201);
  });

  it('fails what it signed from the time on at which it was compromised, and only earlier times can be said later', async () => {
    const [early] = [await issueText()];
    service.advance(HOUR);
    const since = service.deps.currentDate();
    service.advance(HOUR);
    const late = await issueText();
    const [old] = await rotate();
    await retireIssuerKey({ kid: old, compromisedSince: since }, BY, service.deps);
    expect(await states()).toEqual(['compromised', 'signing']);
    const trust = await fetchTrustList();
    expect(await scan(early, trust)).toBe('ok');
    expect(await scan(late, trust)).toBe('key_compromised');
    expect((await verifyText(service, late)).body).toMatchObject({ ok: false, code: 'key_compromised' });
    expect(await scan(await issueText(), trust)).toBe('ok');

    const say = (compromisedSince: Date) => retireIssuerKey({ kid: old, compromisedSince }, BY, service.deps);
    const now = service.deps.currentDate().getTime();
    await expect(say(new Date(now + 60_000))).rejects.toThrow(/must be in the past/);
    await expect(say(new Date(since.getTime() + 1000))).rejects.toThrow(/since an earlier time/);
    await say(since);
    await say(new Date(since.getTime() - 2 * HOUR * 1000));
    expect(await scan(early, await fetchTrustList())).toBe('key_compromised');
    const trail = (await readTrail(service.deps.store)).filter(({ action }) => action === 'retire_issuer_key');
    expect(trail).toHaveLength(2);
    expect(trail[0]?.reason).toBe(`compromised since ${since.toISOString()}`);
  });
});

it('the command line adds, lists and retires, and refuses in a sentence what it cannot do', async () => {
  const { data } = await initialise();
  const zhengma = (...words: string[]) => run([...words, '--data', data, '--json']);
  const { kid, signsFrom } = JSON.parse((await zhengma('keygen')).stdout);
  expect((Date.parse(signsFrom) - Date.now()) / 1000).toBeGreaterThan(47 * HOUR);
  const listed = await run(['keys', 'list', '--data', data]);
  expect(listed.stdout).toMatch(new RegExp(`signing 签名中[\\s\\S]*${kid} {2}waiting 待启用`));
  const [first] = /^[0-9a-f]{16}/.exec(listed.stdout) ?? [''];
  for (const words of [
    ['keys', 'retire', first],
    ['keys', 'retire', first, '--compromised-since', 'yesterday'],
    ['keys', 'list', first],
    ['keygen', '--signs-in', '721'],
  ]) {
    const ended = await run([...words, '--data', data]);
    expect(ended.code, words.join(' ')).toBe(2);
    expect(ended.stderr).toMatch(/^zhengma: [^\n]+\n$/);
  }
  const retired = await zhengma('keys', 'retire', kid);
  expect(JSON.parse(retired.stdout)).toMatchObject({ kid, retiredAt: expect.any(String) });
});
