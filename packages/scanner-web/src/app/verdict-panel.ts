import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Person, Verdict } from '../verdict/verdict.ts';
import { nameBusinessType, nameEnrolment, namePersonClass, nameRelation, nameScheme } from '../words/code-tables.ts';
import { explainVerdict } from '../words/explain-verdict.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import { type Words, wordsOf } from '../words/words.ts';

type Delegate = NonNullable<Verdict['delegate']>;

/** One verdict over the whole screen: the word, the reason, what to do, whom it is about. */
export function renderVerdict(
  verdict: Verdict,
  language: Language,
  offline: boolean,
  onNext: () => void,
): { readonly root: HTMLElement; readonly next: HTMLButtonElement } {
  const words = wordsOf(language);
  const { reason, next: advice } = explainVerdict(verdict, language);
  const limits = verdict.tone === 'valid' ? nameLimits(verdict, language, words) : [];
  const check = nameCheck(verdict, words);
  const next = element(
    'button',
    { class: 'button next', type: 'button', click: onNext },
    element('span', {}, words.nextPerson),
    element('small', {}, words.nextPersonKeys),
  );
  const root = element(
    'section',
    { class: 'verdict', 'data-tone': verdict.tone, 'data-code': verdict.code, 'data-kind': verdict.foreign ?? false },
    element(
      'div',
      { class: 'verdict-answer' },
      element('div', { class: 'verdict-icon' }, icon(verdict.tone)),
      element('h1', {}, words.headline[verdict.tone]),
      // The word above is about the code; what stops the errand must not be smaller than what lets it pass.
      ...(limits.length > 0
        ? limits.map((limit) => renderNote('unsure', limit, 'verdict-note verdict-alert'))
        : [element('p', { class: 'verdict-reason' }, reason)]),
      verdict.delegate ? renderDelegate(verdict.delegate, verdict.person, language, words) : null,
      check ? renderNote('person', check) : null,
      verdict.bearer || limits.length > 0 ? null : element('p', { class: 'verdict-next' }, advice),
      verdict.tone === 'valid' && !verdict.bearer
        ? renderMark('phone', verdict.delegate ? words.shownByDelegate : words.shownByOwnDevice)
        : null,
      verdict.repeated ? renderMark('refresh', words.repeated) : null,
      verdict.statusUnchecked ? renderNote('unsure', words.statusUnchecked) : null,
      offline ? renderMark('offline', words.checkedOffline) : null,
    ),
    verdict.person ? renderPerson(verdict.person, verdict.delegate, language, words) : null,
    next,
  );
  return { root, next };
}

/** Two people: the one at the counter, and for whom; who let them, and until when where that is not the credential's end. */
function renderDelegate(
  { name, relation, grantedBy, expiresAt }: Delegate,
  person: Person | undefined,
  language: Language,
  words: Words,
): HTMLElement {
  const until = grantedBy === 'holder' ? describeInstant(expiresAt, language) : undefined;
  return element(
    'div',
    { class: 'delegate' },
    element('p', { class: 'delegate-who' }, words.actsFor(name, nameRelation(relation, language), person?.name)),
    element('p', {}, words.grantedBy(grantedBy, until)),
  );
}

/** What can decide the errand although the credential itself is good: an enrolment other than 1, and what it is limited to. */
function nameLimits({ person, delegate }: Verdict, language: Language, words: Words): string[] {
  const uses = nameUses(person, delegate, language, words);
  const isEnrolled = person?.enrolment === undefined || person.enrolment === '1';
  return [
    ...(isEnrolled ? [] : [words.notEnrolled(nameEnrolment(person.enrolment, language))]),
    ...(uses ? [words.onlyFor(uses)] : []),
  ];
}

/** A delegate may do what was lent, and not more than the credential allows. */
function nameUses(
  person: Person | undefined,
  delegate: Delegate | undefined,
  language: Language,
  words: Words,
): string | undefined {
  const codes = delegate?.businessTypes ?? person?.businessTypes;
  return codes?.map((code) => nameBusinessType(code, language)).join(words.person.usesSeparator);
}

/** What the operator must compare or ask before going on. */
function nameCheck({ tone, bearer, person }: Verdict, words: Words): string | undefined {
  if (tone !== 'valid') return undefined;
  if (person !== undefined && person.name === undefined) return words.askName;
  return bearer ? words.checkPerson : undefined;
}

function renderNote(name: 'person' | 'phone' | 'unsure', sentence: string, kind = 'verdict-note'): HTMLElement {
  return element('p', { class: kind }, icon(name), element('span', {}, sentence));
}

/** What needs nothing to be done. */
function renderMark(name: 'phone' | 'refresh' | 'offline', sentence: string): HTMLElement {
  return element('p', { class: 'verdict-mark' }, icon(name), element('span', {}, sentence));
}

function renderPerson(person: Person, delegate: Delegate | undefined, language: Language, words: Words): HTMLElement {
  const { name, idNumber, scheme, personClass, enrolment, paper, undisclosed } = person;
  return element(
    'dl',
    { class: 'person' },
    ...renderFact(words.person.name, name, 'person-name'),
    ...renderFact(words.person.idNumber, idNumber, 'person-id'),
    ...renderFact(words.person.scheme, scheme && nameScheme(scheme, language)),
    ...renderFact(words.person.personClass, personClass && namePersonClass(personClass, language), 'person-class'),
    ...renderFact(
      words.person.enrolment,
      enrolment && nameEnrolment(enrolment, language),
      enrolment === '1' ? 'person-enrolment' : 'person-enrolment person-alert',
    ),
    ...renderFact(words.person.uses, nameUses(person, delegate, language, words)),
    ...renderFact(words.person.form, paper && words.person.paper, 'person-form'),
    ...renderFact(words.person.region, person.region, paper ? 'person-region' : undefined),
    ...renderFact(words.person.expiresAt, describeInstant(person.expiresAt, language)),
    ...renderFact(words.person.issuer, person.issuerName),
    ...renderFact(words.person.undisclosed, undisclosed ? words.person.undisclosedCount(undisclosed) : undefined),
  );
}

function renderFact(label: string, value: string | undefined, kind = 'person-wide'): HTMLElement[] {
  if (!value) return [];
  return [element('div', { class: `fact ${kind}` }, element('dt', {}, label), element('dd', {}, value))];
}
