import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Person, Verdict } from '../verdict/verdict.ts';
import { nameBusinessType, nameEnrolment, namePersonClass, nameScheme } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import { type Words, wordsOf } from '../words/words.ts';

/** One verdict over the whole screen: the word, the reason, what to do, whom it is about. */
export function renderVerdict(
  verdict: Verdict,
  language: Language,
  offline: boolean,
  onNext: () => void,
): { readonly root: HTMLElement; readonly next: HTMLButtonElement } {
  const words = wordsOf(language);
  const { reason, next: advice } = words.verdict[verdict.code];
  const enrolment = verdict.tone === 'valid' ? nameTrouble(verdict.person, language) : undefined;
  const next = element(
    'button',
    { class: 'button next', type: 'button', click: onNext },
    element('span', {}, words.nextPerson),
    element('small', {}, words.nextPersonKeys),
  );
  const root = element(
    'section',
    { class: 'verdict', 'data-tone': verdict.tone, 'data-code': verdict.code },
    element(
      'div',
      { class: 'verdict-answer' },
      element('div', { class: 'verdict-icon' }, icon(verdict.tone)),
      element('h1', {}, words.headline[verdict.tone]),
      // The word above is about the code; what stops the errand must not be smaller than what lets it pass.
      enrolment
        ? renderNote('unsure', words.notEnrolled(enrolment), 'verdict-note verdict-alert')
        : element('p', { class: 'verdict-reason' }, reason),
      verdict.bearer ? renderNote('person', words.checkPerson) : element('p', { class: 'verdict-next' }, advice),
      verdict.statusUnchecked ? renderNote('unsure', words.statusUnchecked) : null,
      offline ? element('p', { class: 'verdict-offline' }, icon('offline'), words.checkedOffline) : null,
    ),
    verdict.person ? renderPerson(verdict.person, language, words) : null,
    next,
  );
  return { root, next };
}

/** Anything but 1 (enrolled) can decide the errand although the credential itself is good. */
function nameTrouble(person: Person | undefined, language: Language): string | undefined {
  if (person?.enrolment === undefined || person.enrolment === '1') return undefined;
  return nameEnrolment(person.enrolment, language);
}

function renderNote(name: 'person' | 'unsure', sentence: string, kind = 'verdict-note'): HTMLElement {
  return element('p', { class: kind }, icon(name), element('span', {}, sentence));
}

function renderPerson(person: Person, language: Language, words: Words): HTMLElement {
  const { name, idNumber, scheme, personClass, enrolment, businessTypes, paper } = person;
  const uses = businessTypes?.map((code) => nameBusinessType(code, language));
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
    ...renderFact(words.person.uses, uses?.join(words.person.usesSeparator)),
    ...renderFact(words.person.form, paper && words.person.paper, 'person-form'),
    ...renderFact(words.person.region, person.region, paper ? 'person-region' : undefined),
    ...renderFact(words.person.expiresAt, describeInstant(person.expiresAt, language)),
    ...renderFact(words.person.issuer, person.issuerName),
  );
}

function renderFact(label: string, value: string | undefined, kind = 'person-wide'): HTMLElement[] {
  if (!value) return [];
  return [element('div', { class: `fact ${kind}` }, element('dt', {}, label), element('dd', {}, value))];
}
