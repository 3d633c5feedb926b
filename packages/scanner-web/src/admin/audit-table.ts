import type { AuditEntry } from '@zhengma/verifier-service/client';
import { element } from '../look/element.ts';
import type { AdminWords } from './admin-words.ts';
import { describeDetails, nameOperator, nameOrganisation, nameOutcome } from './names.ts';
import type { Names } from './session.ts';
import { type Phrase, say, sayAttribute } from './spoken.ts';
import { describeSecond } from './time.ts';

/** What a person can go on to from a row. */
export interface RowWays {
  readonly toCredential: (id: string) => void;
  readonly toReceipt: (id: string) => void;
}

const HEADS: readonly Phrase[] = [
  ({ search }) => search.time,
  ({ search }) => search.operator,
  ({ search }) => search.organisation,
  ({ search }) => search.action,
  ({ search }) => search.outcome,
  ({ search }) => search.credential,
  ({ search }) => search.receipt,
  ({ search }) => search.details,
];

const PASSED = ['accepted', 'repeated'];

/** Rows of the audit, newest first. */
export function renderEntries(entries: readonly AuditEntry[], names: Names, ways?: RowWays): HTMLTableElement {
  return element(
    'table',
    { class: 'entries' },
    element('thead', {}, element('tr', {}, ...HEADS.map((head) => element('th', { scope: 'col' }, say(head))))),
    element('tbody', {}, ...entries.map((entry) => renderEntry(entry, names, ways))),
  );
}

function renderEntry(entry: AuditEntry, names: Names, ways: RowWays | undefined): HTMLTableRowElement {
  const { at, operator, organisation, action, outcome, credential, receipt } = entry;
  const instant = new Date(at);
  const cells: readonly (readonly Node[])[] = [
    [say(() => describeSecond(instant))],
    [say(nameOperator(operator, names))],
    [say(nameOrganisation(organisation, names))],
    [say((words) => nameAction(action, words))],
    outcome === undefined
      ? []
      : [
          element(
            'span',
            { class: PASSED.includes(outcome) ? 'outcome good' : 'outcome bad' },
            say(nameOutcome(outcome)),
          ),
        ],
    credential === undefined
      ? []
      : [renderId(credential, ({ search }) => search.showCredential(credential), ways?.toCredential)],
    receipt === undefined ? [] : [renderId(receipt, ({ search }) => search.showReceipt(receipt), ways?.toReceipt)],
    describeDetails(entry, names).map((phrase) => element('span', { class: 'detail' }, say(phrase))),
  ];
  return element(
    'tr',
    {},
    ...cells.map((parts, index) =>
      // On a narrow window the head of the table is not there: each cell says what it is.
      sayAttribute(
        element('td', { class: parts.length === 0 ? 'empty' : '' }, ...parts),
        'data-label',
        HEADS[index] as Phrase,
      ),
    ),
  );
}

function renderId(id: string, label: Phrase, go: ((id: string) => void) | undefined): HTMLElement {
  if (!go) return element('code', {}, id);
  const button = element('button', { class: 'id', type: 'button', click: () => go(id) }, element('code', {}, id));
  return sayAttribute(button, 'aria-label', label);
}

/** A newer service may have actions that this page does not know. */
function nameAction(action: AuditEntry['action'], { action: names }: AdminWords): string {
  return names[action] ?? action;
}
