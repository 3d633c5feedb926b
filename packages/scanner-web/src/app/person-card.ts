import { element } from '../look/element.ts';
import type { Person, Verdict } from '../verdict/verdict.ts';
import { nameAssistance, nameEnrolment, namePersonClass, nameScheme } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import type { Words } from '../words/words.ts';
import { nameUses } from './verdict-limits.ts';

type Delegate = Verdict['delegate'];

/**
 * What a code says of a person.
 *
 * @param elder folds away what few need
 */
export function renderFacts(
  person: Person,
  delegate: Delegate,
  language: Language,
  words: Words,
  elder: boolean,
): HTMLElement[] {
  const { name, idNumber, scheme, personClass, priority, enrolment, paper } = person;
  const first = [
    ...renderFact(words.person.name, name, 'person-name'),
    ...renderFact(words.person.idNumber, idNumber, isLong(idNumber) ? 'person-id person-long' : 'person-id'),
    ...renderFact(words.person.scheme, scheme && nameScheme(scheme, language)),
    ...renderFact(words.person.assistance, priority && namePriority(person, language, words), 'person-priority'),
  ];
  const state = renderFact(
    words.person.enrolment,
    enrolment && nameEnrolment(enrolment, language),
    enrolment === '1' ? 'person-enrolment' : 'person-enrolment person-alert',
  );
  const uses = renderFact(words.person.uses, nameUses(person, delegate, language, words));
  const personClassFact = renderFact(
    words.person.personClass,
    personClass && namePersonClass(personClass, language),
    'person-class',
  );
  const more = [
    ...renderFact(words.person.form, paper && words.person.paper, 'person-form'),
    ...renderFact(words.person.region, person.region, paper ? 'person-region' : undefined),
    ...renderFact(words.person.expiresAt, describeInstant(person.expiresAt, language)),
    ...renderFact(words.person.issuer, person.issuerName),
    ...renderFact(words.person.undisclosed, describeUndisclosed(person, words)),
  ];
  if (!elder) return [renderList([...first, ...personClassFact, ...state, ...uses, ...more])];
  return [
    renderList([...first, ...state, ...uses]),
    element(
      'details',
      { class: 'more-facts' },
      element('summary', {}, words.moreFacts),
      renderList([...personClassFact, ...more]),
    ),
  ];
}

/** That the person is served first; why, where it was asked for. */
function namePriority({ assistance }: Person, language: Language, { person: words }: Words): string {
  return assistance ? words.priorityFor(nameAssistance(assistance, language)) : words.priority;
}

/** How many claims were kept back, and which these may be. */
function describeUndisclosed({ undisclosed, withheld = [] }: Person, { person: words }: Words): string | undefined {
  if (!undisclosed) return undefined;
  const { name, idNumber, scheme, personClass, assistance } = words;
  const labels: Readonly<Partial<Record<string, string>>> = { name, idNumber, scheme, personClass, assistance };
  const named = withheld.map((claim) => labels[claim] ?? claim).join(words.usesSeparator);
  return words.undisclosedCount(undisclosed, named);
}

/** Longer than what a mask leaves. */
function isLong(idNumber: string | undefined): boolean {
  return idNumber !== undefined && idNumber.length > 6;
}

function renderList(facts: readonly HTMLElement[]): HTMLElement {
  return element('dl', { class: 'facts' }, ...facts);
}

function renderFact(label: string, value: string | undefined, kind = 'person-wide'): HTMLElement[] {
  if (!value) return [];
  return [element('div', { class: `fact ${kind}` }, element('dt', {}, label), element('dd', {}, value))];
}
