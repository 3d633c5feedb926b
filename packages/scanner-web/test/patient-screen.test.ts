import { expect, test } from 'vitest';
import { advancePatient, openPatient, type PatientEvent } from '../src/patient/patient-state.ts';
import { parseScreenMessage, tellPatient } from '../src/second-screen/screen-message.ts';
import type { Verdict } from '../src/verdict/verdict.ts';

const start = new Date('2026-06-01T08:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const opened = openPatient({ language: 'zh-CN', elder: false }, start);

const verdict: Verdict = {
  tone: 'valid',
  code: 'valid',
  checkedAt: start,
  bearer: true,
  repeated: false,
  statusUnchecked: false,
  person: {
    name: '张建国',
    idNumber: '370202*0018',
    region: '370202',
    scheme: '310',
    assistance: '2304',
    priority: true,
    issuerName: '示例机构',
    expiresAt: after(9_000),
  },
  delegate: { name: '李小红', relation: '2', grantedBy: 'issuer', expiresAt: after(9_000) },
};

const told = (message: Extract<PatientEvent, { kind: 'told' }>['message'], seconds = 0): PatientEvent => ({
  kind: 'told',
  message,
  currentDate: after(seconds),
});
const looked = (seconds: number, isOpen = true): PatientEvent => ({
  kind: 'scanner_looked_for',
  isOpen,
  currentDate: after(seconds),
});

test('the screen is told the tone, the code and masked names, and nothing else', () => {
  expect(tellPatient(verdict)).toEqual({
    kind: 'verdict',
    tone: 'valid',
    code: 'valid',
    name: '张**',
    delegate: '李**',
  });
  const { person: _, delegate: __, ...impersonal } = verdict;
  expect(tellPatient({ ...impersonal, tone: 'refused', code: 'revoked' })).toEqual({
    kind: 'verdict',
    tone: 'refused',
    code: 'revoked',
  });
});

test('what a scanner tells is taken, and nothing more of it; what none tells is not', () => {
  const message = tellPatient(verdict);
  expect(parseScreenMessage({ ...message, idNumber: '370202*0018' })).toEqual(message);
  expect(parseScreenMessage({ kind: 'checking', name: 'x' })).toEqual({ kind: 'checking' });
  for (const strange of [
    null,
    'waiting',
    {},
    { kind: 'toString' },
    { ...message, tone: 'toString' },
    { ...message, code: '__proto__' },
    { ...message, name: '' },
    { ...message, name: 'x'.repeat(65) },
    { ...message, delegate: 5 },
  ]) {
    expect(parseScreenMessage(strange), JSON.stringify(strange)).toBeUndefined();
  }
});

test('a verdict leaves the screen by the operator’s next, or after 20 seconds; in elder mode after 60', () => {
  const shown = advancePatient(opened, told(tellPatient(verdict), 1));
  expect(shown.view).toMatchObject({ kind: 'verdict', name: '张**' });
  expect(advancePatient(shown, told({ kind: 'waiting' }, 3)).view).toEqual({ kind: 'waiting' });
  expect(advancePatient(shown, looked(20.9))).toBe(shown);
  expect(advancePatient(shown, looked(21)).view).toEqual({ kind: 'waiting' });
  const elder = advancePatient(shown, { kind: 'elder_chosen', elder: true });
  expect(advancePatient(elder, looked(60)).view.kind).toBe('verdict');
  expect(advancePatient(elder, looked(61)).view.kind).toBe('waiting');
});

test('a scanner that is gone is noticed, takes what it said along, and comes back', () => {
  const shown = advancePatient(opened, told(tellPatient(verdict)));
  const lost = advancePatient(shown, looked(2, false));
  expect(lost).toMatchObject({ hasScanner: false, view: { kind: 'waiting' } });
  expect(advancePatient(lost, looked(3, false))).toBe(lost);
  expect(advancePatient(lost, looked(4)).hasScanner).toBe(true);
  expect(advancePatient(lost, told({ kind: 'checking' }, 4))).toMatchObject({
    hasScanner: true,
    view: { kind: 'checking' },
  });
});

test('the language is this screen’s own', () => {
  expect(advancePatient(opened, { kind: 'language_chosen', language: 'en' }).language).toBe('en');
});
