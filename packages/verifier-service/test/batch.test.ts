import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runInOrder } from '../src/actions/in-order.ts';
import { verificationResult } from '../src/schemas/verification.ts';
import { readTrail } from './audit-trail.ts';
import { addOperator } from './operators.ts';
import { issuePerson, post, startService, type TestService, verifyText } from './service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService({ bodyLimits: { arrivalSeconds: 5 } });
});

afterAll(() => service.close());

const TYPE = 'application/x-ndjson';

function send(body: string | Uint8Array, apiKey = service.keys.verifier, type = TYPE) {
  return post(`${service.url}/v1/verifications/batch`, apiKey, body, type);
}

async function verifyLines(lines: readonly string[], apiKey?: string) {
  const { status, headers, body } = await send(lines.join('\n'), apiKey);
  expect([status, headers.get('Content-Type')]).toEqual([200, TYPE]);
  expect(body.endsWith('\n')).toBe(true);
  const texts: string[] = body.slice(0, -1).split('\n');
  return texts.map((text) => JSON.parse(text));
}

const refused = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify({ text: `no code ${n}` }));

it('each line is answered in its place, with a receipt that is kept, and a bad line has a problem of its own', async () => {
  const [one, two] = [(await issuePerson(service)).body, (await issuePerson(service)).body];
  const first = (await verifyText(service, one.text)).body;
  const before = (await readTrail(service.deps.store)).length;
  const answers = await verifyLines([
    JSON.stringify({ text: two.text, businessType: '01301' }),
    '{"text":',
    JSON.stringify({ text: one.text }),
    '',
    JSON.stringify({ text: one.text, picture: 'x' }),
    JSON.stringify({ text: 'no code of ours' }),
    JSON.stringify({ text: 'x', audience: 'y'.repeat(9000) }),
    JSON.stringify({ text: one.text, challenge: Buffer.alloc(32).toString('base64url') }),
    '\ufeff{"text":"x"}',
    `${JSON.stringify({ text: two.text, businessType: '01101' })}\r`,
  ]);
  expect(answers.map(({ ok, code, status }) => (ok ? [ok] : [code, status]))).toEqual([
    [true],
    ['malformed_json', 400],
    [true],
    ['malformed_json', 400],
    ['invalid_request', 400],
    ['not_zhengma', undefined],
    ['body_too_large', 413],
    ['challenge_not_ours', 400],
    ['malformed_json', 400],
    [true],
  ]);
  for (const place of [0, 2, 5, 9]) verificationResult.parse(answers[place]);
  expect(answers[0].credential.id).toBe(two.id);
  expect(answers[2]).toMatchObject({ repeated: true, receipt: first.receipt });
  expect(answers[4].errors).toMatchObject([{ pointer: '/picture' }]);
  expect(JSON.stringify(answers)).not.toContain(one.text);
  const audited = (await readTrail(service.deps.store)).slice(before);
  expect(audited.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'accepted', 'not_zhengma', 'repeated']);
  expect(audited.map(({ receipt }) => receipt)).toContain(answers[9].receipt.id);
});

it('a thousand lines are answered, one more is refused before any is verified', async () => {
  const answers = await verifyLines(refused(1000));
  expect(answers.map(({ code }) => code)).toEqual(Array(1000).fill('not_zhengma'));
  const before = (await readTrail(service.deps.store)).length;
  const large = `${'x'.repeat(5000)}\n`.repeat(900);
  for (const body of [refused(1001).join('\n'), '\n'.repeat(1001), large]) {
    expect(await send(body)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  }
  expect(await send('')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
  for (const type of ['application/json', 'image/png']) {
    expect(await send('{}', undefined, type)).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  }
  expect(await send('{}', service.keys.issuer)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await readTrail(service.deps.store)).toHaveLength(before);
});

it('an operator is held to their business in each line', async () => {
  const { apiKey } = await addOperator(
    { name: 'till', role: 'verifier', scope: { businessTypes: ['01301'] } },
    service.deps,
  );
  const { text } = (await issuePerson(service)).body;
  const answers = await verifyLines(
    ['01101', '01301'].map((businessType) => JSON.stringify({ text, businessType })),
    apiKey,
  );
  expect(answers).toMatchObject([{ code: 'out_of_scope', status: 403 }, { ok: true }]);
});

it('a client that goes away stops the work', async () => {
  const { apiKey, operator } = await addOperator({ name: 'leaves', role: 'verifier' }, service.deps);
  const leaving = request(`${service.url}/v1/verifications/batch`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': TYPE },
  });
  leaving.on('error', () => {});
  leaving.end(refused(1000).join('\n'));
  const [response] = (await once(leaving, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  await once(response, 'data');
  leaving.destroy();
  const count = async () =>
    (await service.deps.store.searchAudit({ operator: operator.id, limit: 2000 })).entries.length;
  // Either all of it gets done beside these, or nothing more.
  let before: number;
  do {
    before = await count();
    await verifyLines(refused(32));
  } while ((await count()) !== before);
  expect(before).toBeLessThan(1000);
});

it('no more is begun than was taken and the limit allows', async () => {
  let begun = 0;
  const answers = runInOrder(Array.from({ length: 100 }).keys(), 16, async (n) => {
    begun++;
    // The later of two is done first.
    if (n % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    return n;
  });
  for (let taken = 0; taken < 10; taken++) {
    expect((await answers.next()).value).toBe(taken);
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(taken + 16);
  }
  await answers.return(undefined);
  expect(begun).toBe(25);
});
