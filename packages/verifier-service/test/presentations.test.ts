import {
  type DeviceKey,
  delegateCredential,
  exportPublicKey,
  generateDeviceKey,
  type PresentOptions,
  presentCredential,
} from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verificationResult } from '../src/schemas/verification.ts';
import { PERSON } from './people.ts';
import { post, startService, type TestService, verifyText } from './service.ts';

let service: TestService;
let device: DeviceKey;
let holderKey: string;

beforeAll(async () => {
  service = await startService();
  device = await generateDeviceKey();
  holderKey = encodeKey(device);
});

afterAll(() => service.close());

function encodeKey(key: DeviceKey): string {
  return Buffer.from(exportPublicKey(key)).toString('base64url');
}

async function issueBound(change: object = {}): Promise<string> {
  const body = { claims: PERSON, holderKey, ...change };
  const answer = await post(`${service.url}/v1/credentials`, service.keys.issuer, body);
  expect(answer.status).toBe(201);
  return answer.body.text;
}

async function present(text: string, options: Partial<PresentOptions> = {}, key = device): Promise<string> {
  return (await presentCredential(text, key, { currentDate: service.deps.currentDate(), ...options })).text;
}

function verify(text: string, expectation: object = {}) {
  return post(`${service.url}/v1/verifications`, service.keys.verifier, { text, ...expectation });
}

describe('a credential for a device', () => {
  it('is valid as its device presents it, a copy as it stands, and old two minutes later', async () => {
    const text = await issueBound();
    const shown = await present(text);
    const { body } = await verify(shown);
    verificationResult.parse(body);
    expect(body).toMatchObject({
      ok: true,
      bearer: false,
      presentation: { audience: '*', challenged: false },
      replay: { key: expect.stringMatching(/^[0-9a-f]{64}$/) },
      checks: { binding: 'passed', purpose: 'not_checked' },
    });
    expect(body).not.toHaveProperty('delegate');
    expect((await verifyText(service, text)).body).toMatchObject({ ok: false, code: 'not_presented' });
    service.advance(180);
    expect((await verify(shown)).body).toMatchObject({ ok: false, code: 'presentation_expired' });
  });

  it('is refused with a key that is none, and the answer does not repeat it', async () => {
    for (const wrong of ['%%%', 'AAAA', Buffer.alloc(42, 1).toString('base64url')]) {
      const answer = await post(`${service.url}/v1/credentials`, service.keys.issuer, {
        claims: PERSON,
        holderKey: wrong,
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(JSON.stringify(answer.body)).toMatch(/holderKey/);
      expect(JSON.stringify(answer.body)).not.toContain(wrong);
    }
  });

  it('with redacted claims shows those that the holder chose, and how many not', async () => {
    const text = await issueBound({ redact: ['name', 'idNumber'], decoys: 1 });
    const { body } = await verify(await present(text, { disclose: ['name'] }));
    verificationResult.parse(body);
    expect(body).toMatchObject({ ok: true, credential: { undisclosed: 2, claims: { name: '李**' } } });
    expect(body.credential.claims).not.toHaveProperty('idNumber');
    const without = await post(`${service.url}/v1/credentials`, service.keys.issuer, {
      claims: PERSON,
      redact: ['name'],
    });
    expect(without).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

describe('who asks, and for what', () => {
  it('a business that the code is not for is refused', async () => {
    const shown = await present(await issueBound({ claims: { ...PERSON, businessTypes: ['01101'] } }));
    expect((await verify(shown, { businessType: '01101' })).body.ok).toBe(true);
    expect((await verify(shown, { businessType: '01301' })).body).toMatchObject({ code: 'business_not_allowed' });
  });

  it('a code presented to somebody else is refused, also when nobody says who asks', async () => {
    const shown = await present(await issueBound(), { audience: 'H37020200001' });
    expect((await verify(shown)).body).toMatchObject({ code: 'wrong_audience' });
    expect((await verify(shown, { audience: 'P37020200002' })).body).toMatchObject({ code: 'wrong_audience' });
    expect((await verify(shown, { audience: 'H37020200001' })).body).toMatchObject({ ok: true });
    expect((await verify(shown, { audience: ['other', 'H37020200001'] })).body).toMatchObject({ ok: true });
  });

  it('what is no businessType, audience or challenge is a fault of the request', async () => {
    const cases: [object, string][] = [
      [{ businessType: '1301' }, '/businessType'],
      [{ audience: '' }, '/audience'],
      [{ challenge: 'AAAA' }, '/challenge'],
      [{ challenge: 'A'.repeat(87) }, '/challenge'],
      [{ challenge: 'AAAA AAAA AAAA' }, '/challenge'],
    ];
    for (const [expectation, pointer] of cases) {
      const answer = await verify('ZM1:X', expectation);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    }
  });

  it('a picture says it in the query, where JSON may not say it', async () => {
    const shown = await present(await issueBound({ claims: { ...PERSON, businessTypes: ['01101'] } }));
    const picture = new Uint8Array(await renderQr(shown, { format: 'png' }));
    const ask = (query: string, body: unknown, type?: string) =>
      post(`${service.url}/v1/verifications${query}`, service.keys.verifier, body, type);
    expect((await ask('?businessType=01101', picture, 'image/png')).body).toMatchObject({ ok: true });
    expect((await ask('?businessType=01301', picture, 'image/png')).body).toMatchObject({
      code: 'business_not_allowed',
    });
    expect(await ask('?bussinessType=01301', picture, 'image/png')).toMatchObject({ status: 400 });
    expect(await ask('?businessType=01301', { text: shown })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/businessType' }] },
    });
  });
});

describe('somebody else', () => {
  it('by the issuer: the answer names both people, masked, and who let them', async () => {
    const text = await issueBound({
      claims: { ...PERSON, delegate: { name: '李示女', relation: '2' } },
      subject: 'presented',
    });
    const { body } = await verify(await present(text));
    verificationResult.parse(body);
    expect(body).toMatchObject({
      ok: true,
      bearer: false,
      credential: { claims: { name: '李**' } },
      delegate: { name: '李**', relation: '2', grantedBy: 'issuer' },
    });
  });

  it('by the holder, for one kind of business', async () => {
    const text = await issueBound({ claims: { ...PERSON, delegable: true, businessTypes: ['01101', '01301'] } });
    const other = await generateDeviceKey();
    const currentDate = service.deps.currentDate();
    const lent = await delegateCredential(text, device, {
      currentDate,
      delegate: { name: '王虚构', relation: '9' },
      delegateKey: exportPublicKey(other),
      expiresAt: new Date(currentDate.getTime() + 3_600_000),
      businessTypes: ['01301'],
    });
    const shown = await present(lent.text, {}, other);
    const { body } = await verify(shown, { businessType: '01301' });
    verificationResult.parse(body);
    expect(body).toMatchObject({
      ok: true,
      delegate: { name: '王**', relation: '9', grantedBy: 'holder', businessTypes: ['01301'] },
    });
    expect((await verify(shown, { businessType: '01101' })).body).toMatchObject({ code: 'business_not_allowed' });
  });
});
