import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import { describeAge } from '../words/time.ts';
import { wordsOf } from '../words/words.ts';
import type { DeskState } from './desk-state.ts';
import { type DeskWords, deskWordsOf, type Mark } from './desk-words.ts';

/** The line that says who works here and what waits to be uploaded. It never leaves the screen. */
export interface DeskBar {
  readonly root: HTMLElement;
  show(state: DeskState): void;
}

/** What must not be overlooked. */
const ALARMING: ReadonlySet<Mark> = new Set<Mark>(['unsaved', 'failed']);

/** @param onOpen the operator wants to sign in, or to see more */
export function createDeskBar(onOpen: () => void): DeskBar {
  const name = element('strong', {});
  const about = element('span', { class: 'desk-about' });
  const queue = element('p', { class: 'desk-queue', role: 'status' });
  const troubles = element('button', { class: 'desk-troubles', type: 'button', click: onOpen, mousedown: keepFocus });
  const marked = element('span');
  const mark = element('p', { class: 'desk-mark', role: 'status' }, icon('valid'), icon('unsure'), marked);
  const label = element('span');
  const open = element(
    'button',
    { class: 'button small desk-open', type: 'button', click: onOpen, mousedown: keepFocus },
    icon('person'),
    label,
  );
  const root = element(
    'section',
    { class: 'desk-bar' },
    element('p', { class: 'desk-who' }, name, about),
    queue,
    troubles,
    mark,
    open,
  );

  return {
    root,
    show(state) {
      const words = deskWordsOf(state.language);
      root.setAttribute('aria-label', words.bar);
      name.textContent = state.shift?.operator.name ?? words.nobody;
      about.textContent = describeShift(state, words);
      say(queue, describeQueue(state, words));
      queue.classList.toggle('desk-alarm', state.queue.unsaved > 0);
      troubles.hidden = state.queue.troubles === 0;
      if (!troubles.hidden) troubles.replaceChildren(icon('unsure'), words.queue.troubles(state.queue.troubles));
      say(marked, state.mark ? words.mark[state.mark] : '');
      mark.hidden = state.mark === undefined;
      mark.dataset['mark'] = state.mark ?? '';
      mark.dataset['sign'] =
        state.mark === undefined || state.mark === 'saving' ? '' : ALARMING.has(state.mark) ? 'alarm' : 'done';
      mark.classList.toggle('desk-alarm', mark.dataset['sign'] === 'alarm');
      label.textContent = state.shift ? words.openSignedIn : words.openSignedOut;
    },
  };
}

function describeShift({ shift, businessType, end, language }: DeskState, words: DeskWords): string {
  if (!shift) return end && end !== 'signed_out' ? words.end[end] : words.nobodyMeans;
  return [
    businessType === undefined ? '' : nameBusinessType(businessType, language),
    shift.isConfirmed ? '' : words.unconfirmed,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Nothing of a queue that is empty, where nobody works who could fill it. */
export function describeQueue({ queue, shift, currentDate, language }: DeskState, words: DeskWords): string {
  if (queue.unsaved > 0) return words.queue.unsaved(queue.unsaved);
  if (queue.waiting === 0) return shift ? words.queue.none : '';
  return words.queue.waiting(queue.waiting, describeAge(queue.oldestAt ?? currentDate, currentDate, wordsOf(language)));
}

/** Setting the same text again would have it read aloud again. */
function say(line: HTMLElement, text: string): void {
  if (line.textContent !== text) line.textContent = text;
}
