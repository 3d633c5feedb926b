import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { verifyReceipt } from '@zhengma/credential-core/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishReceiptKey } from '../src/actions/receipt-keys.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { givenChallenge, receiptKeys, signedReceipt } from '../src/schemas/receipt.ts';
import { verificationResult } from '../src/schemas/verification.ts';
import { readTrail } from './audit-trail.ts';
import { type Holder, issueToDevice } from './holders.ts';
import { addOperator } from './operators.ts';
import { changeStatus, issuePerson, post, readAnswer, startService, type TestService } from './service.ts';

let service: TestService;
let holder: Holder;
let hospital: string;
let colleague: string;
let pharmacy: string;

beforeAll(async () => {
  service = await startService();
  const add = async (name: string, organisation: string) =>
    (await addOperator({ name, role: 'verifier', organisation }, service.deps)).apiKey;
  hospital = await add('二楼收费处', 'H37020000001');
  colleague = await add('三楼药房', 'H37020000001');
  pharmacy = await add('收银', 'P37020000009');
  holder = await issueToDevice(service.url, service.keys.issuer);
});

afterAll(() => service.close());

const show = (name: string) => holder.show({ audience: name, currentDate: service.deps.currentDate() });

async function verify(apiKey: string, text: string, audience: string, expectation: object = {}) {
  const answer = await post(`${service.url}/v1/verifications`, apiKey, { text, audience, ...expectation });
  if (answer.status === 200) verificationResult.parse(answer.body);
  return answer;
}

async function get(address: string, apiKey?: string) {
  return readAnswer(
    await fetch(service.url + address, apiKey ? { headers: { Authorization: `Bearer ${apiKey}` } } : {}),
  );
}

async function readReceipt(signed: string) {
  const { body } = await get('/v1/receipt-keys');
  const keys = receiptKeys.parse(body).keys.map((key) => new Uint8Array(Buffer.from(key, 'base64url')));
  const bytes = new Uint8Array(Buffer.from(signed, 'base64url'));
  const result = await verifyReceipt(bytes, keys, { currentDate: service.deps.currentDate() });
  if (!result.ok) throw new Error(result.code);
  return result.receipt;
}

async function lastAudited() {
  return (await readTrail(service.deps.store)).at(-1);
}

