import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { carriesMore, maskVerdict } from '../verdict/masking.ts';
import type { Person, Verdict } from '../verdict/verdict.ts';
import { nameRelation } from '../words/code-tables.ts';
import { explainVerdict } from '../words/explain-verdict.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import { type Words, wordsOf } from '../words/words.ts';
import { renderFacts } from './person-card.ts';
import { nameLimits } from './verdict-limits.ts';

type Delegate = NonNullable<Verdict['delegate']>;

/** What the page knows beside the verdict. */
export interface VerdictSetting {
  readonly language: Language;
  readonly offline: boolean;
  /** Fewer facts at once. */
  readonly elder: boolean;
  readonly onNext: () => void;
  /** The operator wants to read names and number as the code carries them, or no longer; absent where nobody may. */
  readonly onReveal?: () => void;
  readonly onMask?: () => void;
}

/** A verdict that is on the screen. */
export interface VerdictPanel {
  readonly root: HTMLElement;
  readonly next: HTMLButtonElement;
  /** @param seconds for how many more names and number are readable; nothing where they are masked */
  reveal(seconds: number | undefined): void;
}

/** One verdict over the whole screen: the word, the reason, what to do, whom it is about. */
export function renderVerdict(verdict: Verdict, setting: VerdictSetting): VerdictPanel {
  const { language, offline, elder, onNext, onReveal, onMask } = setting;
  const words = wordsOf(language);
  const { reason, next: advice } = explainVerdict(verdict, language);
  const limits = verdict.tone === 'valid' ? nameLimits(verdict, language, words) : [];
  const check = nameCheck(verdict, words);
  const masked = maskVerdict(verdict);
  let isRevealed = false;
  const delegate = element('div', { class: 'delegate' });
  const facts = element('div', {});
  const toggle = element('button', {
    class: 'button reveal',
    type: 'button',
    mousedown: keepFocus,
    click: () => (isRevealed ? onMask?.() : onReveal?.()),
  });
  // A count read aloud every second would drown everything else.
  const revealing = element('div', { 'aria-live': 'off' }, toggle);
  revealing.hidden = !onReveal || !carriesMore(verdict);
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
      verdict.delegate ? delegate : null,
      check ? renderNote('person', check) : null,
      verdict.bearer || limits.length > 0 ? null : element('p', { class: 'verdict-next' }, advice),
      verdict.tone === 'valid' && !verdict.bearer
        ? renderMark('phone', verdict.delegate ? words.shownByDelegate : words.shownByOwnDevice)
        : null,
      verdict.repeated ? renderMark('refresh', words.repeated) : null,
      verdict.statusUnchecked ? renderNote('unsure', words.statusUnchecked) : null,
      offline ? renderMark('offline', words.checkedOffline) : null,
    ),
    verdict.person ? element('div', { class: 'person' }, facts, revealing) : null,
    next,
  );
  showPeople(masked);
  label(undefined);

  function showPeople({ person, delegate: acting }: Verdict): void {
    if (person) facts.replaceChildren(...renderFacts(person, acting, language, words, elder));
    if (acting) delegate.replaceChildren(...renderDelegate(acting, person, language, words));
  }

  function label(seconds: number | undefined): void {
    toggle.textContent = seconds === undefined ? words.reveal : words.concealIn(seconds);
  }

  return {
    root,
    next,
    reveal(seconds) {
      const wanted = seconds !== undefined;
      if (wanted !== isRevealed) showPeople(wanted ? verdict : masked);
      isRevealed = wanted;
      label(seconds);
    },
  };
}

/** Two people: the one at the counter, and for whom; who let them, and until when where that is not the credential's end. */
function renderDelegate(
  { name, relation, grantedBy, expiresAt }: Delegate,
  person: Person | undefined,
  language: Language,
  words: Words,
): HTMLElement[] {
  const until = grantedBy === 'holder' ? describeInstant(expiresAt, language) : undefined;
  return [
    element('p', { class: 'delegate-who' }, words.actsFor(name, nameRelation(relation, language), person?.name)),
    element('p', {}, words.grantedBy(grantedBy, until)),
  ];
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
