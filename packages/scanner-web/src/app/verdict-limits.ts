import type { Person, Verdict } from '../verdict/verdict.ts';
import { nameBusinessType, nameEnrolment } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import type { Words } from '../words/words.ts';

/** What can decide the errand although the credential itself is good: an enrolment other than 1, and what it is limited to. */
export function nameLimits({ person, delegate }: Verdict, language: Language, words: Words): string[] {
  const uses = nameUses(person, delegate, language, words);
  const isEnrolled = person?.enrolment === undefined || person.enrolment === '1';
  return [
    ...(isEnrolled ? [] : [words.notEnrolled(nameEnrolment(person.enrolment, language))]),
    ...(uses ? [words.onlyFor(uses)] : []),
  ];
}

/** A delegate may do what was lent, and not more than the credential allows. */
export function nameUses(
  person: Person | undefined,
  delegate: Verdict['delegate'],
  language: Language,
  words: Words,
): string | undefined {
  const codes = delegate?.businessTypes ?? person?.businessTypes;
  return codes?.map((code) => nameBusinessType(code, language)).join(words.person.usesSeparator);
}
