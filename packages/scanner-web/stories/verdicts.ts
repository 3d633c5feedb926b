import type { Person, Tone, Verdict, VerdictCode } from '../src/verdict/verdict.ts';
import { wordsOf } from '../src/words/words.ts';

export const CHECKED_AT = new Date('2026-06-01T08:00:05Z');
const NEXT_YEAR = new Date('2027-05-31T15:59:59Z');

/** Nobody. */
export const PERSON: Person = {
  name: '欧阳建国',
  idNumber: '370202*0018',
  region: '370202',
  scheme: '310',
  personClass: '12',
  enrolment: '1',
  issuerName: '示例市医疗保障局',
  expiresAt: NEXT_YEAR,
};

const UNSURE: ReadonlySet<VerdictCode> = new Set<VerdictCode>([
  'no_lists',
  'lists_refused',
  'status_unknown',
  'clock_behind',
  'trust_list_stale',
  'status_list_stale',
]);

/** Codes that are given before the signature is found good, so that nothing of the person is shown. */
const IMPERSONAL: ReadonlySet<VerdictCode> = new Set<VerdictCode>([
  'no_lists',
  'not_zhengma',
  'unsupported_version',
  'too_large',
  'malformed',
  'unsupported_algorithm',
  'unsupported_type',
  'unknown_issuer',
  'unknown_key',
  'key_not_valid',
  'key_compromised',
  'bad_signature',
  'type_not_allowed',
  'region_not_allowed',
]);

/** A verdict as the scanner gives it, with what is said otherwise. */
export function judge(code: VerdictCode, more: Partial<Verdict> = {}): Verdict {
  return {
    tone: toneOf(code),
    code,
    checkedAt: CHECKED_AT,
    bearer: false,
    repeated: false,
    statusUnchecked: false,
    ...(!IMPERSONAL.has(code) && { person: PERSON }),
    ...more,
  };
}

function toneOf(code: VerdictCode): Tone {
  if (code === 'valid') return 'valid';
  if (code === 'not_zhengma') return 'foreign';
  return UNSURE.has(code) ? 'unsure' : 'refused';
}

/** One of every code, and the green ones in all that they can say. */
export const VERDICTS: Readonly<Record<string, Verdict>> = {
  ...Object.fromEntries(
    (Object.keys(wordsOf('en').verdict) as VerdictCode[])
      .filter((code) => code !== 'not_zhengma')
      .map((code) => [code, judge(code)]),
  ),
  'valid: bearer, on paper': judge('valid', { bearer: true, person: { ...PERSON, paper: true } }),
  'valid: the same again, without a status list': judge('valid', { repeated: true, statusUnchecked: true }),
  'valid: not enrolled, limited': judge('valid', {
    bearer: true,
    person: { ...PERSON, enrolment: '2', businessTypes: ['01301', '01302', '90001'] },
  }),
  'valid: priority': judge('valid', { person: { ...PERSON, assistance: '2304', priority: true } }),
  'valid: without a name': judge('valid', {
    person: { ...withoutName(PERSON), undisclosed: 2, withheld: ['name', 'personClass'] },
  }),
  'valid: by a delegate of the issuer': judge('valid', {
    delegate: { name: '李小红', relation: '2', grantedBy: 'issuer', expiresAt: NEXT_YEAR },
  }),
  'valid: by a delegate of the person': judge('valid', {
    delegate: {
      name: '王虚构',
      relation: '9',
      grantedBy: 'holder',
      expiresAt: NEXT_YEAR,
      businessTypes: ['01302'],
    },
  }),
  'revoked: by a delegate': judge('revoked', {
    delegate: { name: '李小红', relation: '2', grantedBy: 'issuer', expiresAt: NEXT_YEAR },
  }),
  ...Object.fromEntries(
    (['official', 'enrolment', 'id-number', 'hcert', 'payment', 'url', 'unknown'] as const).map((foreign) => [
      `not_zhengma: ${foreign}`,
      judge('not_zhengma', { foreign }),
    ]),
  ),
};

function withoutName({ name: _, ...person }: Person): Person {
  return person;
}
