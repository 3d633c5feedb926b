import type { AuditAction, AuditEntry, AuditQuery } from '@zhengma/verifier-service/client';
import { element } from '../look/element.ts';
import { adminWordsOf } from './admin-words.ts';
import { renderEntries } from './audit-table.ts';
import { describeFailure } from './failure.ts';
import {
  createField,
  createForm,
  createNotice,
  createSelect,
  createSubmit,
  createTextField,
  focusFault,
  offer,
} from './field.ts';
import { nameOperator, nameOrganisation, nameOutcome } from './names.ts';
import type { Panel, Ways } from './panel.ts';
import type { Session } from './session.ts';
import { type Phrase, say } from './spoken.ts';

const RECEIPT = /^[0-9a-f]{32}$/;
const CREDENTIAL = /^[0-9a-f]{16}$/;
const PAGE_ROWS = 50;

const ANY = { value: '', label: (({ search }) => search.any) as Phrase };

/** Who did what: the audit of the operator's part of the tree. */
export function createAuditSearch(
  { client, hear, names }: Session,
  ways: Ways,
): Panel & { find(query: Pick<AuditQuery, 'credential' | 'receipt'>): void } {
  const receipt = createTextField({
    id: 'receipt',
    label: ({ search }) => search.receipt,
    maxLength: 32,
    isCode: true,
  });
  const credential = createTextField({
    id: 'searched-credential',
    label: ({ search }) => search.credential,
    maxLength: 16,
    isCode: true,
  });
  const operator = createSelect({ id: 'operator', label: ({ search }) => search.operator }, [ANY]);
  const organisation = createSelect({ id: 'organisation', label: ({ search }) => search.organisation }, [ANY]);
  const { action: actions, outcome: outcomes } = adminWordsOf('en');
  const action = createSelect({ id: 'action', label: ({ search }) => search.action }, [
    ANY,
    ...(Object.keys(actions) as AuditAction[]).map((value) => ({
      value,
      label: ((words) => words.action[value]) as Phrase,
    })),
  ]);
  const outcome = createSelect({ id: 'outcome', label: ({ search }) => search.outcome }, [
    ANY,
    ...Object.keys(outcomes).map((value) => ({ value, label: nameOutcome(value) })),
  ]);
  const from = createField(element('input', { type: 'datetime-local' }), {
    id: 'from',
    label: ({ search }) => search.from,
  });
  const to = createField(element('input', { type: 'datetime-local' }), { id: 'to', label: ({ search }) => search.to });
  const notice = createNotice();
  const submit = createSubmit(({ search }) => search.submit);
  const clear = element(
    'button',
    { class: 'button', type: 'reset' },
    say(({ search }) => search.clear),
  );
  const table = element('div', { class: 'wide' });
  const more = element(
    'button',
    { class: 'button', type: 'button', hidden: true, click: () => next && load(entries.length + PAGE_ROWS, next) },
    say(({ search }) => search.more),
  );
  const form = createForm(
    { class: 'card', label: ({ section }) => section.search },
    submit,
    search,
    element(
      'div',
      { class: 'grid narrow' },
      receipt.row,
      credential.row,
      operator.row,
      organisation.row,
      action.row,
      outcome.row,
      from.row,
      to.row,
    ),
    element('p', { class: 'actions' }, submit, clear),
  );
  let query: AuditQuery = {};
  let entries: readonly AuditEntry[] = [];
  let next: string | undefined;
  let asked = 0;

  async function search(): Promise<void> {
    const [receiptId, credentialId] = [receipt, credential].map(({ input }) => input.value.trim().toLowerCase());
    receipt.fail(receiptId && !RECEIPT.test(receiptId) ? ({ search: words }) => words.receiptWrong : undefined);
    credential.fail(
      credentialId && !CREDENTIAL.test(credentialId) ? ({ search: words }) => words.credentialWrong : undefined,
    );
    if (focusFault(form)) return;
    query = {
      ...(receiptId && { receipt: receiptId }),
      ...(credentialId && { credential: credentialId }),
      ...(operator.input.value && { operator: operator.input.value }),
      ...(organisation.input.value && { organisation: organisation.input.value }),
      ...(action.input.value && { action: action.input.value as AuditAction }),
      ...(outcome.input.value && { outcome: outcome.input.value }),
      ...(from.input.value && { from: new Date(from.input.value).toISOString() }),
      ...(to.input.value && { to: new Date(to.input.value).toISOString() }),
    };
    entries = [];
    await load(PAGE_ROWS);
  }

  /** Until so many rows are shown, or all that there are. */
  async function load(wanted: number, after?: string): Promise<void> {
    const turn = ++asked;
    const answer = await hear(
      client.searchAudit({ ...query, limit: PAGE_ROWS, ...(after !== undefined && { after }) }),
    );
    if (turn !== asked) return;
    if (!answer.ok) {
      notice.tell('bad', describeFailure(answer));
      return;
    }
    entries = [...entries, ...answer.value.entries];
    next = answer.value.next;
    // The service has looked through as much as it does for one question: there may be more to find before.
    const goesOn = next !== undefined && entries.length < wanted;
    if (entries.some((entry) => !isNamed(entry))) await names.load();
    showNames();
    const { length } = entries;
    const isAll = next === undefined;
    notice.tell('plain', ({ search: words }) => {
      if (goesOn) return words.goesOn(length);
      return length === 0 ? words.nothing : words.shown(length, isAll);
    });
    table.replaceChildren(...(length === 0 ? [] : [renderEntries(entries, names, { ...ways, toReceipt })]));
    more.hidden = isAll || goesOn;
    // Not waited for: whoever looks for something else need not wait until all of this is found.
    if (goesOn) load(wanted, next);
  }

  /** Operators may have been added since the session began. */
  function isNamed({ operator: id }: AuditEntry): boolean {
    return id === 'local' || names.operators().some((known) => known.id === id);
  }

  function showNames(): void {
    offer(operator.input, [
      ANY,
      ...names.operators().map(({ id, organisation: of }) => ({
        value: id,
        label: ((words, language) => `${nameOperator(id, names)(words, language)} · ${of}`) as Phrase,
      })),
    ]);
    offer(organisation.input, [
      ANY,
      ...names.organisations().map(({ id }) => ({ value: id, label: nameOrganisation(id, names) })),
    ]);
  }

  function toReceipt(id: string): void {
    find({ receipt: id });
  }

  function find({
    credential: credentialId = '',
    receipt: receiptId = '',
  }: Pick<AuditQuery, 'credential' | 'receipt'>): void {
    form.reset();
    receipt.input.value = receiptId;
    credential.input.value = credentialId;
    search();
  }

  return {
    content: element(
      'section',
      {},
      element(
        'h1',
        {},
        say((words) => words.search.heading),
      ),
      form,
      notice.row,
      table,
      more,
    ),
    async show() {
      if (entries.length > 0) return;
      await names.load();
      showNames();
      await search();
    },
    find,
  };
}