describe('a presentation', () => {
  it('gets a receipt that says what the answer rested on, and no claim', async () => {
    const { body } = await verify(hospital, await show('one'), 'one', { businessType: '01301' });
    expect(body).toMatchObject({ ok: true, receipt: { id: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(body).not.toHaveProperty('repeated');
    const receipt = await readReceipt(body.receipt.signed);
    expect(receipt).toEqual({
      id: body.receipt.id,
      issuer: '370200',
      issuedAt: new Date(body.receipt.verifiedAt),
      organisation: 'H37020000001',
      operator: expect.any(String),
      outcome: 'valid',
      businessType: '01301',
      credential: { issuer: '370200', id: holder.id },
      bearer: false,
      delegated: false,
      replayKey: body.replay.key,
      trustListSequence: expect.any(Number),
      statusList: { uri: body.lists.status.uri, issuedAt: new Date(body.lists.status.issuedAt) },
    });
    expect(await lastAudited()).toMatchObject({
      action: 'verify',
      organisation: 'H37020000001',
      operator: receipt.operator,
      outcome: 'accepted',
      credential: holder.id,
      receipt: receipt.id,
    });
  });

  it('shown again at the same organisation for the same business is the same event, by whichever operator', async () => {
    const text = await show('two');
    const first = await verify(hospital, text, 'two', { businessType: '01301' });
    const again = await verify(colleague, text, 'two', { businessType: '01301' });
    expect(again.body).toMatchObject({ ok: true, repeated: true, receipt: first.body.receipt });
    expect(await lastAudited()).toMatchObject({ outcome: 'repeated', receipt: first.body.receipt.id });
  });

  it('shown elsewhere, or for another business, is replayed, and nobody hears where it was', async () => {
    const text = await show('three');
    const first = await verify(hospital, text, 'three', { businessType: '01301' });
    const cases = [
      await verify(pharmacy, text, 'three', { businessType: '01301' }),
      await verify(hospital, text, 'three', { businessType: '01101' }),
      await verify(hospital, text, 'three'),
    ];
    for (const { status, body } of cases) {
      expect(status).toBe(200);
      expect(body).toMatchObject({
        ok: false,
        code: 'replayed',
        conclusive: true,
        firstShownAt: first.body.receipt.verifiedAt,
      });
      expect(body).not.toHaveProperty('receipt');
      expect(JSON.stringify(body)).not.toContain('H37020000001');
    }
    expect(await lastAudited()).toMatchObject({ outcome: 'replayed', credential: holder.id });
  });

  it('that was accepted is refused once the credential is revoked', async () => {
    const other = await issueToDevice(service.url, service.keys.issuer);
    const text = await other.show();
    expect((await verify(hospital, text, 'x')).body).toMatchObject({ ok: true });
    await changeStatus(service, other.id, 'revoked');
    expect((await verify(hospital, text, 'x')).body).toMatchObject({ ok: false, code: 'revoked' });
    expect(await lastAudited()).toMatchObject({ outcome: 'revoked', credential: other.id });
  });

  it('that is refused passes afterwards: a refusal uses nothing up', async () => {
    const text = await show('four');
    expect((await verify(hospital, text, 'somebody else')).body).toMatchObject({ code: 'wrong_audience' });
    expect((await verify(pharmacy, text, 'four')).body).toMatchObject({ ok: true });
  });
});

describe('a bearer code', () => {
  it('is shown at every step of a visit: one receipt for each organisation and business, never replayed', async () => {
    const { body } = await issuePerson(service);
    const at = async (apiKey: string, businessType?: string) =>
      (await verify(apiKey, body.text, 'x', businessType === undefined ? {} : { businessType })).body;
    const first = await at(hospital, '01301');
    expect(await at(colleague, '01301')).toMatchObject({ ok: true, repeated: true, receipt: first.receipt });
    const others = [await at(hospital, '01101'), await at(hospital), await at(pharmacy, '01301')];
    for (const other of others) {
      expect(other).toMatchObject({ ok: true, bearer: true });
      expect(other).not.toHaveProperty('repeated');
    }
    expect(new Set([first, ...others].map(({ receipt }) => receipt.id)).size).toBe(4);
    expect(await readReceipt(first.receipt.signed)).toMatchObject({ bearer: true, organisation: 'H37020000001' });
  });

  it('a day later begins another visit', async () => {
    const { body } = await issuePerson(service);
    const first = await verify(hospital, body.text, 'x');
    service.advance(24 * 3600 - 60);
    expect((await verify(hospital, body.text, 'x')).body.receipt).toEqual(first.body.receipt);
    service.advance(120);
    const next = await verify(hospital, body.text, 'x');
    expect(next.body.receipt.id).not.toBe(first.body.receipt.id);
    expect(next.body).not.toHaveProperty('repeated');
    expect((await verify(hospital, body.text, 'x')).body.receipt).toEqual(next.body.receipt);
  });
});

describe('what is refused is audited', () => {
  it('by its code, and by the credential only where the signature was good', async () => {
    const text = await show('five');
    const refusals: [string, string, boolean][] = [
      ['nothing of ours', 'not_zhengma', false],
      [`${text.slice(0, -2)}00`, 'bad_presentation', true],
      [text, 'wrong_audience', true],
    ];
    for (const [sent, code, isSigned] of refusals) {
      const before = (await readTrail(service.deps.store)).length;
      const { body } = await verify(hospital, sent, 'not me');
      const trail = await readTrail(service.deps.store);
      expect(trail).toHaveLength(before + 1);
      expect(trail.at(-1)).toMatchObject({ action: 'verify', outcome: body.code, organisation: 'H37020000001' });
      if (!isSigned) expect(body.code).toBe(code);
      expect('credential' in (trail.at(-1) ?? {})).toBe(isSigned);
    }
  });
});

describe('GET /v1/receipts/{id}', () => {
  it('gives it to its organisation, and to nobody else a hint that it exists', async () => {
    const { body } = await verify(hospital, await show('six'), 'six');
    const { id } = body.receipt;
    for (const apiKey of [hospital, colleague]) {
      const found = await get(`/v1/receipts/${id}`, apiKey);
      expect(found).toMatchObject({ status: 200, body: body.receipt });
      signedReceipt.parse(found.body);
    }
    const missing = await get(`/v1/receipts/${randomBytes(16).toString('hex')}`, hospital);
    for (const apiKey of [pharmacy, service.keys.verifier, service.keys.administrator]) {
      const denied = await get(`/v1/receipts/${id}`, apiKey);
      expect(denied).toMatchObject({ status: 404, body: missing.body });
    }
    expect(missing.body.code).toBe('receipt_not_found');
    expect(await get(`/v1/receipts/${id}`)).toMatchObject({ status: 401 });
    expect(await get(`/v1/receipts/${id}`, service.keys.issuer)).toMatchObject({ status: 403 });
  });

  it('takes an id and nothing else', async () => {
    const id = '0'.repeat(32);
    for (const address of [`/v1/receipts/${id}?operator=x`, '/v1/receipts/1', `/v1/receipts/${'A'.repeat(32)}`]) {
      expect(await get(address, hospital)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
  });
});

describe('a challenge', () => {
  const ask = async (apiKey: string) =>
    givenChallenge.parse((await post(`${service.url}/v1/challenges`, apiKey, {})).body);
  const answer = (challenge: string, name: string) =>
    holder.show({
      challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      audience: name,
      currentDate: service.deps.currentDate(),
    });

  it('is answered at the organisation that asked, by whichever operator', async () => {
    const { challenge, expiresAt } = await ask(hospital);
    expect(Buffer.from(challenge, 'base64url')).toHaveLength(32);
    expect(Math.abs(Date.parse(expiresAt) - service.deps.currentDate().getTime() - 300_000)).toBeLessThan(5000);
    const text = await answer(challenge, 'seven');
    expect((await verify(colleague, text, 'seven', { challenge })).body).toMatchObject({
      ok: true,
      presentation: { challenged: true },
    });
    expect((await verify(hospital, await show('eight'), 'eight', { challenge })).body).toMatchObject({
      ok: false,
      code: 'wrong_challenge',
    });
    expect((await verify(hospital, text, 'seven')).body).toMatchObject({ ok: false, code: 'wrong_challenge' });
  });

  it('of another organisation, made up, or changed in any bit is a fault of the request', async () => {
    const { challenge } = await ask(hospital);
    const bytes = Buffer.from(challenge, 'base64url');
    const foreign = [pharmacy, challenge] as const;
    const madeUp = [8, 16, 31, 32, 33, 64].map((size) => [hospital, randomBytes(size).toString('base64url')] as const);
    const changed = Array.from({ length: 256 }, (_, bit) => {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return [hospital, flipped.toString('base64url')] as const;
    });
    const text = await answer(challenge, 'nine');
    for (const [apiKey, sent] of [foreign, ...madeUp, ...changed]) {
      expect(await verify(apiKey, text, 'nine', { challenge: sent })).toMatchObject({
        status: 400,
        body: { code: 'challenge_not_ours' },
      });
    }
    expect((await verify(hospital, text, 'nine', { challenge })).body).toMatchObject({ ok: true });
  });

  it('ends after five minutes, and with a clock that is set back', async () => {
    const { challenge } = await ask(hospital);
    const expired = { status: 400, body: { code: 'challenge_expired' } };
    service.advance(301);
    expect(await verify(hospital, 'x', 'x', { challenge })).toMatchObject(expired);
    service.advance(-301 - 120);
    expect(await verify(hospital, 'x', 'x', { challenge })).toMatchObject(expired);
    service.advance(120);
    expect((await verify(hospital, 'x', 'x', { challenge })).body).toMatchObject({ code: 'not_zhengma' });
  });

  it('is known on every node of the folder, and needs a verifier’s key', async () => {
    const { challenge } = await ask(hospital);
    const node = await openDataFolder(service.folder, { create: false });
    const mine = Buffer.from(challenge, 'base64url');
    const mac = await node.keys.authenticate(Buffer.concat([mine.subarray(0, 16), Buffer.from('H37020000001')]));
    expect(Buffer.from(mac.subarray(0, 16))).toEqual(mine.subarray(16));
    await node.store.close();
    expect(await post(`${service.url}/v1/challenges`, service.keys.issuer, {})).toMatchObject({ status: 403 });
    expect(await post(`${service.url}/v1/challenges`, undefined, {})).toMatchObject({ status: 401 });
  });
});

describe('the clock set back', () => {
  it('lets no presentation pass a second time', async () => {
    const text = await show('ten');
    expect((await verify(hospital, text, 'ten')).body).toMatchObject({ ok: true });
    service.advance(-30);
    expect((await verify(pharmacy, text, 'ten')).body).toMatchObject({ ok: false, code: 'replayed' });
    service.advance(30);
  });

  it('to before codes that are forgotten is said, where nobody knows whether the code was shown', async () => {
    const { store } = service.deps;
    const text = await show('eleven');
    const { body } = await verify(hospital, text, 'eleven');
    const raw = new DatabaseSync(path.join(service.folder, 'zhengma.sqlite'));
    const kept = () =>
      raw.prepare('select count(*) as n from shown_codes where replay_key = ?').get(body.replay.key)?.['n'];
    // What was kept for these codes can be forgotten an hour after their end: the next acceptances do so, in steps.
    const later = new Date(service.deps.currentDate().getTime() + 7200_000);
    const record = (key: string, at: Date) =>
      store.recordAcceptance({
        replayKey: key,
        bearer: false,
        by: { operator: 'local', organisation: 'H37020000001' },
        businessType: '',
        until: new Date(at.getTime() + 60_000),
        receipt: { id: key.slice(0, 32), verifiedAt: at, signed: new Uint8Array(1) },
        at,
        credential: holder.id,
      });
    expect(kept()).toBe(1);
    for (let n = 0; n < 32; n++) await record(randomBytes(32).toString('hex'), later);
    expect(kept()).toBe(0);
    raw.close();
    expect(await verify(pharmacy, text, 'eleven')).toMatchObject({ status: 503, body: { code: 'clock_behind' } });
    expect(await get(`/v1/receipts/${body.receipt.id}`, hospital)).toMatchObject({ status: 200, body: body.receipt });
    service.advance(60);
    const fresh = await show('twelve');
    expect((await verify(pharmacy, fresh, 'twelve')).body).toMatchObject({ ok: true });
  });
});

describe('commits in groups', () => {
  it('a part that cannot be recorded fails alone', async () => {
    const { store } = service.deps;
    const at = service.deps.currentDate();
    const accept = (id: string) =>
      store.recordAcceptance({
        replayKey: randomBytes(32).toString('hex'),
        bearer: false,
        by: { operator: 'local', organisation: 'H37020000001' },
        businessType: '',
        // Beyond what the tests above had forgotten.
        until: new Date(at.getTime() + 86_400_000),
        receipt: { id, verifiedAt: at, signed: new Uint8Array(1) },
        at,
        credential: '0123456789abcdef',
      });
    const before = (await readTrail(store)).length;
    // No two receipts have one id.
    const [one, two, sameAsOne, three] = await Promise.allSettled(['one', 'two', 'one', 'three'].map(accept));
    expect([two?.status, three?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect([one?.status, sameAsOne?.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await readTrail(store)).toHaveLength(before + 3);
  });
});

describe('the receipt key', () => {
  it('is published for ever: receipts of one that was replaced stay good', async () => {
    const { body } = await verify(hospital, await show('thirteen'), 'thirteen');
    await rm(path.join(service.folder, 'keys', 'receipts.key'));
    const restarted = await openDataFolder(service.folder, { create: false });
    await publishReceiptKey(restarted);
    await publishReceiptKey(restarted);
    await restarted.store.close();
    expect((await get('/v1/receipt-keys')).body.keys).toHaveLength(2);
    expect(await readReceipt(body.receipt.signed)).toMatchObject({ id: body.receipt.id });
  });
});
