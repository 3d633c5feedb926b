import { afterAll, beforeAll, expect, it } from 'vitest';
import { nameProblem, PROBLEM_KINDS, toProblem } from '../src/problem.ts';
import { ALL_ROUTES } from '../src/routes/all-routes.ts';
import { changedStatus, issuedCredential } from '../src/schemas/credential.ts';
import { verificationResult } from '../src/schemas/verification.ts';
import { changeStatus, issuePerson, readAnswer, startService, type TestService, verifyText } from './service.ts';

let service: TestService;
// biome-ignore lint/suspicious/noExplicitAny: a JSON document, looked at from all sides.
let document: any;

beforeAll(async () => {
  service = await startService();
  document = (await readAnswer(await fetch(`${service.url}/openapi.json`))).body;
});

afterAll(() => service.close());

it('every address of the interface is documented, and nothing else', () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path}`),
  );
  const routed = ALL_ROUTES.filter(({ hidden }) => !hidden).map(
    ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  expect(documented.sort()).toEqual(routed.sort());
});

it('the document is well formed: version, unique operation ids, parameters of the path, references that resolve', () => {
  expect(document.openapi).toBe('3.1.0');
  const ids: string[] = [];
  for (const [path, methods] of Object.entries<Record<string, typeof document>>(document.paths)) {
    for (const operation of Object.values(methods)) {
      ids.push(operation.operationId);
      expect(operation.summary).toMatch(/[A-Za-z].*[\u4e00-\u9fff]/);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters: { name: string; in: string; required: boolean }[] = operation.parameters ?? [];
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
      expect(parameters.filter((parameter) => parameter.required !== (parameter.in === 'path'))).toEqual([]);
      for (const response of Object.values<{ description: string }>(operation.responses))
        expect(response.description).toBeTruthy();
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = (pointer as string).split('/').reduce((value, key) => value?.[key], document);
    expect(target, pointer).toBeTypeOf('object');
  }
});

it('what may be said with a text may be said with a picture, in the query', () => {
  const { parameters, requestBody } = document.paths['/v1/verifications'].post;
  const request = requestBody.content['application/json'].schema.$ref.split('/').at(-1);
  const { text: _, ...inBody } = document.components.schemas[request].properties;
  expect(parameters.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(inBody).sort());
});

it('what is answered has the documented shape', async () => {
  const { body } = await issuePerson(service);
  issuedCredential.parse(body);
  verificationResult.parse((await verifyText(service, body.text)).body);
  verificationResult.parse((await verifyText(service, 'nothing of ours')).body);
  changedStatus.parse((await changeStatus(service, body.id, 'revoked')).body);
});

it('a status that is not documented is not answered', async () => {
  const cases = [
    await issuePerson(service, {}),
    await issuePerson({ ...service, keys: { ...service.keys, issuer: 'none' } }),
    await issuePerson({ ...service, keys: { ...service.keys, issuer: service.keys.verifier } }),
  ];
  const documented = Object.keys(document.paths['/v1/credentials'].post.responses);
  for (const { status } of cases) expect(documented).toContain(String(status));
});

it('every problem has its title in two languages, its place in the reference and its code', async () => {
  const reference = await (await fetch(`${service.url}/docs`)).text();
  for (const [code, { status, title, titleZh }] of Object.entries(PROBLEM_KINDS)) {
    const name = nameProblem(code as keyof typeof PROBLEM_KINDS);
    expect(reference).toContain(`id="problem-${name}"`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title).toMatch(/[a-z]/);
    expect(titleZh).toMatch(/[\u4e00-\u9fff]/);
    const response = await fetch(`${service.url}/problems/${name}`, { redirect: 'manual' });
    expect(response.headers.get('Location')).toBe(`/docs#problem-${name}`);
  }
});

it('a failure that nobody named tells nothing', () => {
  const problem = toProblem(new Error('select * from people where name = 李示例'));
  expect(problem).toMatchObject({ status: 500, code: 'internal_error' });
  expect(JSON.stringify(problem)).not.toContain('李示例');
});

it('problems are problem+json with a type, a title, a status, a detail and a code', async () => {
  const answer = await readAnswer(await fetch(`${service.url}/nowhere`));
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
  expect(answer.body).toEqual({
    type: '/problems/not-found',
    title: 'There is nothing at this address',
    status: 404,
    detail: 'There is nothing at this address.',
    code: 'not_found',
  });
});
