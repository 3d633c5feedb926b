import { expect, test } from 'vitest';
import { carriesMore, hidePriority, maskVerdict } from '../src/verdict/masking.ts';
import type { Person, Verdict } from '../src/verdict/verdict.ts';

const checkedAt = new Date('2026-06-01T08:00:00Z');
const blank: Verdict = {
  tone: 'valid',
  code: 'valid',
  checkedAt,
  bearer: false,
  repeated: false,
  statusUnchecked: false,
};

function about(person: Partial<Person>, delegateName?: string): Verdict {
  return {
    ...blank,
    person: { region: '370202', issuerName: '示例', expiresAt: checkedAt, ...person },
    ...(delegateName !== undefined && {
      delegate: { name: delegateName, relation: '2', grantedBy: 'issuer', expiresAt: checkedAt },
    }),
  };
}

test.each([
  ['张建国', '370202*0018', '张**', '*0018'],
  ['张**', '*0018', '张**', '*0018'],
  ['张', '1*8', '张', '*8'],
  ['𠮷田', '370*002X', '𠮷*', '*002X'],
  ['Anna Li', '370202196503120018', 'A******', '*0018'],
])('%s, %s is shown as %s, %s', (name, idNumber, maskedName, maskedNumber) => {
  const masked = maskVerdict(about({ name, idNumber }));
  expect(masked.person).toMatchObject({ name: maskedName, idNumber: maskedNumber, region: '370202' });
  expect(maskVerdict(masked)).toEqual(masked);
  expect(carriesMore(masked)).toBe(false);
  expect(carriesMore(about({ name, idNumber }))).toBe(name !== maskedName || idNumber !== maskedNumber);
});

test('a delegate is masked as well, and what is not there stays away', () => {
  const verdict = about({}, '李小红');
  expect(maskVerdict(verdict).delegate).toMatchObject({ name: '李**', relation: '2' });
  expect(maskVerdict(verdict).person).not.toHaveProperty('name');
  expect(carriesMore(verdict)).toBe(true);
  expect(maskVerdict(blank)).toEqual(blank);
  expect(carriesMore(blank)).toBe(false);
});

test('of an assistance a masked verdict says only that the person is served first, and the patient’s side nothing', () => {
  const verdict = about({ name: '张**', assistance: '2304', priority: true });
  expect(carriesMore(verdict)).toBe(true);
  const masked = maskVerdict(verdict);
  expect(masked.person).toMatchObject({ name: '张**', priority: true });
  expect(masked.person).not.toHaveProperty('assistance');
  expect(carriesMore(masked)).toBe(false);
  expect(hidePriority(verdict)).toEqual(about({ name: '张**' }));
  expect(hidePriority(blank)).toEqual(blank);
});

test('nor that an assistance may have been kept back', () => {
  const kept = (undisclosed: number, ...withheld: ('name' | 'scheme' | 'assistance')[]) =>
    hidePriority(about({ undisclosed, withheld })).person;
  expect(kept(2, 'name', 'scheme', 'assistance')).toMatchObject({ undisclosed: 2, withheld: ['name', 'scheme'] });
  expect(kept(3, 'name', 'scheme', 'assistance')).toMatchObject({ undisclosed: 2, withheld: ['name', 'scheme'] });
  const alone = kept(1, 'assistance');
  for (const told of ['undisclosed', 'withheld']) expect(alone).not.toHaveProperty(told);
});
