import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { describeAge, describeClock } from '../words/time.ts';
import { type Words, wordsOf } from '../words/words.ts';
import type { ScanState } from './scan-state.ts';

/** The line that says how old the lists are. It never leaves the screen: a verdict is as good as its lists. */
export interface ListsBar {
  readonly root: HTMLElement;
  show(state: ScanState): void;
}

/** @param onRefresh the operator wants the lists now */
export function createListsBar(onRefresh: () => void): ListsBar {
  const age = element('span', { class: 'lists-age' });
  const checked = element('span', { class: 'lists-checked' });
  const offlineLabel = element('span');
  const offline = element('span', { class: 'lists-offline' }, icon('offline'), offlineLabel);
  const refreshLabel = element('span');
  const refresh = element(
    'button',
    { class: 'button small lists-refresh', type: 'button', click: onRefresh, mousedown: keepFocus },
    icon('refresh'),
    refreshLabel,
  );
  const root = element(
    'div',
    { class: 'lists-bar' },
    offline,
    element('p', { class: 'lists-lines', role: 'status' }, age, checked),
    refresh,
  );

  return {
    root,
    show({ language, lists, online, currentDate }) {
      const words = wordsOf(language);
      age.textContent = lists.issuedAt
        ? words.lists.updated(describeAge(lists.issuedAt, currentDate, words))
        : lists.refreshing
          ? words.lists.loading
          : words.lists.none;
      checked.textContent = lists.checkedAt ? words.lists.lastChecked(describeClock(lists.checkedAt, language)) : '';
      offline.hidden = online && lists.problem !== 'unreachable';
      offlineLabel.textContent = words.lists.offline;
      refreshLabel.textContent = lists.refreshing ? words.lists.refreshing : words.lists.refresh;
      refresh.setAttribute('aria-busy', String(lists.refreshing));
    },
  };
}

/** What is wrong with the lists, in a sentence; nothing when all is well. */
export function describeListsProblem({ lists }: ScanState, words: Words): string | undefined {
  switch (lists.problem) {
    case undefined:
      return undefined;
    case 'unreachable':
      // With no list at all, every verdict says so itself.
      return lists.issuedAt ? words.lists.unreachable : undefined;
    case 'roots_changed':
      return words.lists.rootsChanged;
    case 'no_storage':
      return words.lists.noStorage;
    default:
      return words.lists.refused(words.verdict[lists.problem].reason);
  }
}
