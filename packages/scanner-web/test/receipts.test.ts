import { createIssuerKey, exportPublicKey, type IssuerKey } from '@zhengma/credential-core/issue';
import { generateDeviceKey, importDeviceKey } from '@zhengma/credential-core/present';
import {
  type VerificationSuccess,
  verifyCredential,
  verifyReceipt,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import type { Answer, OfflineReceiptResults, OfflineReceipts } from '@zhengma/verifier-service/client';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createReceiptQueue,
  type NewReceipt,
  type QueueState,
  type ReceiptResult,
} from '../src/receipts/receipt-queue.ts';
import type { KeptTrouble, QueuedReceipt, ReceiptStore } from '../src/receipts/receipt-store.ts';
import { createReceiptSync } from '../src/receipts/receipt-sync.ts';
import { createRecorder } from '../src/receipts/recorder.ts';
import { createIssuing } from './issuing.ts';

const start = new Date('2026-06-01T08:00:00Z');
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);

let now: Date;
let store: ReturnType<typeof createMemoryStore>;

beforeEach(() => {
  now = start;
  store = createMemoryStore();
});

describe('the queue', () => {
  test('a receipt is saved, counted, and told to the other tabs', async () => {
    const { queue, states, announced } = createQueue();
    expect(await queue.add(receipt(1))).toBe('saved');
    expect(await queue.add(receipt(2))).toBe('saved');
    await queue.refresh();
    expect(queue.state).toEqual({ waiting: 2, unsaved: 0, troubles: 0, oldestAt: minutes(1) });
    expect(states.at(-1)).toEqual(queue.state);
    expect(announced()).toBe(2);
  });

  test('what is stored is sealed: nothing that the receipt says can be read in it', async () => {
    const { queue } = createQueue();
    await queue.add(receipt(1));
    const [row] = store.queue.values();
    const text = new TextDecoder('latin1').decode(row?.sealed);
    for (const word of ['c0ffee', 'signed', '01301', 'operatorName']) expect(text).not.toContain(word);
    expect((await queue.takeBatch('H1', 10))?.receipts.map(({ signed }) => signed)).toEqual([receipt(1).signed]);
    expect((store.key as CryptoKey).extractable).toBe(false);
  });

  test('a stored receipt that was changed, or put in another’s place, is said and not sent', async () => {
    const { queue } = createQueue();
    for (const number of [1, 2, 3]) await queue.add(receipt(number));
    const [first, second] = [...store.queue.values()] as [QueuedReceipt, QueuedReceipt];
    const spoiled = first.sealed.slice();
    spoiled[20] = (spoiled[20] as number) ^ 1;
    store.queue.set(first.id, { ...first, sealed: spoiled });
    store.queue.set(second.id, { ...second, operator: 'somebody else' });
    expect((await queue.takeBatch('H1', 10))?.receipts.map(({ id }) => id)).toEqual([receipt(3).id]);
    now = minutes(30);
    expect((await queue.takeBatch('H1', 10))?.receipts.map(({ id }) => id)).toEqual([receipt(3).id]);
    expect((await queue.readTroubles()).map(({ id, code }) => [id, code])).toEqual([
      [receipt(1).id, 'unreadable'],
      [receipt(2).id, 'unreadable'],
    ]);
  });

  test('a full disk: the page holds the receipt, says so, and writes it as soon as there is room', async () => {
    const { queue } = createQueue();
    store.isFull = true;
    expect(await queue.add(receipt(1))).toBe('unsaved');
    await queue.refresh();
    expect(queue.state).toMatchObject({ waiting: 1, unsaved: 1, oldestAt: minutes(1) });
    store.isFull = false;
    await queue.refresh();
    expect(queue.state).toMatchObject({ waiting: 1, unsaved: 0 });
    expect([...store.queue.keys()]).toEqual([receipt(1).id]);
  });

  test('a batch is of one operator of one organisation, the oldest first, and no larger than asked for', async () => {
    const { queue } = createQueue();
    await queue.add(receipt(3, { operator: 'b' }));
    for (const number of [5, 1, 4]) await queue.add(receipt(number));
    await queue.add(receipt(0, { organisation: 'P9' }));
    const batch = await queue.takeBatch('H1', 2);
    expect(batch?.operator).toBe('a');
    expect(batch?.receipts.map(({ id }) => id)).toEqual([receipt(1).id, receipt(4).id]);
    expect(await queue.takeBatch('X', 2)).toBeUndefined();
  });

  test('a thousand older ones that are put off, again and again, hold back none that came later', async () => {
    const { queue } = createQueue();
    for (let number = 1; number <= 1_001; number++) await queue.add(receipt(number));
    for (let round = 0; round < 2; round++) {
      const older = await queue.takeBatch('H1', 1_000);
      expect(older?.receipts).toHaveLength(1_000);
      if (older) queue.putOff(older);
      const later = await queue.takeBatch('H1', 50);
      expect(later?.receipts.map(({ id }) => id)).toEqual([receipt(1_001).id]);
      now = new Date(now.getTime() + 11 * 60_000);
    }
  });

  test('what the service has is deleted; conflicts and refusals stay until somebody has looked at them', async () => {
    const { queue } = createQueue();
    for (const number of [1, 2, 3, 4, 5, 6]) await queue.add(receipt(number));
    const batch = await queue.takeBatch('H1', 10);
    if (!batch) throw new Error('nothing waits');
    await queue.settle(batch, [
      { outcome: 'recorded', id: receipt(1).id },
      { outcome: 'known', id: receipt(2).id },
      { outcome: 'recorded', id: receipt(3).id, conflict: { code: 'replayed', since: start.toISOString() } },
      { outcome: 'refused', code: 'key_withdrawn' },
      { outcome: 'refused', code: 'issued_in_future' },
      // The last one was not answered.
    ]);
    expect([...store.queue.keys()]).toEqual([receipt(5).id, receipt(6).id]);
    expect(await queue.takeBatch('H1', 10), 'put off').toBeUndefined();
    now = minutes(30);
    expect((await queue.takeBatch('H1', 10))?.receipts).toHaveLength(2);
    const common = { credential: 'c0ffee0000000001', businessType: '01301', operatorName: '二楼收费处' };
    expect(await queue.readTroubles()).toEqual([
      { id: receipt(3).id, at: minutes(3), code: 'replayed', since: start, ...common },
      { id: receipt(4).id, at: minutes(4), code: 'key_withdrawn', ...common },
    ]);
    expect(new TextDecoder('latin1').decode(store.troubles.get(receipt(3).id)?.sealed)).not.toContain('replayed');
    expect(queue.state).toMatchObject({ waiting: 2, troubles: 2 });
    await queue.dismissTrouble(receipt(3).id);
    expect(queue.state.troubles).toBe(1);
  });
});

