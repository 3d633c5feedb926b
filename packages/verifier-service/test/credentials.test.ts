import { verifyCredential, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrail } from './audit-trail.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import { changeStatus, issuePerson, post, startService, type TestService, verifyText } from './service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

/** What a scanner does: pin, trust list, status list, verdict; from public addresses only. */
async function verifyAsScanner(text: string, list: number) {
  const currentDate = service.deps.currentDate();
  const { roots } = (await (await fetch(`${service.url}/v1/roots`)).json()) as { roots: string[] };
  const pins = roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  const trust = await verifyTrustList(await fetchBytes('/v1/trust-list'), pins, { currentDate });
  if (!trust.ok) throw new Error(trust.code);
  const uri = `${service.url}/v1/status-lists/${list}`;
  const status = await verifyStatusList(await fetchBytes(`/v1/status-lists/${list}`), trust.list, { currentDate, uri });
  if (!status.ok) throw new Error(status.code);
  return verifyCredential(text, trust.list, { currentDate, status: new Map([[uri, status.list]]) });
}

async function fetchBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(service.url + path)).arrayBuffer());
}

describe('issuing', () => {
  it('answers a credential that the service and a scanner with the public lists both accept', async () => {
    const issued = await issuePerson(service);
    expect(issued.status).toBe(201);
    expect(issued.body).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{16}$/), status: { list: 1 } });
    const verified = await verifyText(service, issued.body.text);
    expect(verified.status).toBe(200);
    expect(verified.body).toMatchObject({ ok: true, bearer: true, status: 'valid' });
    expect(verified.body.credential.claims).toMatchObject({ name: '李**', idNumber: '*0038', region: '370202' });
    expect(await verifyAsScanner(issued.body.text, issued.body.status.list)).toMatchObject({
      ok: true,
      status: 'valid',
    });
  });

  it('refuses a wrong check digit, a foreign region, a past end and unknown fields, by field and without values', async () => {
    const wrong = { ...PERSON, idNumber: '370202199003070039' };
    const cases: [object, string][] = [
      [{ claims: wrong }, '/claims/idNumber'],
      [{ claims: { ...PERSON, region: '110101' } }, '/claims/region'],
      [{ claims: PERSON, expiresAt: '2001-01-01T00:00:00Z' }, '/expiresAt'],
      [{ claims: PERSON, expiresAt: '2199-01-01T00:00:00Z' }, '/expiresAt'],
      [{ claims: { ...PERSON, nickname: 'x' } }, '/claims/nickname'],
      [{ claims: PERSON, key: 'x' }, '/key'],
      [{}, '/claims'],
    ];
    for (const [body, pointer] of cases) {
      const answer = await post(`${service.url}/v1/credentials`, service.keys.issuer, body);
      expect(answer.status).toBe(400);
      expect(answer.body.code).toBe('invalid_request');
      expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
      expect(JSON.stringify(answer.body)).not.toContain('37020219900307003');
      expect(JSON.stringify(answer.body)).not.toContain('李示例');
    }
  });

  it('refuses a name that cannot be shown, as a fault of the request', async () => {
    for (const name of ['李\u202e例', '李\ud800', '\udc00例']) {
      const answer = await issuePerson(service, { ...PERSON, name });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(answer.body.errors).toMatchObject([{ pointer: '/claims/name' }]);
    }
  });
});

