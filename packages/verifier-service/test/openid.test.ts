import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../src/actions/authenticate.ts';
import { RateLimits } from '../src/http/rate-limits.ts';
import { OpenIdProvider } from '../src/openid/openid-provider.ts';
import { createCertificate } from './certificates.ts';
import { initialise, startProcess } from './cli.ts';
import { encodeToken, makeKey, type ProviderKey, signBy, signByPublicKey, TestProvider } from './openid-provider.ts';
import { PERSON } from './people.ts';
import { type Answer, post, readAnswer, startService, type TestService } from './service.ts';

const SUBJECT = 'f3a1c0de-0001-4000-8000-张窗口';
const DAY = 24 * 3600;
const UNLIMITED = { key: 0, address: 0, refusal: 0 };

let provider: TestProvider;
let service: TestService;
/** Of the clock by which keys of the provider grow old. */
let milliseconds = 0;

beforeAll(async () => {
  provider = await TestProvider.start();
});

/** A service of its own, which has asked nobody yet. */
async function start(options: { timeoutSeconds?: number; claim?: string; refusals?: number } = {}): Promise<void> {
  const { timeoutSeconds = 5, claim = 'sub', refusals = 0 } = options;
  const settings = { ...provider.settings, claim };
  service = await startService({
    provider: new OpenIdProvider(settings, { now: () => milliseconds, timeoutSeconds }),
    rateLimits: new RateLimits({ ...UNLIMITED, refusal: refusals }, { now: () => milliseconds }),
  });
}

const send = (address: string, body: unknown, bearer = service.keys.administrator): Promise<Answer> =>
  post(`${service.url}/v1/${address}`, bearer, body);

const verify = (bearer: string): Promise<Answer> => send('verifications', { text: 'x' }, bearer);

async function add(subject: string, given: object = {}): Promise<string> {
  const operator = { name: '二楼收费处', role: 'verifier', organisation: '370200', subject, ...given };
  const { status, body } = await send('operators', operator);
  expect([status, Object.keys(body)]).toEqual([201, ['operator']]);
  return body.operator.id;
}

const REFUSED = (detail: string) => ({
  status: 401,
  body: { code: 'unauthenticated', detail: `The token is refused: ${detail}.` },
});

const now = () => Math.floor(Date.now() / 1000);
const first = () => provider.keys[0] as ProviderKey;

