import { exportPublicKey, generateDeviceKey, importDeviceKey } from '@zhengma/credential-core/present';
import type { Answer, OfflineKey, Operator, ServiceClient } from '@zhengma/verifier-service/client';
import { beforeEach, expect, test } from 'vitest';
import { createOperatorSession, type ShiftEnd } from '../src/operator/operator-session.ts';
import type { KnownOperator, OperatorStore } from '../src/operator/operator-store.ts';

const start = new Date('2026-06-01T08:00:00Z');
const HOUR = 3_600_000;
const KEYS = { a: `zk_${'a'.repeat(43)}`, b: `zk_${'b'.repeat(43)}` };

let now: Date;
let store: ReturnType<typeof createMemoryStore>;
/** By API key; one that is not there lets nobody in. */
let operators: Map<string, Operator>;
let isReachable: boolean;
/** What the service answers to a device that is registered; nothing: it takes it. */
let refusal: 'forbidden' | 'too_many_offline_keys' | 'timed_out' | undefined;
let takenKeys: Set<string>;
let registered: string[];
let events: string[];

beforeEach(() => {
  now = start;
  store = createMemoryStore();
  operators = new Map([
    [KEYS.a, operator('a')],
    [KEYS.b, operator('b')],
  ]);
  [isReachable, refusal, takenKeys, registered, events] = [true, undefined, new Set(), [], []];
});

