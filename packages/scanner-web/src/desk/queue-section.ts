import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { describeQueue } from './desk-bar.ts';
import type { DeskState } from './desk-state.ts';
import { type DeskWords, deskWordsOf } from './desk-words.ts';

/** What waits to be uploaded, why, and a button for those who do not want to wait. */
export interface QueueSection {
  readonly root: HTMLElement;
  show(state: DeskState): void;
}

/** @param onSend fulfils when nothing more can be sent */
export function createQueueSection(onSend: () => Promise<void>): QueueSection {
  let isSending = false;
  let shown: DeskState | undefined;
  const heading = element('h2', {});
  const size = element('p', { class: 'desk-size' });
  const why = element('p', { class: 'desk-hint', role: 'status' });
  const risk = element('p', { class: 'desk-hint' });
  const label = element('span');
  const send = element('button', { class: 'button', type: 'button', click: sendNow }, icon('refresh'), label);
  const root = element(
    'section',
    { class: 'desk-section' },
    heading,
    size,
    why,
    risk,
    element('p', { class: 'choices' }, send),
  );

  async function sendNow(): Promise<void> {
    if (isSending) return;
    isSending = true;
    draw();
    await onSend();
    isSending = false;
    draw();
  }

  function draw(): void {
    if (!shown) return;
    const words = deskWordsOf(shown.language);
    heading.textContent = words.queue.heading;
    size.textContent = describeQueue(shown, words) || words.queue.none;
    why.textContent = explainWaiting(shown, words);
    risk.textContent = shown.queue.waiting > 0 && !shown.isPersisted ? words.queue.notPersisted : '';
    send.hidden = shown.shift === undefined || shown.queue.waiting === 0;
    send.setAttribute('aria-disabled', String(isSending));
    label.textContent = isSending ? words.queue.sending : words.queue.send;
  }

  return {
    root,
    show(state) {
      shown = state;
      draw();
    },
  };
}

function explainWaiting({ queue, shift, problem }: DeskState, { queue: words }: DeskWords): string {
  if (queue.waiting === 0) return '';
  if (!shift) return words.signInToSend;
  if (problem === 'unreachable' || problem === 'timed_out') return words.unreachable;
  return problem === undefined ? '' : words.otherProblem(problem);
}
