import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { describeAge } from '../words/time.ts';
import { type Explanation, type Words, wordsOf } from '../words/words.ts';
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
      checked.textContent = lists.checkedAt
        ? words.lists.lastChecked(describeAge(lists.checkedAt, currentDate, words))
        : '';
      offline.hidden = online && lists.problem !== 'unreachable';
      offlineLabel.textContent = words.lists.offline;
      refreshLabel.textContent = lists.refreshing ? words.lists.refreshing : words.lists.refresh;
      refresh.setAttribute('aria-busy', String(lists.refreshing));
    },
  };
}

/** What is wrong with the lists. A refusal says what to do beside it; the rest is one sentence. */
export function describeListsProblem({ lists }: ScanState, words: Words): Explanation | string | undefined {
  switch (lists.problem) {
    case undefined:
      return undefined;
    case 'unreachable':
      // With no list at all, every verdict says so itself.
      return lists.issuedAt ? words.lists.unreachable : undefined;
    case 'no_storage':
      return lists.issuedAt ? words.lists.notStored : words.lists.noStorage;
    case 'roots_changed':
      return words.lists.rootsChanged;
    case 'malformed':
    case 'too_large':
    case 'unsupported_algorithm':
      // What the verdict says of these speaks of codes.
      return words.lists.refused(words.lists.damaged);
    case 'issued_in_future':
      return words.lists.fromTheFuture;
    default:
      return words.lists.refused(words.verdict[lists.problem].reason);
  }
}
