import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { initialise, startProcess, type Zhengma } from './cli.ts';
import { type Holder, issueToDevice } from './holders.ts';
import { addOperator } from './operators.ts';
import { type Answer, post, readAnswer } from './service.ts';

/** Where the lists are said to be, the same for every process on the folder. */
const PUBLIC_URL = 'http://127.0.0.1:8080';
const CONNECTIONS = 48;
const ORGANISATIONS = ['H37020000001', 'H37020000002', 'P37020000009', '370200'];
const BUSINESS_TYPES = [undefined, '01101', '01301'];

/** Somebody who asks for a verification. */
interface Place {
  readonly organisation: string;
  readonly apiKey: string;
  readonly businessType: string | undefined;
}

let data: string;
let issuerKey: string;
let places: Place[];
const running = new Set<Zhengma>();

beforeAll(async () => {
  const made = await initialise();
  ({ data, apiKey: issuerKey } = made);
  const deps = await openDataFolder(data, { create: false });
  const operators = [];
  for (const organisation of ORGANISATIONS) {
    const { apiKey } = await addOperator({ name: organisation, role: 'verifier', organisation }, deps);
    operators.push({ organisation, apiKey });
  }
  await deps.store.close();
  places = operators.flatMap((operator) => BUSINESS_TYPES.map((businessType) => ({ ...operator, businessType })));
});

afterAll(async () => {
  for (const process of running) process.child.kill('SIGKILL');
});

async function start(): Promise<{ process: Zhengma; url: string }> {
  const started = await startProcess(data, { publicUrl: PUBLIC_URL });
  running.add(started.process);
  return started;
}

async function stop(process: Zhengma): Promise<void> {
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
  running.delete(process);
}

/** Runs `work` for every item, so many at a time. */
async function forEachBounded<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

function verify(url: string, { apiKey, businessType }: Place, text: string, audience: string): Promise<Answer> {
  return post(`${url}/v1/verifications`, apiKey, { text, audience, ...(businessType && { businessType }) });
}

/** One code, shown a thousand times at once at every place: who got what. */
async function race(urls: readonly string[], holder: Holder, audience: string) {
  const text = await holder.show({ audience });
  const answers: { place: Place; body: Answer['body'] }[] = [];
  const attempts = Array.from({ length: 1000 }, (_, n) => n);
  await forEachBounded(attempts, async (n) => {
    const place = places[n % places.length] as Place;
    const { status, body } = await verify(urls[n % urls.length] as string, place, text, audience);
    expect(status).toBe(200);
    answers.push({ place, body });
  });
  return answers;
}

function expectOneWinner(answers: Awaited<ReturnType<typeof race>>): void {
  const passed = answers.filter(({ body }) => body.ok);
  const refused = answers.filter(({ body }) => !body.ok);
  expect(answers).toHaveLength(1000);
  expect(passed.filter(({ body }) => body.repeated === undefined)).toHaveLength(1);
  expect(new Set(passed.map(({ place }) => place)).size).toBe(1);
  expect(new Set(passed.map(({ body }) => JSON.stringify(body.receipt))).size).toBe(1);
  expect(passed.length).toBeGreaterThanOrEqual(Math.floor(1000 / places.length));
  const [winner] = passed;
  for (const { body } of refused) {
    expect(body).toMatchObject({ code: 'replayed', firstShownAt: winner?.body.receipt.verifiedAt });
  }
}

it('of a thousand at once, from several organisations and for several businesses, one is first', async () => {
  const { process, url } = await start();
  const holder = await issueToDevice(url, issuerKey);
  for (const round of ['a', 'b', 'c']) expectOneWinner(await race([url], holder, round));
  await stop(process);
});

it('so it is in two processes on one folder', async () => {
  const nodes = [await start(), await start()];
  const holder = await issueToDevice((nodes[0] as { url: string }).url, issuerKey);
  const urls = nodes.map(({ url }) => url);
  for (const round of ['a', 'b', 'c']) expectOneWinner(await race(urls, holder, round));
  await Promise.all(nodes.map(({ process }) => stop(process)));
});

it('kill -9 under load loses no receipt and no single use that was answered, and lets no code pass twice', async () => {
  const [here, elsewhere] = [places[0] as Place, places[3] as Place];
  let acknowledged = 0;
  let unanswered = 0;
  for (let round = 0; round < 5; round++) {
    const first = await start();
    const holder = await issueToDevice(first.url, issuerKey);
    const codes = await Promise.all(
      Array.from({ length: 400 }, async (_, n) => ({
        audience: `${n}`,
        text: await holder.show({ audience: `${n}` }),
      })),
    );
    const answered = new Map<string, Answer>();
    const killAfter = 40 + round * 40;
    await forEachBounded(codes, async ({ text, audience }) => {
      const answer = await verify(first.url, here, text, audience).catch(() => undefined);
      if (answer) answered.set(audience, answer);
      if (answered.size === killAfter) first.process.child.kill('SIGKILL');
    });
    expect((await first.process.ended).signal).toBe('SIGKILL');
    running.delete(first.process);
    expect(answered.size).toBeLessThan(codes.length);

    const next = await start();
    await forEachBounded(codes, async ({ text, audience }) => {
      const before = answered.get(audience);
      const foreign = await verify(next.url, elsewhere, text, audience);
      const own = await verify(next.url, here, text, audience);
      if (before) {
        acknowledged += 1;
        expect(before.body).toMatchObject({ ok: true });
        expect(foreign.body).toMatchObject({ ok: false, code: 'replayed' });
        expect(own.body).toMatchObject({ ok: true, repeated: true, receipt: before.body.receipt });
        const kept = await fetch(`${next.url}/v1/receipts/${before.body.receipt.id}`, {
          headers: { Authorization: `Bearer ${here.apiKey}` },
        });
        expect(await readAnswer(kept)).toMatchObject({ status: 200, body: before.body.receipt });
      } else {
        unanswered += 1;
        // It may have been recorded before it could be answered; it passes at one of the two and never at both.
        expect([foreign.body.ok, own.body.ok].filter(Boolean)).toHaveLength(1);
      }
    });
    await stop(next.process);
  }
  expect(acknowledged).toBeGreaterThanOrEqual(5 * 40);
  expect(unanswered).toBeGreaterThan(0);
});
