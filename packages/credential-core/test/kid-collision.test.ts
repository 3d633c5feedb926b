import { describe, expect, test } from 'vitest';
import {
  exportPublicKey,
  type IssuerKey,
  importDeviceKey,
  importIssuerKey,
  issueStatusList,
  type TrustList,
  type TrustListContent,
  verifyCredential,
  verifyStatusList,
} from '../src/index.ts';
import { PublicKey } from '../src/keys/cose-key.ts';
import {
  ISSUER,
  issue,
  issuerKey,
  NOW,
  otherKey,
  STATUS_URI,
  statusContent,
  statusLists,
  trustContent,
  trustList,
} from './fixtures.ts';

/**
 * A kid is 8 bytes of a hash: two keys that share one take 2³² tries to find, which is little for an attacker and much for a test.
 * So keys, lists and signatures are real here, and only the hash of each key in a verified list is said to be the same.
 */
const { kid } = issuerKey;
const first: IssuerKey = issuerKey;
const second: IssuerKey = { ...otherKey, kid };
const third: IssuerKey = { ...(await importIssuerKey(new Uint8Array(32).fill(9))), kid };

type Keys = TrustListContent['issuers'][number]['keys'];

const colliding = new Set<PublicKey>();
const { get: hash } = Object.getOwnPropertyDescriptor(PublicKey.prototype, 'kid') as { get(): Uint8Array };
Object.defineProperty(PublicKey.prototype, 'kid', {
  get(this: PublicKey) {
    return colliding.has(this) ? kid : hash.call(this);
  },
});

function collide(list: TrustList): TrustList {
  for (const { keys } of list.issuers) for (const { publicKey } of keys) colliding.add(publicKey);
  return list;
}

const entries = (...signers: IssuerKey[]): Keys => signers.map((key) => ({ publicKey: exportPublicKey(key) }));
const verify = async (what: string, trust: TrustList, status: Parameters<typeof verifyCredential>[2]['status']) =>
  verifyCredential(what, trust, { currentDate: NOW, status });
const failure = (code: string, check: string) => ({ ok: false, code, checks: { [check]: 'failed' } });

describe('keys of one issuer that share a kid', () => {
  test.each<[string, Keys]>([
    ['in one order', entries(first, second)],
    ['in the other', entries(second, first)],
  ])('are all tried: %s', async (_, keys) => {
    const trust = collide(await trustList({ keys }));
    for (const key of [first, second]) {
      expect(await verify((await issue({}, key)).text, trust, 'not_checked')).toMatchObject({ ok: true });
    }
    const forged = await issue({}, third);
    expect(await verify(forged.text, trust, 'not_checked')).toMatchObject(failure('bad_signature', 'signature'));
  });

  test('are judged by which of them signed, not by which comes first', async () => {
    const lost = entries(second).map((entry) => ({ ...entry, compromisedSince: NOW }));
    for (const keys of [
      [...entries(first), ...lost],
      [...lost, ...entries(first)],
    ]) {
      const trust = collide(await trustList({ keys }));
      expect(await verify((await issue({}, first)).text, trust, 'not_checked')).toMatchObject({ ok: true });
      expect(await verify((await issue({}, second)).text, trust, 'not_checked')).toMatchObject(
        failure('key_compromised', 'scope'),
      );
    }
  });

  test('may be of different algorithms', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const device = await importDeviceKey(pair);
    const p256: IssuerKey = { ...device, kid, sign: (message) => device.sign(message) };
    const trust = collide(await trustList({ keys: entries(p256, first) }));
    for (const key of [p256, first]) {
      expect(await verify((await issue({}, key)).text, trust, 'not_checked')).toMatchObject({ ok: true });
    }
    expect(await verify((await issue({}, second)).text, trust, 'not_checked')).toMatchObject(
      failure('bad_signature', 'signature'),
    );
  });

  test('sign status lists alike, and a list ends with the key that signed it', async () => {
    const trust = collide(await trustList({ keys: entries(first, second) }));
    const { text } = await issue({}, first);
    for (const key of [first, second]) {
      const status = await statusLists(trust, {}, key as typeof issuerKey);
      expect(await verify(text, trust, status)).toMatchObject({ ok: true, status: 'valid' });
    }
    const at = { currentDate: NOW, uri: STATUS_URI };
    const forged = await issueStatusList(statusContent(), third, { currentDate: NOW });
    expect(await verifyStatusList(forged, trust, at)).toMatchObject({ ok: false, code: 'bad_signature' });
    const today = collide(
      await trustList({
        keys: [...entries(first), ...entries(second).map((entry) => ({ ...entry, compromisedSince: NOW }))],
      }),
    );
    const bySecond = await statusLists(trust, {}, second as typeof issuerKey);
    expect(await verify(text, today, bySecond)).toMatchObject(failure('status_unknown', 'status'));
    expect(await verify(text, today, await statusLists(trust))).toMatchObject({ ok: true, status: 'valid' });
  });
});

test('keys of two issuers that share a kid sign for their own only', async () => {
  const [own] = trustContent({ keys: entries(first) }).issuers;
  const [other] = trustContent({ id: '370100', name: '济南市', keys: entries(second), regions: ['3701'] }).issuers;
  if (!own || !other) throw new Error('no issuer');
  const trust = collide(await trustList({}, { issuers: [own, other] }));
  const there = { issuer: '370100', claims: { region: '370102' } };
  for (const [content, key, issuer] of [
    [{}, first, ISSUER],
    [there, second, '370100'],
  ] as const) {
    const { text } = await issue(content, key);
    expect(await verify(text, trust, 'not_checked')).toMatchObject({ ok: true, credential: { issuer } });
  }
  for (const [content, key] of [
    [{}, second],
    [there, first],
  ] as const) {
    const { text } = await issue(content, key);
    expect(await verify(text, trust, 'not_checked')).toMatchObject(failure('bad_signature', 'signature'));
  }
});