describe('the upload', () => {
  test('sends all that waits, also a colleague’s, in batches, and leaves other organisations’ alone', async () => {
    const { queue } = createQueue();
    for (let number = 1; number <= 60; number++) await queue.add(receipt(number));
    await queue.add(receipt(70, { operator: 'b' }));
    await queue.add(receipt(80, { organisation: 'P9' }));
    const { sync, sent } = createSync(queue);
    await sync.sendNow();
    expect(sent.map(({ operator, receipts }) => [operator, receipts.length])).toEqual([
      [undefined, 50],
      [undefined, 10],
      ['b', 1],
    ]);
    expect([...store.queue.keys()]).toEqual([receipt(80).id]);
    expect(sync.problem).toBeUndefined();
  });

  test('without the service nothing is lost, and it is tried again after ever longer', async () => {
    const { queue } = createQueue();
    await queue.add(receipt(1));
    const { sync, sent, waits, problems, ring } = createSync(queue, async () => unreachable());
    await sync.wake();
    await ring();
    await sync.wake();
    await ring();
    expect(sent, 'a wake does not cut the wait short').toHaveLength(3);
    expect(waits).toHaveLength(3);
    for (const [at, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(5_000 * 2 ** at * 0.75);
      expect(wait).toBeLessThanOrEqual(5_000 * 2 ** at * 1.25);
    }
    expect(problems).toEqual(['unreachable']);
    expect(store.queue.size).toBe(1);
  });

  test('the service says how long to wait', async () => {
    const { queue } = createQueue();
    await queue.add(receipt(1));
    const limited = { ok: false, code: 'rate_limited', detail: '', faults: [], retryAfterSeconds: 90 } as const;
    const { sync, waits } = createSync(queue, async () => limited);
    await sync.sendNow();
    expect(waits).toEqual([90_000]);
  });

  test('an answer that was lost: the same is sent again, and nothing is kept twice or dropped', async () => {
    const { queue } = createQueue();
    for (const number of [1, 2]) await queue.add(receipt(number));
    const taken = new Set<string>();
    let isLost = true;
    const { sync, ring } = createSync(queue, async ({ receipts }) => {
      const results = receipts.map((signed): ReceiptResult => {
        const outcome = taken.has(signed) ? 'known' : 'recorded';
        taken.add(signed);
        return { outcome, id: signed };
      });
      if (!isLost) return { ok: true, value: { results } };
      isLost = false;
      return unreachable();
    });
    await sync.wake();
    expect(store.queue.size).toBe(2);
    await ring();
    expect(taken.size).toBe(2);
    expect(store.queue.size).toBe(0);
    expect(await queue.readTroubles()).toEqual([]);
  });

  test('a disk that takes nothing when the answer arrives: sent again, not lost', async () => {
    const { queue } = createQueue();
    await queue.add(receipt(1));
    const { sync, sent, ring } = createSync(queue, async (upload) => {
      store.isFull = sent.length === 1;
      return accept(upload);
    });
    await sync.wake();
    expect(store.queue.size).toBe(1);
    await ring();
    expect(sent).toHaveLength(2);
    expect(store.queue.size).toBe(0);
  });

  test('a receipt that the disk did not take is sent from memory', async () => {
    const { queue } = createQueue();
    store.isFull = true;
    await queue.add(receipt(1));
    store.isFull = false;
    const { sync, sent } = createSync(queue);
    await sync.sendNow();
    expect(sent[0]?.receipts).toEqual([receipt(1).signed]);
    expect(queue.state).toEqual({ waiting: 0, unsaved: 0, troubles: 0 });
  });

  test('one receipt that spoils its upload does not hold back the others', async () => {
    const { queue } = createQueue();
    for (const number of [1, 2, 3, 4, 5]) await queue.add(receipt(number));
    const { sync } = createSync(queue, async (upload) =>
      upload.receipts.includes(receipt(3).signed)
        ? { ok: false, code: 'invalid_request', detail: '', faults: [] }
        : accept(upload),
    );
    await sync.sendNow();
    expect([...store.queue.keys()]).toEqual([receipt(3).id]);
    expect(sync.problem).toBeUndefined();
  });

  test('two tabs send each receipt once, however they are woken', async () => {
    const tabs = [createQueue().queue, createQueue().queue];
    for (let number = 1; number <= 120; number++) await tabs[number % 2]?.add(receipt(number));
    const lock = createLock();
    const counts = new Map<string, number>();
    const upload = async (given: OfflineReceipts) => {
      for (const signed of given.receipts) counts.set(signed, (counts.get(signed) ?? 0) + 1);
      await new Promise((resolve) => setImmediate(resolve));
      return accept(given);
    };
    const syncs = tabs.map((queue) => createSync(queue, upload, lock).sync);
    for (const sync of syncs) sync.wake();
    await Promise.all(syncs.flatMap((sync) => [sync.sendNow(), sync.sendNow()]));
    expect(counts.size).toBe(120);
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
    expect(store.queue.size).toBe(0);
  });

  test('nobody signed in: nothing is sent, and nothing is asked of the service', async () => {
    const { queue } = createQueue();
    await queue.add(receipt(1));
    const { sync, sent } = createSync(queue, accept, undefined, () => undefined);
    await sync.sendNow();
    expect(sent).toEqual([]);
    expect(store.queue.size).toBe(1);
  });
});

describe('the receipt of a code', () => {
  let accepted: VerificationSuccess;
  const trust = { publisher: '370200', sequence: 7 };

  beforeEach(async () => {
    accepted = await acceptCode({ isRevocable: true });
  });

  test.each(['Ed25519', 'ES256'] as const)(
    'is signed by the %s key of this device, and says what was checked',
    async (algorithm) => {
      const { queue } = createQueue();
      const { key, publicKey } = await createSignatory(algorithm);
      const recorder = createRecorder(queue);
      const recorded = await recorder.record({
        result: accepted,
        trust,
        by: { ...WHO, key },
        businessType: '01301',
        verifiedAt: start,
      });
      const [made] = (await queue.takeBatch('H1', 1))?.receipts ?? [];
      expect(recorded).toEqual({ kind: 'saved', id: made?.id });
      const verified = await verifyReceipt(Buffer.from(made?.signed ?? '', 'base64url'), [publicKey], {
        currentDate: start,
      });
      expect(verified).toMatchObject({
        ok: true,
        receipt: {
          id: made?.id,
          issuer: '370200',
          organisation: 'H1',
          operator: 'a',
          outcome: 'valid',
          businessType: '01301',
          credential: { issuer: '370200', id: accepted.credential.id },
          bearer: true,
          delegated: false,
          replayKey: accepted.replay.key,
          trustListSequence: 7,
          statusList: { uri: accepted.lists.status?.uri, issuedAt: start },
          issuedAt: start,
        },
      });
    },
  );

  test('the same code again is one event; for other business, or another operator, it is another', async () => {
    const { queue } = createQueue();
    const { key } = await createSignatory('Ed25519');
    const recorder = createRecorder(queue);
    const record = async (businessType?: string, id = 'a') => {
      return recorder.record({
        result: accepted,
        trust,
        by: { ...WHO, id, key },
        verifiedAt: start,
        ...(businessType !== undefined && { businessType }),
      });
    };
    const recorded = [
      await record('01301'),
      await record('01301'),
      await record('01302'),
      await record(),
      await record(),
      await record('01301', 'b'),
    ];
    expect(recorded.map(({ kind }) => kind)).toEqual(['saved', 'known', 'saved', 'saved', 'known', 'saved']);
    const [first, again, other, plain, plainAgain, colleague] = recorded.map(({ id }) => id);
    expect([again, plainAgain], 'the receipt of the first time is named').toEqual([first, plain]);
    expect([...store.queue.keys()].sort()).toEqual([first, other, plain, colleague].sort());
  });

  test('is not called recorded while the disk takes nothing', async () => {
    const { queue } = createQueue();
    const { key } = await createSignatory('Ed25519');
    const recorder = createRecorder(queue);
    store.isFull = true;
    const record = async () =>
      (await recorder.record({ result: accepted, trust, by: { ...WHO, key }, verifiedAt: start })).kind;
    expect(await record()).toBe('unsaved');
    await queue.refresh();
    expect(await record()).toBe('unsaved');
    store.isFull = false;
    await queue.refresh();
    expect(await record()).toBe('known');
  });

  test('without a status list says not_revocable; a key that does not sign gives none', async () => {
    const { queue } = createQueue();
    const { key, publicKey } = await createSignatory('Ed25519');
    const result = await acceptCode({ isRevocable: false });
    const recorder = createRecorder(queue);
    const failing = { ...key, sign: () => Promise.reject(new Error('no key')) };
    const record = async (by: IssuerKey) =>
      (await recorder.record({ result, trust, by: { ...WHO, key: by }, verifiedAt: start })).kind;
    expect(await record(failing)).toBe('failed');
    expect(await record(key)).toBe('saved');
    const [made] = (await queue.takeBatch('H1', 1))?.receipts ?? [];
    const verified = await verifyReceipt(Buffer.from(made?.signed ?? '', 'base64url'), [publicKey], {
      currentDate: start,
    });
    expect(verified).toMatchObject({ ok: true, receipt: { outcome: 'not_revocable' } });
  });
});

const WHO = { id: 'a', name: '二楼收费处', organisation: 'H1' };

function receipt(number: number, change: Partial<NewReceipt> = {}): NewReceipt {
  return {
    id: String(number).padStart(32, '0'),
    at: minutes(number),
    operator: 'a',
    organisation: 'H1',
    operatorName: '二楼收费处',
    signed: `signed-${number}`,
    credential: 'c0ffee0000000001',
    businessType: '01301',
    ...change,
  };
}

function createQueue() {
  const states: QueueState[] = [];
  let announced = 0;
  const queue = createReceiptQueue({
    store,
    now: () => now,
    onChange: (state) => states.push(state),
    announce: () => {
      announced++;
    },
  });
  return { queue, states, announced: () => announced };
}

type Upload = (receipts: OfflineReceipts) => Promise<Answer<OfflineReceiptResults>>;

function createSync(
  queue: ReturnType<typeof createReceiptQueue>,
  upload: Upload = accept,
  alone: (step: () => Promise<void>) => Promise<void> = (step) => step(),
  by: () => object | undefined = () => ({}),
) {
  const sent: OfflineReceipts[] = [];
  const waits: number[] = [];
  const problems: (string | undefined)[] = [];
  let pending: (() => void) | undefined;
  const sync = createReceiptSync({
    queue,
    uploader: () =>
      by() && {
        operator: 'a',
        organisation: 'H1',
        upload(receipts) {
          sent.push(receipts);
          return upload(receipts);
        },
      },
    alone,
    after(milliseconds, call) {
      waits.push(milliseconds);
      pending = call;
      return () => {
        pending = undefined;
      };
    },
    onProblem: (problem) => problems.push(problem),
  });
  return {
    sync,
    sent,
    waits,
    problems,
    /** The wait is over. */
    async ring() {
      const call = pending;
      pending = undefined;
      call?.();
      await sync.wake();
    },
  };
}

async function accept({ receipts }: OfflineReceipts): Promise<Answer<OfflineReceiptResults>> {
  return { ok: true, value: { results: receipts.map((id): ReceiptResult => ({ outcome: 'recorded', id })) } };
}

function unreachable() {
  return { ok: false, code: 'unreachable', detail: '', faults: [] } as const;
}

/** What Web Locks give the tabs of one browser. */
function createLock(): (step: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (step) => {
    last = last.then(step);
    return last;
  };
}

async function createSignatory(algorithm: 'Ed25519' | 'ES256') {
  const device =
    algorithm === 'Ed25519'
      ? await generateDeviceKey()
      : await importDeviceKey(
          (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
            'sign',
            'verify',
          ])) as CryptoKeyPair,
        );
  expect(device.algorithm).toBe(algorithm);
  return { key: createIssuerKey(device), publicKey: exportPublicKey(device) };
}

