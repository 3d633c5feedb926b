import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Verdict } from '../src/verdict/verdict.ts';
import { fillTemplate } from '../src/workplace/clipboard-template.ts';
import { describeHandOver, listValues } from '../src/workplace/hand-over-message.ts';
import { listSteps } from '../src/workplace/steps.ts';

const checkedAt = new Date('2026-06-01T08:00:00Z');
const VERDICT: Verdict = {
  tone: 'valid',
  code: 'valid',
  checkedAt,
  bearer: true,
  repeated: false,
  statusUnchecked: false,
  person: {
    name: '张建国',
    idNumber: '370202*0018',
    region: '370202',
    scheme: '310',
    personClass: '12',
    assistance: '2304',
    priority: true,
    enrolment: '1',
    issuerName: '示例市医疗保障局',
    expiresAt: new Date('2026-07-01T08:00:00Z'),
  },
  delegate: { name: '李小红', relation: '2', grantedBy: 'issuer', expiresAt: checkedAt },
};

test('what is handed over is what the document says, masked also where the code was not', async () => {
  const message = describeHandOver(VERDICT, {
    receipt: '0123456789abcdef0123456789abcdef',
    businessType: '01301',
    operator: '2f6d9c1e-5b1a-4c55-9d0e-3f6b7a8c9d10',
    windowNumber: '3',
    text: 'ZM1:…',
  });
  const document = await readFile(join(import.meta.dirname, '../../../docs/his.md'), 'utf8');
  const [, example = ''] = /```json hand-over\n([\s\S]*?)```/.exec(document) ?? [];
  expect(message).toEqual(JSON.parse(example));
});

test('what is not known is not there', () => {
  const { person: _, delegate: __, ...blank } = VERDICT;
  expect(describeHandOver({ ...blank, tone: 'foreign', code: 'not_zhengma' }, {})).toEqual({
    version: 1,
    tone: 'foreign',
    code: 'not_zhengma',
    checkedAt: '2026-06-01T08:00:00.000Z',
  });
});

test('a template names the same', () => {
  const values = listValues(describeHandOver(VERDICT, { businessType: '01301' }));
  expect(fillTemplate('{name:csv},{idNumber:csv},{businessType:csv},{receipt:csv},{text:csv}', values)).toBe(
    '"张**","*0018","01301","",""',
  );
});

test('the steps of a visit come in its order, and those that the operator may not do are not there', () => {
  expect(listSteps(undefined).slice(0, 6)).toEqual(['01101', '01201', '01203', '01301', '01302', '01303']);
  expect(listSteps(['01302', '01101', '02121'])).toEqual(['01101', '01302']);
});
