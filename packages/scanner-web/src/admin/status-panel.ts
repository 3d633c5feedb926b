import { peekCredential } from '@zhengma/credential-core/verify';
import { ask } from '../look/ask.ts';
import { element } from '../look/element.ts';
import type { StatusChange } from './admin-words.ts';
import { renderEntries } from './audit-table.ts';
import { describeFailure } from './failure.ts';
import { createChoice, createForm, createNotice, createSubmit, createTextField, focusFault } from './field.ts';
import type { Panel } from './panel.ts';
import { mayAudit, type Session } from './session.ts';
import { say, sayOnce } from './spoken.ts';
import { describeSecond } from './time.ts';

const CREDENTIAL = /^[0-9a-f]{16}$/;
const LONG_NUMBER = /\p{Nd}{11}/u;
const MAX_CODE = 4296;
const HISTORY_ROWS = 50;

/** Revokes, suspends and reinstates, after a question. */
export function createStatusPanel({ client, hear, names, operator }: Session): Panel & { choose(id: string): void } {
  const credential = createTextField({
    id: 'credential',
    label: ({ status }) => status.credential,
    hint: ({ status }) => status.credentialHint,
    maxLength: MAX_CODE,
    isCode: true,
  });
  const reason = createTextField({
    id: 'reason',
    label: ({ status }) => status.reason,
    hint: ({ status }) => status.reasonHint,
    maxLength: 200,
  });
  const suggestions = element('datalist', { id: 'reasons' });
  reason.input.setAttribute('list', suggestions.id);
  const change = createChoice<StatusChange>(
    { id: 'change', label: ({ status }) => status.change },
    (['revoked', 'suspended', 'valid'] as const).map((value) => ({
      value,
      label: ({ status }) => status.to[value],
      hint: ({ status }) => status.means[value],
    })),
    suggest,
  );
  const notice = createNotice();
  const submit = createSubmit(({ status }) => status.proceed);
  const history = element('div', { class: 'results' });
  const form = createForm(
    { class: 'card', label: ({ section }) => section.status },
    submit,
    proceed,
    credential.row,
    change.row,
    reason.row,
    suggestions,
    notice.row,
    submit,
  );
  // A scanner types the whole code: its number is all that is needed, and all that stays.
  credential.input.addEventListener('change', () => {
    const id = readCredential(credential.input.value);
    if (id === undefined) return;
    credential.input.value = id;
    showHistory(id);
  });
  suggest('revoked');

  function suggest(chosen: StatusChange): void {
    suggestions.replaceChildren(
      ...[0, 1, 2, 3].map((n) =>
        element(
          'option',
          {},
          say(({ status }) => status.reasons[chosen][n] ?? ''),
        ),
      ),
    );
  }

  async function proceed(): Promise<void> {
    notice.tell('bad');
    const id = readCredential(credential.input.value);
    const given = reason.input.value.trim();
    const to = change.chosen();
    if (id === undefined) credential.fail(({ status }) => status.credentialWrong);
    if (given === '') reason.fail(({ status }) => status.reasonMissing);
    if (hasLongNumber(given)) reason.fail(({ status }) => status.reasonNumber);
    if (focusFault(form) || id === undefined) return;
    credential.input.value = id;
    const answer = await ask(
      sayOnce(({ status }) => status.ask[to](id)),
      sayOnce(({ status }) => status.means[to]),
      [
        { answer: 'cancel', words: sayOnce(({ status }) => status.cancel) },
        { answer: 'change', words: sayOnce(({ status }) => status.to[to]), isDangerous: to !== 'valid' },
      ],
    );
    if (answer !== 'change') return;
    const changed = await hear(client.changeStatus(id, { status: to, reason: given }));
    if (!changed.ok) {
      notice.tell('bad', describeFailure(changed));
      return;
    }
    if ('proposed' in changed.value) notice.tell('good', ({ proposals }) => proposals.submitted);
    else {
      const at = new Date(changed.value.changed.changedAt);
      notice.tell('good', ({ status }) => status.done[to](id, describeSecond(at)));
    }
    reason.input.value = '';
    await showHistory(id);
  }

  async function showHistory(id: string): Promise<void> {
    if (!mayAudit(operator)) return;
    const found = await hear(client.searchAudit({ credential: id, limit: HISTORY_ROWS }));
    if (!found.ok || found.value.entries.length === 0) {
      history.replaceChildren();
      return;
    }
    history.replaceChildren(
      element(
        'h2',
        {},
        say(({ status }) => status.history),
      ),
      renderEntries(found.value.entries, names),
    );
  }

  return {
    content: element(
      'section',
      {},
      element(
        'h1',
        {},
        say((words) => words.section.status),
      ),
      form,
      history,
    ),
    show: () => credential.input.value === '' && credential.input.focus(),
    choose(id) {
      notice.tell('bad');
      credential.fail();
      credential.input.value = id;
      showHistory(id);
    },
  };
}

/** The number of a credential, from itself or from the code that it is in. */
function readCredential(text: string): string | undefined {
  const given = text.trim();
  if (CREDENTIAL.test(given.toLowerCase())) return given.toLowerCase();
  const peeked = peekCredential(given);
  return peeked.ok ? peeked.unverified.id : undefined;
}

/** Also where it is written in full-width digits, or in groups. */
function hasLongNumber(text: string): boolean {
  return LONG_NUMBER.test(text.normalize('NFKC').replace(/[\s\p{Pd}]/gu, ''));
}