async function acceptCode({ isRevocable }: { readonly isRevocable: boolean }): Promise<VerificationSuccess> {
  const issuing = await createIssuing();
  const trust = await verifyTrustList(await issuing.signTrustList(1, start), [issuing.root], { currentDate: start });
  if (!trust.ok) throw new Error(trust.code);
  const status = await verifyStatusList(await issuing.signStatusList([], start), trust.list, {
    currentDate: start,
    uri: issuing.uri,
  });
  if (!status.ok) throw new Error(status.code);
  const { text } = await issuing.signCredential(start, { isRevocable });
  const result = await verifyCredential(text, trust.list, {
    currentDate: start,
    status: new Map([[issuing.uri, status.list]]),
  });
  if (!result.ok) throw new Error(result.code);
  return result;
}

/** The same contract as the browser's store, which the end-to-end test covers. */
function createMemoryStore() {
  const queue = new Map<string, QueuedReceipt>();
  const troubles = new Map<string, KeptTrouble>();
  const byTime = (left: { at: Date }, right: { at: Date }) => left.at.getTime() - right.at.getTime();
  const memory = {
    queue,
    troubles,
    isFull: false,
    key: undefined as CryptoKey | undefined,
    async takeSealingKey() {
      memory.key ??= (await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ])) as CryptoKey;
      return memory.key;
    },
    async addReceipt(row: QueuedReceipt) {
      if (memory.isFull) throw new DOMException('full', 'QuotaExceededError');
      queue.set(row.id, row);
    },
    readReceipts: async (organisation: string, limit: number) =>
      [...queue.values()]
        .filter((row) => row.organisation === organisation)
        .sort(byTime)
        .slice(0, limit),
    async settleReceipts(ids: readonly string[], kept: readonly KeptTrouble[]) {
      if (memory.isFull) throw new DOMException('full', 'QuotaExceededError');
      for (const trouble of kept) troubles.set(trouble.id, trouble);
      for (const id of ids) queue.delete(id);
    },
    async count() {
      const [oldest] = [...queue.values()].sort(byTime);
      return { waiting: queue.size, troubles: troubles.size, ...(oldest && { oldestAt: oldest.at }) };
    },
    readTroubles: async () => [...troubles.values()].sort(byTime),
    async deleteTrouble(id: string) {
      troubles.delete(id);
    },
  };
  return memory satisfies ReceiptStore;
}
