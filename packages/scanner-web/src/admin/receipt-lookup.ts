import { type Receipt, verifyReceipt } from '@zhengma/credential-core/verify';
import { decodeBase64url } from '../bytes/base64url.ts';
import { element } from '../look/element.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import { describeFailure } from './failure.ts';
import { createForm, createNotice, createSubmit, createTextField } from './field.ts';
import { nameOperator } from './names.ts';
import type { Panel } from './panel.ts';
import type { Session } from './session.ts';
import { type Phrase, say } from './spoken.ts';
import { describeSecond } from './time.ts';

const RECEIPT = /^[0-9a-f]{32}$/;

/** A receipt of the operator's organisation, with its signature checked here. */
export function createReceiptLookup({ client, hear, names }: Session): Panel {
  const id = createTextField({
    id: 'receipt-id',
    label: ({ receipt }) => receipt.id,
    hint: ({ receipt }) => receipt.idHint,
    maxLength: 32,
    isCode: true,
  });
  const notice = createNotice();
  const submit = createSubmit(({ receipt }) => receipt.submit);
  const shown = element('div', { class: 'results' });

  async function look(): Promise<void> {
    notice.tell('bad');
    shown.replaceChildren();
    const given = id.input.value.trim().toLowerCase();
    if (!RECEIPT.test(given)) {
      id.fail(({ search }) => search.receiptWrong);
      id.input.focus();
      return;
    }
    const [found, keys] = await Promise.all([hear(client.readReceipt(given)), hear(client.fetchReceiptKeys())]);
    if (!found.ok || !keys.ok) {
      notice.tell('bad', describeFailure(found.ok ? (keys as Extract<typeof keys, { ok: false }>) : found));
      return;
    }
    const verified = await verifyReceipt(decodeBase64url(found.value.signed), keys.value.map(decodeBase64url), {
      currentDate: new Date(),
    });
    // Another receipt than the one that was asked for is as good as none.
    if (!verified.ok || verified.receipt.id !== given) {
      notice.tell('bad', ({ receipt }) => receipt.notGenuine);
      return;
    }
    notice.tell('good', ({ receipt }) => receipt.genuine);
    shown.replaceChildren(renderReceipt(verified.receipt));
  }

  function renderReceipt(receipt: Receipt): HTMLElement {
    const { issuedAt, businessType, organisation, operator, credential, bearer, delegated, issuer } = receipt;
    const shownBy: Phrase = ({ receipt: words }) => {
      if (delegated) return words.byDelegate;
      return bearer ? words.byBearer : words.byHolder;
    };
    const facts: readonly (readonly [Phrase, Phrase])[] = [
      [({ receipt: words }) => words.verifiedAt, () => describeSecond(issuedAt)],
      [
        ({ receipt: words }) => words.businessType,
        ({ receipt: words }, language) =>
          businessType === undefined ? words.noBusinessType : nameBusinessType(businessType, language),
      ],
      [({ receipt: words }) => words.shownBy, shownBy],
      [({ search }) => search.credential, () => credential.id],
      [({ search }) => search.organisation, () => organisation],
      [({ search }) => search.operator, nameOperator(operator, names)],
      [({ receipt: words }) => words.service, () => issuer],
    ];
    return element(
      'dl',
      { class: 'facts card' },
      ...facts.flatMap(([label, value]) => [element('dt', {}, say(label)), element('dd', {}, say(value))]),
    );
  }

  return {
    content: element(
      'section',
      {},
      element(
        'h1',
        {},
        say((words) => words.section.receipt),
      ),
      createForm({ class: 'card', label: ({ section }) => section.receipt }, submit, look, id.row, submit),
      notice.row,
      shown,
      element(
        'p',
        {},
        element(
          'a',
          { href: '/scan/' },
          say(({ receipt }) => receipt.scanner),
        ),
      ),
    ),
    show: () => id.input.focus(),
  };
}
