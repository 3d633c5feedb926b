import { element } from '../look/element.ts';
import { maskVerdict } from '../verdict/masking.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import { wordsOf } from '../words/words.ts';
import type { Circumstances } from './hand-over-message.ts';
import { workplaceWordsOf } from './workplace-words.ts';

/** Prints what somebody takes from a kiosk: that they were checked, for what and when; masked, for it is left lying about. */
export function printSlip(verdict: Verdict, circumstances: Circumstances, language: Language): void {
  removeSlips();
  const slip = renderSlip(verdict, circumstances, language);
  document.body.append(slip);
  // In some browsers the call ends before the printer has the page.
  addEventListener('afterprint', () => slip.remove(), { once: true });
  window.print();
}

/** One that no browser said it had printed would be in the next print, and stay when its person has gone. */
export function removeSlips(): void {
  for (const slip of document.querySelectorAll('.slip')) slip.remove();
}

function renderSlip(
  verdict: Verdict,
  { businessType, receipt, windowNumber }: Circumstances,
  language: Language,
): HTMLElement {
  const { tone, checkedAt, person } = maskVerdict(verdict);
  const words = wordsOf(language);
  const { slip, window } = workplaceWordsOf(language);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [slip.result, words.headline[tone]],
    [words.person.name, person?.name],
    [slip.businessType, businessType && nameBusinessType(businessType, language)],
    [slip.time, describeInstant(checkedAt, language)],
    [slip.place, windowNumber && window(windowNumber)],
    [slip.receipt, receipt],
  ];
  return element(
    'section',
    { class: 'slip' },
    element('h2', {}, `${words.brand} · ${slip.heading}`),
    element(
      'dl',
      {},
      ...rows.flatMap(([name, value]) => (value ? [element('dt', {}, name), element('dd', {}, value)] : [])),
    ),
    element('p', {}, words.notAffiliated),
  );
}
