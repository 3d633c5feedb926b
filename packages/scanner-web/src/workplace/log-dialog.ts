import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { type LogEntry, type ShiftLog, searchLog } from './shift-log.ts';
import { workplaceWordsOf } from './workplace-words.ts';

/** The log of the shift, searched by whatever stands in a row. */
export interface LogDialog {
  open(): void;
  show(language: Language, log: ShiftLog): void;
}

/** As many rows as anybody reads: who looks for more, searches. */
const MAX_ROWS = 200;

export function createLogDialog(): LogDialog {
  let shown: { readonly language: Language; readonly log: ShiftLog } | undefined;
  const heading = element('h2', {});
  const means = element('p', { class: 'settings-hint' });
  const label = element('label', { for: 'log-search', class: 'log-label' });
  const search = element('input', {
    id: 'log-search',
    type: 'search',
    maxlength: '60',
    autocomplete: 'off',
    input: draw,
  });
  const count = element('p', { class: 'settings-hint', role: 'status' });
  const rows = element('ol', { class: 'log-rows' });
  const close = element('button', { class: 'button', type: 'button', click: () => dialog.close() });
  const dialog = element(
    'dialog',
    {
      class: 'settings-dialog',
      close: () => {
        dialog.remove();
        search.value = '';
        rows.replaceChildren();
      },
      keydown: stop,
      keyup: stop,
      keypress: stop,
      paste: stop,
      pointerdown: stop,
    },
    heading,
    means,
    element('div', { class: 'settings-field' }, label, search),
    count,
    rows,
    element('p', { class: 'choices' }, close),
  );

  function draw(): void {
    if (!shown || !dialog.open) return;
    const { language, log } = shown;
    const words = workplaceWordsOf(language).log;
    const found = searchLog(log, search.value, (entry) => tellEntry(entry, language));
    heading.textContent = words.heading;
    means.textContent = words.means;
    label.textContent = words.search;
    count.textContent = words.count(found.length, log.length);
    rows.replaceChildren(...found.slice(0, MAX_ROWS).map((entry) => renderEntry(entry, language)));
    close.textContent = words.close;
  }

  return {
    open() {
      if (dialog.open) return;
      document.body.append(dialog);
      dialog.showModal();
      draw();
      search.focus();
    },
    show(language, log) {
      const isSame = shown?.language === language && shown.log === log;
      shown = { language, log };
      if (!isSame) draw();
    },
  };
}

function renderEntry(entry: LogEntry, language: Language): HTMLElement {
  const [time = '', tone = '', ...rest] = tellEntry(entry, language);
  return element(
    'li',
    { 'data-tone': entry.tone },
    element('span', { class: 'log-time' }, time),
    element('strong', {}, icon(entry.tone), tone),
    ...rest.map((text) => element('span', {}, text)),
  );
}

/** What a row says, piece by piece. */
function tellEntry(entry: LogEntry, language: Language): string[] {
  const { at, tone, code, name, idNumber, businessType, receipt, isTraining } = entry;
  const words = wordsOf(language);
  return [
    new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(at),
    words.headline[tone],
    ...(isTraining ? [workplaceWordsOf(language).training.mark] : []),
    words.verdict[code].reason,
    ...(name === undefined ? [] : [name]),
    ...(idNumber === undefined ? [] : [idNumber]),
    ...(businessType === undefined ? [] : [nameBusinessType(businessType, language)]),
    ...(receipt === undefined ? [] : [receipt]),
  ];
}

function stop(event: Event): void {
  event.stopPropagation();
}