describe('of a token', () => {
  beforeAll(async () => {
    await start();
    await add(SUBJECT);
  });

  afterAll(() => service.close());

  it.each([
    ['as RFC 9068 has it', () => provider.issue(SUBJECT)],
    ['of the type JWT, as many providers write it', () => provider.issue(SUBJECT, { typ: 'Bearer' }, { typ: 'JWT' })],
    ['for several audiences', () => provider.issue(SUBJECT, { aud: ['account', provider.audience] })],
    ['that names no key, where there is one', () => provider.issue(SUBJECT, {}, { kid: undefined })],
    ['that ended half a minute ago', () => provider.issue(SUBJECT, { exp: now() - 30 })],
    ['that begins in half a minute', () => provider.issue(SUBJECT, { nbf: now() + 30, iat: now() + 30 })],
    ['that is good for a day', () => provider.issue(SUBJECT, { exp: now() + DAY })],
  ])('one %s lets in', async (_, make) => {
    expect((await verify(make())).status).toBe(200);
  });

  it.each<[what: string, make: () => string, detail: string]>([
    ['has expired', () => provider.issue(SUBJECT, { exp: now() - 61 }), 'it has expired'],
    ['is not good yet', () => provider.issue(SUBJECT, { nbf: now() + 90 }), 'it is not good yet'],
    [
      'is issued in the future',
      () => provider.issue(SUBJECT, { iat: now() + 90 }),
      'it is of the future, or does not say when it was issued',
    ],
    ['has no exp', () => provider.issue(SUBJECT, { exp: undefined }), 'it does not say when it ends'],
    [
      'has no iat',
      () => provider.issue(SUBJECT, { iat: undefined }),
      'it is of the future, or does not say when it was issued',
    ],
    ['lives too long', () => provider.issue(SUBJECT, { exp: now() + DAY + 1 }), 'it is good for longer than a day'],
    ['is a day old, whatever its end', () => provider.issue(SUBJECT, { iat: now() - DAY - 90 }), 'it has expired'],
    ['is for another audience', () => provider.issue(SUBJECT, { aud: 'account' }), 'it is for another audience'],
    ['is for nobody', () => provider.issue(SUBJECT, { aud: undefined }), 'it is for another audience'],
    ['is of another issuer', () => provider.issue(SUBJECT, { iss: `${provider.issuer}/` }), 'it is of another issuer'],
    ['is of nobody', () => provider.issue(SUBJECT, { iss: undefined }), 'it is of another issuer'],
    [
      'has no signature',
      () => `${provider.issue(SUBJECT, {}, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
      'it is no signed JWT',
    ],
    ['says that it needs none', () => provider.issue(SUBJECT, {}, { alg: 'none' }), 'its algorithm is not accepted'],
    [
      'is signed by HS256 with the public key',
      () =>
        encodeToken(
          { alg: 'HS256', kid: first().kid, typ: 'at+jwt' },
          provider.claims(SUBJECT),
          signByPublicKey(first()),
        ),
      'its algorithm is not accepted',
    ],
    [
      'brings a key of its own',
      () => {
        const key = makeKey('EdDSA');
        const jwk = key.privateKey.export({ format: 'jwk' });
        return encodeToken({ alg: 'EdDSA', jwk, typ: 'at+jwt' }, provider.claims(SUBJECT), signBy(key));
      },
      'the provider has no such key',
    ],
    [
      'is signed by another under the name of a key',
      () => provider.issue(SUBJECT, {}, {}, { ...makeKey('ES256'), kid: first().kid }),
      'its signature is wrong',
    ],
    [
      'was changed',
      () => {
        const [header, , signature] = provider.issue(SUBJECT).split('.');
        const [, payload] = provider.issue('somebody else').split('.');
        return [header, payload, signature].join('.');
      },
      'its signature is wrong',
    ],
    [
      'is of another type',
      () => provider.issue(SUBJECT, {}, { typ: 'dpop+jwt' }),
      'its type is none of an access token',
    ],
    ['has no type', () => provider.issue(SUBJECT, {}, { typ: undefined }), 'its type is none of an access token'],
    [
      'is an ID token',
      () => provider.issue(SUBJECT, { at_hash: 'x' }, { typ: 'JWT' }),
      'it is no access token that a bearer may use',
    ],
    [
      'is an ID token of Keycloak',
      () => provider.issue(SUBJECT, { typ: 'ID' }, { typ: 'JWT' }),
      'it is no access token that a bearer may use',
    ],
    [
      'is bound to a key of its bearer',
      () => provider.issue(SUBJECT, { cnf: { jkt: 'x' } }),
      'it is no access token that a bearer may use',
    ],
    [
      'demands what is not understood',
      () => provider.issue(SUBJECT, {}, { crit: ['x'], x: 1 }),
      'it cannot be verified',
    ],
    [
      'names nobody',
      () => provider.issue(SUBJECT, { sub: undefined }),
      'the claim that names the operator is not in it',
    ],
    ['names a number', () => provider.issue(SUBJECT, { sub: 7 }), 'the claim that names the operator is not in it'],
    ['names somebody unlinked', () => provider.issue('unlinked'), 'it names nobody who is let in here'],
    [
      'asks for a role, and names somebody unlinked',
      () => provider.issue('unlinked', { role: 'administrator', roles: ['administrator'], organisation: '370200' }),
      'it names nobody who is let in here',
    ],
    ['is longer than 8 KiB', () => provider.issue(SUBJECT, { more: 'x'.repeat(8000) }), 'it is longer than 8 KiB'],
    ['is none', () => 'not-a-token', 'it is no signed JWT'],
    ['is encrypted', () => `${provider.issue(SUBJECT)}.x.x`, 'it is no signed JWT'],
  ])('one that %s is refused', async (_, make, detail) => {
    expect(await verify(make())).toMatchObject(REFUSED(detail));
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('a key of %s is taken', async (algorithm) => {
    provider.keys = [makeKey(algorithm)];
    milliseconds += 10_000;
    expect((await verify(provider.issue(SUBJECT))).status).toBe(200);
  });

  it('nothing of tokens or subjects is written, to the log or the folder, and of what is refused only why is answered', async () => {
    const token = provider.issue(SUBJECT);
    const answers = [await verify(token), await verify(provider.issue('SECRET-SUBJECT', { aud: 'SECRET-AUDIENCE' }))];
    const files = await readdir(service.folder, { recursive: true, withFileTypes: true });
    const written = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map(async (file) => (await readFile(path.join(file.parentPath, file.name))).toString('utf8')),
    );
    const text = [...service.log, ...written, ...answers.map(({ body }) => JSON.stringify(body))].join('\n');
    expect(text).toContain('it is for another audience');
    for (const secret of [SUBJECT, 'SECRET', ...token.split('.')]) expect(text).not.toContain(secret);
  });
});

describe('of operators', () => {
  beforeAll(() => start());
  afterAll(() => service.close());

  it('role, scope, end and organisation are those of our table, whatever the token says', async () => {
    const scope = { businessTypes: ['01301'] };
    const expiresAt = new Date(service.deps.currentDate().getTime() + 1000_000).toISOString();
    await add('held', { scope, expiresAt });
    const token = provider.issue('held', { role: 'administrator', scope: 'administrator issuer', exp: now() + 7200 });
    expect((await send('verifications', { text: 'x', businessType: '01301' }, token)).status).toBe(200);
    expect(await send('verifications', { text: 'x', businessType: '01101' }, token)).toMatchObject({
      status: 403,
      body: { code: 'out_of_scope' },
    });
    expect(await send('credentials', { claims: PERSON }, token)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    service.advance(1001);
    expect(await verify(token)).toMatchObject(REFUSED('it names nobody who is let in here'));
    service.advance(-1001);
    const issuer = await add('issuer', { role: 'issuer' });
    const { body } = await send('credentials', { claims: PERSON }, provider.issue('issuer'));
    const { entries } = await service.deps.store.searchAudit({ limit: 1, credential: body.id });
    expect(entries).toMatchObject([{ action: 'issue', operator: issuer, organisation: '370200' }]);
  });

  it('who is disabled, or unlinked, or whose organisation is shut out, is out from the next request on', async () => {
    await send('organisations', { id: 'HALL', name: '大厅', parent: '370200' });
    const id = await add('desk', { organisation: 'HALL' });
    const token = provider.issue('desk');
    const isIn = async () => (await verify(token)).status === 200;
    const out = REFUSED('it names nobody who is let in here');
    for (const address of [`operators/${id}/access`, 'organisations/HALL/access']) {
      expect(await isIn()).toBe(true);
      await send(address, { disabled: true });
      expect(await verify(token)).toMatchObject(out);
      await send(address, { disabled: false });
    }
    expect(await isIn()).toBe(true);
    expect((await send(`operators/${id}/subject/removal`, {})).body).toEqual({ unlinked: true });
    expect(await verify(token)).toMatchObject(out);
    expect((await send(`operators/${id}/subject/removal`, {})).body).toEqual({ unlinked: false });
  });

  it('one subject is one operator’s, and one operator has one', async () => {
    const id = await add('one');
    const taken = { status: 409, body: { code: 'subject_taken' } };
    const other = { name: 'x', role: 'administrator', organisation: '370200', subject: 'one' };
    const before = await service.deps.store.operatorsWithin('370200');
    expect(await send('operators', other)).toMatchObject(taken);
    expect(await service.deps.store.operatorsWithin('370200')).toEqual(before);
    const another = await add('another');
    expect(await send(`operators/${another}/subject`, { subject: 'one' })).toMatchObject(taken);
    // Nothing was taken away from those who asked in vain.
    expect((await verify(provider.issue('another'))).status).toBe(200);
    expect(await send(`operators/${id}/subject`, { subject: 'renamed' })).toMatchObject({ status: 200, body: { id } });
    expect([(await verify(provider.issue('one'))).status, (await verify(provider.issue('renamed'))).status]).toEqual([
      401, 200,
    ]);
    expect((await send(`operators/${another}/subject`, { subject: 'one' })).status).toBe(200);
    const listed = await readAnswer(
      await fetch(`${service.url}/v1/operators`, {
        headers: { Authorization: `Bearer ${service.keys.administrator}` },
      }),
    );
    const find = (name: string) => listed.body.operators.find((operator: { name: string }) => operator.name === name);
    expect([find('二楼收费处'), find('verifier')]).toMatchObject([
      { linked: true, apiKeys: 0 },
      { linked: false, apiKeys: 1 },
    ]);
  });

  it('another provider begins without links, though its subjects may have the same names', async () => {
    await add('same name');
    const other = await TestProvider.start();
    const deps = { ...service.deps, openId: new OpenIdProvider(other.settings) };
    await expect(authenticate(other.issue('same name'), 'verifier', deps)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'The token is refused: it names nobody who is let in here.',
    });
    const { id } = await authenticate(provider.issue('same name'), 'verifier', service.deps);
    expect((await service.deps.store.findOperator(id))?.role).toBe('verifier');
  });

  it('a link is given as a key is: within one’s part of the tree, and to nobody who may do more', async () => {
    await send('organisations', { id: 'STATION', name: '驿站', parent: '370200' });
    const free = (await send('operators', { name: 'x', role: 'issuer', organisation: 'STATION' })).body.operator.id;
    const scope = { businessTypes: ['01301'] };
    await add('chief', { role: 'administrator', organisation: 'STATION', scope });
    const link = async (id: string) =>
      (await send(`operators/${id}/subject`, { subject: 'mine' }, provider.issue('chief'))).body.code;
    expect(await link(free)).toBe('out_of_scope');
    expect(await link(await add('beside'))).toBe('operator_not_found');
    expect(await link('local')).toBe('operator_not_found');
    for (const subject of ['', 'a\u202eb', 'x'.repeat(256), 7])
      expect((await send(`operators/${free}/subject`, { subject })).body.code).toBe('invalid_request');
  });
});

describe('of the provider', () => {
  beforeEach(() => {
    for (const name of Object.keys(provider.answers)) delete provider.answers[name];
    provider.keys = [makeKey('ES256')];
  });

  afterEach(() => service.close());

  const unavailable = { status: 503, body: { code: 'openid_unavailable' } };

  it('a new key is asked for once it is used, and made-up names of keys do not make us ask for more', async () => {
    await start();
    await add(SUBJECT);
    const asked = provider.asked;
    expect((await verify(provider.issue(SUBJECT))).status).toBe(200);
    const old = first();
    provider.keys = [makeKey('ES256')];
    expect(await verify(provider.issue(SUBJECT))).toMatchObject(REFUSED('the provider has no such key'));
    milliseconds += 10_000;
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(provider.issue(SUBJECT))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await verify(provider.issue(SUBJECT, {}, {}, old))).toMatchObject(REFUSED('the provider has no such key'));
    for (let n = 0; n < 20; n++) await verify(provider.issue(SUBJECT, {}, { kid: `made-up-${n}` }));
    expect(provider.asked - asked).toBe(2);
  });

  it('that is away: tokens are 503 and API keys go on; it is found when it is back, and its keys serve an hour without it', async () => {
    await provider.stop();
    await start();
    await add(SUBJECT);
    expect(await verify(provider.issue(SUBJECT))).toMatchObject(unavailable);
    expect((await verify(service.keys.verifier)).status).toBe(200);
    await provider.start();
    milliseconds += 10_000;
    expect((await verify(provider.issue(SUBJECT))).status).toBe(200);
    await provider.stop();
    milliseconds += 3599_000;
    expect((await verify(provider.issue(SUBJECT))).status).toBe(200);
    milliseconds += 10_000;
    expect(await verify(provider.issue(SUBJECT))).toMatchObject(unavailable);
    expect((await verify(service.keys.verifier)).status).toBe(200);
    await provider.start();
    milliseconds += 10_000;
    expect((await verify(provider.issue(SUBJECT))).status).toBe(200);
    expect(service.log.join('')).toContain('did not answer (ECONNREFUSED) at');
  });

  it.each<[what: string, name: string, answer: TestProvider['answers'][string], reason: string]>([
    ['is slow', 'openid-configuration', () => {}, 'did not answer (TimeoutError)'],
    [
      'trickles',
      'certs',
      (_, response) => {
        response.writeHead(200).write('{');
      },
      'did not answer (TimeoutError)',
    ],
    [
      'answers without end',
      'certs',
      (_, response) => {
        const more = () => {
          while (response.write(' '.repeat(65_536)));
          response.once('drain', more);
        };
        more();
      },
      'answered more than 256 KiB',
    ],
    [
      'sends elsewhere',
      'openid-configuration',
      (_, response) => response.writeHead(302, { Location: `${provider.issuer}/certs` }).end(),
      'answered 302',
    ],
    ['fails', 'certs', (_, response) => response.writeHead(500).end(), 'answered 500'],
    ['speaks HTML', 'certs', (_, response) => response.end('<html>'), 'answered no JSON'],
    ['has no keys', 'certs', (_, response) => response.end('{"keys":[]}'), 'are no JSON Web Key Set'],
    [
      'is another',
      'openid-configuration',
      (_, response) =>
        response.end(JSON.stringify({ issuer: `${provider.issuer}/`, jwks_uri: `${provider.issuer}/certs` })),
      'is of another issuer',
    ],
    [
      'has its keys elsewhere in the clear',
      'openid-configuration',
      (_, response) =>
        response.end(JSON.stringify({ issuer: provider.issuer, jwks_uri: 'http://elsewhere.example/certs' })),
      'at an address that is not https',
    ],
  ])('one that %s lets nobody in, and the log says why', async (_, name, answer, reason) => {
    await start({ timeoutSeconds: 0.3 });
    await add(SUBJECT);
    provider.answers[name] = answer;
    expect(await verify(provider.issue(SUBJECT))).toMatchObject(unavailable);
    expect(service.log.join('')).toContain(reason);
    expect((await verify(service.keys.verifier)).status).toBe(200);
    delete provider.answers[name];
    milliseconds += 10_000;
    expect((await verify(provider.issue(SUBJECT))).status).toBe(200);
  });

  it('another claim may name operators, and refused tokens are counted as refused keys are', async () => {
    await start({ claim: 'employee_number', refusals: 3 });
    await add('E-0042');
    const good = provider.issue('x', { employee_number: 'E-0042' });
    expect((await verify(good)).status).toBe(200);
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await verify(provider.issue('E-0042', { n }))).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    // One that was accepted lately goes on.
    expect((await verify(good)).status).toBe(200);
  });
});

it('without a provider a token is a wrong key, and nobody is linked', async () => {
  service = await startService();
  expect(await verify(provider.issue(SUBJECT))).toMatchObject({
    status: 401,
    body: { detail: 'An API key of this service is needed.' },
  });
  const operator = { name: 'x', role: 'verifier', organisation: '370200', subject: SUBJECT };
  expect(await send('operators', operator)).toMatchObject({ status: 409, body: { code: 'openid_not_set_up' } });
  await service.close();
});

describe('of a process', () => {
  let folder: string;
  let data: string;
  let apiKey: string;

  beforeAll(async () => {
    ({ folder, data, apiKey } = await initialise());
  });

  it('a provider on https is believed by the certificate of a CA that is known, and not without', async () => {
    const tls = createCertificate();
    const secure = await TestProvider.start(tls);
    const file = path.join(folder, 'ca.crt');
    await writeFile(file, tls.certificate);
    const settings = ['--openid-issuer', secure.issuer, '--openid-audience', secure.audience];
    const env = { NODE_EXTRA_CA_CERTS: file };
    const { process, url } = await startProcess(data, { more: settings, env });
    const operator = { name: 'x', role: 'verifier', organisation: '370200', subject: SUBJECT };
    expect((await post(`${url}/v1/operators`, apiKey, operator)).status).toBe(201);
    expect((await post(`${url}/v1/verifications`, secure.issue(SUBJECT), { text: 'x' })).status).toBe(200);
    process.child.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
    const unbelieving = new OpenIdProvider(secure.settings);
    await expect(unbelieving.check(secure.issue(SUBJECT), new Date())).rejects.toMatchObject({
      code: 'openid_unavailable',
      cause: { message: expect.stringContaining('(DEPTH_ZERO_SELF_SIGNED_CERT)') },
    });
  });

  it('the service starts while its provider is away, and says so in its log', async () => {
    await provider.stop();
    const settings = ['--openid-issuer', provider.issuer, '--openid-audience', provider.audience];
    const { process, url } = await startProcess(data, { more: settings });
    await process.waitForLog(/"level":40.*The OpenID provider did not answer \(ECONNREFUSED\)/);
    const operator = { name: 'x', role: 'verifier', organisation: '370200', subject: SUBJECT };
    expect((await post(`${url}/v1/operators`, apiKey, operator)).status).toBe(201);
    const answer = await post(`${url}/v1/verifications`, provider.issue(SUBJECT), { text: 'x' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'openid_unavailable' } });
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    process.child.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
  });
});
