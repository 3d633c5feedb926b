import { maskName } from '@zhengma/credential-core/codes';
import type { Person, Verdict } from './verdict.ts';

/** How many characters of an ID number stay readable on a screen. */
const SHOWN_AT_THE_END = 4;

/**
 * The verdict as it may stand on a screen that others see too: of names the first character, of ID numbers the last four, whatever the
 * code carries, and of an assistance only that there is one.
 */
export function maskVerdict(verdict: Verdict): Verdict {
  const { person, delegate } = verdict;
  return {
    ...verdict,
    ...(person && { person: maskPerson(person) }),
    ...(delegate && { delegate: { ...delegate, name: maskName(delegate.name) } }),
  };
}

/** The verdict for a screen of which the person and whoever stands behind them see all: nothing of who is served first, and why. */
export function hidePriority(verdict: Verdict): Verdict {
  if (!verdict.person) return verdict;
  const { assistance: _, priority: __, undisclosed, withheld, ...person } = verdict.person;
  // That it may have been kept back tells of it as well.
  const others = withheld?.filter((claim) => claim !== 'assistance') ?? [];
  const isAny = undisclosed !== undefined && others.length > 0;
  return {
    ...verdict,
    person: {
      ...person,
      ...(isAny && { undisclosed: Math.min(undisclosed, others.length), withheld: others }),
    },
  };
}

/** Whether the code carries more than a masked verdict shows. */
export function carriesMore({ person, delegate }: Verdict): boolean {
  const masked = person && maskPerson(person);
  return (
    masked?.name !== person?.name ||
    masked?.assistance !== person?.assistance ||
    masked?.idNumber !== person?.idNumber ||
    (delegate !== undefined && maskName(delegate.name) !== delegate.name)
  );
}

function maskPerson({ assistance: _, ...person }: Person): Person {
  const { name, idNumber } = person;
  return {
    ...person,
    ...(name !== undefined && { name: maskName(name) }),
    ...(idNumber !== undefined && { idNumber: `*${idNumber.slice(-SHOWN_AT_THE_END).replace(/^.*\*/, '')}` }),
  };
}