describe('a status', () => {
  it('revoked is in the very next list, and the same code is then revoked everywhere', async () => {
    const { body } = await issuePerson(service);
    expect(await verifyAsScanner(body.text, body.status.list)).toMatchObject({ ok: true });
    const changed = await changeStatus(service, body.id, 'revoked', 'lost');
    expect(changed).toMatchObject({ status: 200, body: { id: body.id, status: 'revoked' } });
    expect(await verifyAsScanner(body.text, body.status.list)).toMatchObject({
      ok: false,
      code: 'revoked',
      conclusive: true,
    });
    expect((await verifyText(service, body.text)).body).toMatchObject({ ok: false, code: 'revoked' });
  });

  it('suspended can be reinstated; revoked cannot, but can be repeated', async () => {
    const { body } = await issuePerson(service);
    expect((await changeStatus(service, body.id, 'suspended')).status).toBe(200);
    expect((await verifyText(service, body.text)).body.code).toBe('suspended');
    expect((await changeStatus(service, body.id, 'valid')).status).toBe(200);
    expect((await verifyText(service, body.text)).body.ok).toBe(true);
    const first = await changeStatus(service, body.id, 'revoked');
    for (const status of ['valid', 'suspended']) {
      const refused = await changeStatus(service, body.id, status);
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'already_revoked', type: '/problems/already-revoked' },
      });
    }
    expect((await changeStatus(service, body.id, 'revoked')).body).toEqual(first.body);
    expect((await verifyText(service, body.text)).body.code).toBe('revoked');
  });

  it('of an unknown or malformed id is not found or refused', async () => {
    expect(await changeStatus(service, '0123456789abcdef', 'revoked')).toMatchObject({ status: 404 });
    expect(await changeStatus(service, 'ABC', 'revoked')).toMatchObject({ status: 400 });
  });

  it('takes no reason that holds a long number', async () => {
    const { body } = await issuePerson(service);
    expect(await changeStatus(service, body.id, 'revoked', `lost by ${PERSON.idNumber}`)).toMatchObject({
      status: 400,
    });
    expect((await verifyText(service, body.text)).body.ok).toBe(true);
  });

  it('is changed and audited together: who, what, when, why', async () => {
    const { body } = await issuePerson(service);
    await changeStatus(service, body.id, 'suspended', 'card misused');
    await changeStatus(service, body.id, 'revoked');
    await changeStatus(service, body.id, 'valid');
    const trail = (await readTrail(service.deps.store)).filter(({ credential }) => credential === body.id);
    expect(trail.map(({ action, reason }) => [action, reason])).toEqual([
      ['issue', undefined],
      ['suspended', 'card misused'],
      ['revoked', undefined],
    ]);
  });
});

describe('a replacement', () => {
  const replace = (id: string, apiKey = service.keys.issuer) =>
    post(`${service.url}/v1/credentials`, apiKey, { claims: PERSON, replaces: id });

  it('revokes the old credential as the new one is issued, for scanners too', async () => {
    const { body: old } = await issuePerson(service);
    const { status, body } = await replace(old.id);
    expect(status).toBe(201);
    expect(await verifyAsScanner(old.text, old.status.list)).toMatchObject({ ok: false, code: 'revoked' });
    expect(await verifyAsScanner(body.text, body.status.list)).toMatchObject({ ok: true, status: 'valid' });
    const trail = (await readTrail(service.deps.store)).filter(({ credential }) => credential === old.id);
    expect(trail.at(-1)).toMatchObject({ action: 'revoked', reason: `replaced by ${body.id}` });
  });

  it('happens once, of those that are asked for at the same time', async () => {
    const { body: old } = await issuePerson(service);
    const answers = await Promise.all(Array.from({ length: 5 }, () => replace(old.id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'already_revoked']));
  });

  it('of a credential that is unknown, or of another organisation, issues nothing and revokes nothing', async () => {
    const { body: old } = await issuePerson(service);
    const { apiKey } = await addOperator({ name: 'station', role: 'issuer', organisation: 'S1' }, service.deps);
    const before = (await readTrail(service.deps.store)).length;
    for (const answer of [await replace('0123456789abcdef'), await replace(old.id, apiKey)]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'credential_not_found' } });
    }
    expect(await replace('nonsense')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/replaces' }] } });
    expect(await readTrail(service.deps.store)).toHaveLength(before);
    expect((await verifyText(service, old.text)).body.ok).toBe(true);
    // The other way round: who is above may replace what was issued below.
    const below = await post(`${service.url}/v1/credentials`, apiKey, { claims: PERSON });
    expect(await replace(below.body.id)).toMatchObject({ status: 201 });
  });
});

describe('verifying', () => {
  it('answers 200 with ok:false and a code for anything that is not valid', async () => {
    const { body } = await issuePerson(service);
    const flipped = body.text.replace(/.$/, (last: string) => (last === '0' ? '1' : '0'));
    const cases: [string, string | undefined][] = [
      ['hello', 'not_zhengma'],
      ['ZM9:ABC', 'unsupported_version'],
      [flipped, undefined],
      ['1234567890123456789012345678', 'not_zhengma'],
    ];
    for (const [text, code] of cases) {
      const answer = await verifyText(service, text);
      expect(answer.status).toBe(200);
      expect(answer.body.ok).toBe(false);
      if (code) expect(answer.body.code).toBe(code);
    }
  });

  it('says expired once the credential has expired', async () => {
    const soon = new Date(service.deps.currentDate().getTime() + 60_000).toISOString();
    const issued = await post(`${service.url}/v1/credentials`, service.keys.issuer, {
      claims: PERSON,
      expiresAt: soon,
    });
    service.advance(3600);
    expect((await verifyText(service, issued.body.text)).body).toMatchObject({ ok: false, code: 'expired' });
  });
});
