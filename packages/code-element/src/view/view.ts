import { BUSINESS_TYPES, labelCode, RELATIONS, SCHEMES } from '@zhengma/credential-core/codes';
import type { Holder, Holding } from '../holding/holding.ts';
import type { Shown } from '../renewal/renewal.ts';
import type { Language } from '../words/language.ts';
import { describeTime, wordsOf } from '../words/words.ts';
import { createCodeFrame, type FrameContent } from './code-frame.ts';
import { readCountdown } from './countdown.ts';
import { create, say } from './create.ts';
import { createTabs } from './tabs.ts';

/** Everything that is to be seen, at one moment. */
export interface ViewState {
  readonly language: Language;
  readonly now: Date;
  readonly labels: readonly (string | undefined)[];
  readonly selected: number;
  /** Of the person whose code is shown; absent until it is read. */
  readonly holding: Holding | undefined;
  readonly shown: Shown;
  readonly paused: boolean;
  readonly enlarged: boolean;
}

/** What people can do. */
export interface ViewHandlers {
  onPerson(index: number): void;
  onEnlarge(): void;
}

/** What the element is made of. */
export interface View {
  readonly nodes: readonly Node[];
  readonly stage: HTMLElement;
  readonly frame: HTMLElement;
  show(state: ViewState): void;
  /** For another size of the frame or of the window. */
  fit(): void;
  /** Whether enlarging would show anything larger. */
  canEnlarge(): boolean;
  followFocus(): void;
  /** Puts the focus where the keyboard can take the enlargement back. */
  focusEnlarge(): void;
}

/** Built once; later only what changes is touched. */
export function createView({ onPerson, onEnlarge }: ViewHandlers): View {
  const tabs = createTabs(onPerson);
  const frame = createCodeFrame();
  const bar = create('div', { class: 'bar' });
  const [left, renewed] = [create('span'), create('span')];
  const countdown = create(
    'div',
    { class: 'countdown', part: 'countdown', role: 'timer', 'aria-live': 'off' },
    create('div', { class: 'track', 'aria-hidden': 'true' }, bar),
    create('div', { class: 'facts' }, left, renewed),
  );
  const [name, idNumber] = [create('b'), create('span')];
  const person = create('p', { class: 'name', part: 'name' }, name, ' ', idNumber);
  const delegate = create('p', { class: 'delegate', part: 'delegate' });
  const uses = create('p', { class: 'uses', part: 'uses' });
  const scheme = create('p', { class: 'scheme' });
  const until = create('p', { class: 'until' });
  const notice = create('p', { class: 'notice', part: 'notice' });
  const hint = create('p', { class: 'hint', part: 'hint' });
  const enlarge = create('button', { class: 'enlarge', type: 'button', part: 'enlarge' });
  // As wide as the frame is when it is enlarged.
  const room = create('div', { class: 'room' });
  const stage = create(
    'div',
    { class: 'stage', id: 'stage' },
    ...[frame.element, countdown, person, delegate, uses, scheme, until, notice, hint, enlarge, room],
  );
  const spoken = create('p', { class: 'spoken', role: 'status' });
  enlarge.addEventListener('click', onEnlarge);

  function show(state: ViewState): void {
    const { language, now, selected, holding, shown, paused } = state;
    const words = wordsOf(language);
    const labels = state.labels.map((label, index) => label ?? words.person(index + 1));
    tabs.show(labels, selected, words.people);
    if (labels.length > 1) stage.setAttribute('role', 'tabpanel');
    else stage.removeAttribute('role');
    stage.setAttribute('lang', language);

    const content = chooseContent(state);
    frame.show(content, words.codeAlt);
    const picture = content.kind === 'code' ? content.picture : undefined;
    const isRenewing = holding?.kind === 'bound' && picture !== undefined;
    countdown.hidden = !isRenewing;
    if (isRenewing) {
      const { secondsLeft, fraction } = readCountdown(picture, now);
      bar.classList.toggle('full', fraction === 1);
      bar.style.setProperty('transform', `scaleX(${fraction.toFixed(3)})`);
      say(left, shown.problem ? '' : words.secondsLeft(secondsLeft));
      say(renewed, words.renewedAt(describeTime(picture.drawnAt, now, language)));
    }

    const holder: Holder = holding && 'holder' in holding && !paused ? holding.holder : {};
    say(name, holder.name ?? '');
    say(idNumber, holder.idNumber ?? '');
    person.hidden = !holder.name && !holder.idNumber;
    const [table, agent] = [language === 'en' ? 'en' : 'zh', holder.delegate] as const;
    say(delegate, agent ? words.delegate(agent.name, labelCode(RELATIONS, agent.relation, table)) : '');
    const names = holder.businessTypes?.map((code) => labelCode(BUSINESS_TYPES, code, table));
    say(uses, names ? words.uses(names) : '');
    say(scheme, holder.scheme ? labelCode(SCHEMES, holder.scheme, table) : '');
    const end = picture && holding && 'times' in holding && (holding.times.delegatedUntil ?? holding.times.expiresAt);
    say(until, end ? words.validUntil(describeTime(end, now, language)) : '');
    say(notice, picture ? chooseNotice(state) : '');
    say(hint, picture ? words.brightness : '');
    stage.classList.toggle('enlarged', state.enlarged && picture !== undefined);
    say(enlarge, picture ? (state.enlarged ? words.shrink : words.enlarge) : '');
    showGain();

    // What a listener must know and cannot see; the seconds are none of it.
    const trouble = content.kind === 'trouble' ? `${content.words.title} ${content.words.advice}` : '';
    const news = trouble || (shown.problem && !paused ? words.retrying : (labels.length > 1 && labels[selected]) || '');
    if (spoken.textContent !== news) spoken.textContent = news;
  }

  /** On most phones held upright the code is as wide as the screen already. */
  function canEnlarge(): boolean {
    return stage.classList.contains('enlarged') || frame.wouldGrow(room.clientWidth);
  }

  function showGain(): void {
    const gains = canEnlarge();
    enlarge.hidden = !gains || enlarge.textContent === '';
    frame.element.classList.toggle('enlargeable', gains);
  }

  return {
    nodes: [tabs.element, stage, spoken],
    stage,
    frame: frame.element,
    show,
    fit() {
      frame.fit();
      showGain();
    },
    canEnlarge,
    followFocus: tabs.followFocus,
    focusEnlarge: () => enlarge.focus({ preventScroll: true }),
  };
}

function chooseContent({ language, now, shown: { picture, problem }, paused }: ViewState): FrameContent {
  const words = wordsOf(language);
  if (paused) return { kind: 'trouble', words: words.paused };
  if (picture) return { kind: 'code', picture };
  if (!problem) return { kind: 'waiting', words: words.drawing };
  const { code, availableFrom } = problem;
  const from = code === 'not_yet_valid' && availableFrom;
  return {
    kind: 'trouble',
    words: words.problems[code],
    ...(from && { availableFrom: words.availableFrom(describeTime(from, now, language)) }),
  };
}

function chooseNotice({ language, now, holding, shown: { picture, problem } }: ViewState): string {
  const words = wordsOf(language);
  if (problem) return words.retrying;
  if (holding?.kind === 'bearer') return words.bearer;
  if (holding?.kind === 'strips' && picture) return words.strip(describeTime(picture.renewAt, now, language));
  return '';
}
