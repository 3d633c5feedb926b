import type { AuditEntry } from '@zhengma/verifier-service/client';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Outcome } from './admin-words.ts';
import type { Names } from './session.ts';
import type { Phrase } from './spoken.ts';

/** The owner of the data folder, who has no API key. */
const OWNER = 'local';

/** An operator by name; by id where the name is not known. */
export function nameOperator(id: string, names: Names): Phrase {
  const name = names.operators().find((operator) => operator.id === id)?.name;
  return (words) => (id === OWNER ? words.search.owner : (name ?? id));
}

/** An organisation by name and code. */
export function nameOrganisation(id: string, names: Names): Phrase {
  const name = names.organisations().find((organisation) => organisation.id === id)?.name;
  return () => (name === undefined || name === id ? id : `${name}（${id}）`);
}

/** An outcome of a verification; its code where a newer service has one that this page does not know. */
export function nameOutcome(outcome: string): Phrase {
  return (words) => (Object.hasOwn(words.outcome, outcome) ? words.outcome[outcome as Outcome] : outcome);
}

/** What else an audit row says. */
export function describeDetails({ businessType, reason, subject }: AuditEntry, names: Names): readonly Phrase[] {
  return [
    ...(businessType === undefined
      ? []
      : [(_: unknown, language: Parameters<Phrase>[1]) => nameBusinessType(businessType, language)]),
    ...(reason === undefined ? [] : [() => reason]),
    ...(subject === undefined ? [] : [nameSubject(subject, names)]),
  ];
}

function nameSubject(id: string, names: Names): Phrase {
  const isOrganisation = names.organisations().some((organisation) => organisation.id === id);
  const name = isOrganisation ? nameOrganisation(id, names) : nameOperator(id, names);
  return (words, language) => words.search.subject(name(words, language));
}