test('who signs in has the key of this device registered for them before anything is signed', async () => {
  const session = open();
  expect(await session.signIn(KEYS.a)).toEqual({ ok: true });
  expect(events).toEqual(['registered', 'a']);
  const { shift } = session;
  expect(shift).toMatchObject({ operator: { id: 'a' }, isConfirmed: true, startedAt: start });
  if (!shift) return;
  expect(registered).toEqual([Buffer.from(exportPublicKey(shift.key)).toString('base64url')]);
  expect(store.pairs.get('a')?.privateKey).toMatchObject({ extractable: false });
  const kept = JSON.stringify([...store.known.values()], (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  expect(kept, 'the API key is nowhere on the disk').not.toContain(KEYS.a.slice(3));
});

test('the same operator keeps the same key; another has another', async () => {
  const session = open();
  await session.signIn(KEYS.a);
  session.signOut();
  await session.signIn(KEYS.a);
  await session.signIn(KEYS.b);
  expect(registered[1]).toBe(registered[0]);
  expect(registered[2]).not.toBe(registered[0]);
});

test.each([
  ['zk_short', 'key_format'],
  [`zk_${'c'.repeat(43)}`, 'unauthenticated'],
])('%s lets nobody in: %s', async (apiKey, problem) => {
  const session = open();
  expect(await session.signIn(apiKey)).toEqual({ ok: false, problem });
  expect(session.shift).toBeUndefined();
  expect(events).toEqual([]);
});

test.each(['forbidden', 'too_many_offline_keys'] as const)(
  'a device that cannot be registered signs nothing: %s',
  async (code) => {
    refusal = code;
    const session = open();
    expect(await session.signIn(KEYS.a)).toEqual({ ok: false, problem: code });
    expect(session.shift).toBeUndefined();
    expect(store.known.size).toBe(0);
  },
);

test('a key that was withdrawn is replaced by another', async () => {
  const session = open();
  await session.signIn(KEYS.a);
  session.signOut();
  takenKeys.add(registered[0] as string);
  expect(await session.signIn(KEYS.a)).toEqual({ ok: true });
  expect(registered).toHaveLength(2);
  expect(registered[1]).not.toBe(registered[0]);
});

test('without a network whoever was here before is known, and confirmed when it is back', async () => {
  await open().signIn(KEYS.a);
  events = [];
  isReachable = false;
  now = new Date(start.getTime() + 7 * 24 * HOUR);
  const session = open();
  expect(await session.signIn(KEYS.b)).toEqual({ ok: false, problem: 'not_known_here' });
  expect(await session.signIn(KEYS.a)).toEqual({ ok: true });
  expect(session.shift).toMatchObject({ operator: { id: 'a' }, isConfirmed: false });
  await session.review();
  expect(session.shift?.isConfirmed).toBe(false);
  isReachable = true;
  await session.review();
  expect(session.shift?.isConfirmed).toBe(true);
  expect(store.known.get('a')?.confirmedAt).toEqual(now);
  expect(events).toEqual(['a', 'a']);
});

test('a month without the service is too long, and so is an account that is over', async () => {
  await open().signIn(KEYS.a);
  operators.set(KEYS.b, { ...operator('b'), expiresAt: new Date(start.getTime() + 24 * HOUR).toISOString() });
  await open().signIn(KEYS.b);
  isReachable = false;
  now = new Date(start.getTime() + 25 * HOUR);
  expect(await open().signIn(KEYS.b)).toEqual({ ok: false, problem: 'lapsed' });
  now = new Date(start.getTime() + 30 * 24 * HOUR);
  expect(await open().signIn(KEYS.a)).toEqual({ ok: false, problem: 'lapsed' });
});

test('a key that the service has refused lets nobody in without a network either', async () => {
  await open().signIn(KEYS.a);
  operators.delete(KEYS.a);
  expect(await open().signIn(KEYS.a)).toEqual({ ok: false, problem: 'unauthenticated' });
  isReachable = false;
  expect(await open().signIn(KEYS.a)).toEqual({ ok: false, problem: 'not_known_here' });
});

test('so is an account that may not verify any more', async () => {
  await open().signIn(KEYS.a);
  refusal = 'forbidden';
  expect(await open().signIn(KEYS.a)).toEqual({ ok: false, problem: 'forbidden' });
  isReachable = false;
  expect(await open().signIn(KEYS.a)).toEqual({ ok: false, problem: 'not_known_here' });
});

test('a network that breaks off in the middle of the sign-in is as none', async () => {
  await open().signIn(KEYS.a);
  refusal = 'timed_out';
  const session = open();
  expect(await session.signIn(KEYS.a)).toEqual({ ok: true });
  expect(session.shift?.isConfirmed).toBe(false);
  expect(await open().signIn(KEYS.b)).toEqual({ ok: false, problem: 'not_known_here' });
});

test('the next operator ends the shift of the one before, and only once they are in', async () => {
  const session = open();
  await session.signIn(KEYS.a);
  expect(await session.signIn(`zk_${'c'.repeat(43)}`)).toMatchObject({ ok: false });
  expect(session.shift?.operator.id).toBe('a');
  events = [];
  await session.signIn(KEYS.b);
  expect(session.shift?.operator.id).toBe('b');
  expect(events).toEqual(['registered', 'ended: relieved', 'b']);
});

test('a shift ends by hand, where the key is let in no more, and after its length', async () => {
  const session = open();
  await session.signIn(KEYS.a);
  session.signOut();
  expect(events.at(-1)).toBe('ended: signed_out');

  await session.signIn(KEYS.a);
  operators.delete(KEYS.a);
  const { shift } = session;
  await session.hear((shift as NonNullable<typeof shift>).client.readOperator());
  expect(events.at(-1)).toBe('ended: shut_out');
  expect(session.shift).toBeUndefined();

  await session.signIn(KEYS.b);
  now = new Date(start.getTime() + 16 * HOUR - 1);
  await session.review();
  expect(session.shift?.operator.id).toBe('b');
  now = new Date(start.getTime() + 16 * HOUR);
  await session.review();
  expect(events.at(-1)).toBe('ended: over');
});

test('an answer to whoever was here before does not end the shift of the next', async () => {
  const session = open();
  await session.signIn(KEYS.a);
  operators.delete(KEYS.a);
  const late = session.hear(session.shift?.client.readOperator() as Promise<Answer<Operator>>);
  const next = session.signIn(KEYS.b);
  await Promise.all([late, next]);
  expect(session.shift?.operator.id).toBe('b');
});

test('a browser that keeps nothing: nobody is signed in, and it is said', async () => {
  store.keepOperator = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  const session = open();
  expect(await session.signIn(KEYS.a)).toEqual({ ok: false, problem: 'no_storage' });
  expect(session.shift).toBeUndefined();
});

function open() {
  return createOperatorSession({
    store,
    createClient,
    now: () => now,
    onChange: (shift, end?: ShiftEnd) => events.push(shift ? shift.operator.id : `ended: ${end}`),
  });
}

function operator(id: string): Operator {
  return { id, name: `窗口 ${id}`, role: 'verifier', organisation: 'H37020000001', scope: {} };
}

/** What the service answers, as far as a sign-in needs it. */
function createClient(apiKey: string): ServiceClient {
  const fail = (code: string) => ({ ok: false, code, detail: '', faults: [] }) as Answer<never>;
  const client: Pick<ServiceClient, 'readOperator' | 'addOfflineKey'> = {
    async readOperator() {
      if (!isReachable) return fail('unreachable');
      const found = operators.get(apiKey);
      return found ? { ok: true, value: found } : fail('unauthenticated');
    },
    async addOfflineKey({ publicKey }) {
      if (refusal) return fail(refusal);
      if (takenKeys.has(publicKey)) return fail('offline_key_taken');
      events.push('registered');
      registered.push(publicKey);
      return { ok: true, value: {} as OfflineKey };
    },
  };
  return client as ServiceClient;
}

/** The same contract as the browser's store, which the end-to-end test covers. */
function createMemoryStore() {
  const pairs = new Map<string, CryptoKeyPair>();
  const kept = new Map<string, KnownOperator>();
  async function keepNew(id: string) {
    const { keyPair } = await generateDeviceKey();
    await importDeviceKey(keyPair);
    pairs.set(id, keyPair as CryptoKeyPair);
    return keyPair;
  }
  const memory: OperatorStore = {
    takeKeyPair: async (id) => pairs.get(id) ?? keepNew(id),
    replaceKeyPair: keepNew,
    async keepOperator(known) {
      kept.set(known.operator.id, known);
    },
    async forgetOperator(id) {
      kept.delete(id);
    },
    listOperators: async () => [...kept.values()],
  };
  return { ...memory, pairs, known: kept };
}
