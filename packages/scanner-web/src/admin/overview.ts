import type { AuditCounts } from '@zhengma/verifier-service/client';
import { element } from '../look/element.ts';
import type { AdminWords } from './admin-words.ts';
import { describeFailure } from './failure.ts';
import { createNotice, createSelect } from './field.ts';
import { nameOutcome } from './names.ts';
import type { Panel } from './panel.ts';
import type { Session } from './session.ts';
import { type Phrase, say } from './spoken.ts';
import { describeMinute, startOfDay } from './time.ts';

type Counts = AuditCounts['counts'];

const PERIODS: Readonly<Record<string, (now: Date) => { from: Date; to?: Date }>> = {
  today: (now) => ({ from: startOfDay(now, 0) }),
  yesterday: (now) => ({ from: startOfDay(now, 1), to: startOfDay(now, 0) }),
  week: (now) => ({ from: startOfDay(now, 6) }),
};

const PASSED: readonly (string | undefined)[] = ['accepted', 'repeated'];

const CARDS: readonly { kind: string; label: Phrase; counts: (count: Counts[number]) => boolean }[] = [
  {
    kind: 'good',
    label: ({ overview }) => overview.accepted,
    counts: ({ action, outcome }) => action === 'verify' && outcome === 'accepted',
  },
  {
    kind: '',
    label: ({ overview }) => overview.repeated,
    counts: ({ action, outcome }) => action === 'verify' && outcome === 'repeated',
  },
  { kind: 'bad', label: ({ overview }) => overview.refused, counts: isRefusal },
  { kind: '', label: ({ overview }) => overview.issued, counts: ({ action }) => action === 'issue' },
  { kind: '', label: ({ overview }) => overview.revoked, counts: ({ action }) => action === 'revoked' },
  { kind: '', label: ({ overview }) => overview.suspended, counts: ({ action }) => action === 'suspended' },
];

/** How much was done in the operator's part of the tree. */
export function createOverview({ client, hear }: Session): Panel {
  const period = createSelect({ id: 'period', label: ({ overview }) => overview.period }, [
    { value: 'today', label: ({ overview }) => overview.today },
    { value: 'yesterday', label: ({ overview }) => overview.yesterday },
    { value: 'week', label: ({ overview }) => overview.week },
  ]);
  const refresh = element(
    'button',
    { class: 'button', type: 'button', click: load },
    say(({ overview }) => overview.refresh),
  );
  const notice = createNotice();
  const results = element('div', { class: 'results' });
  period.input.addEventListener('change', load);
  let asked = 0;

  async function load(): Promise<void> {
    const turn = ++asked;
    const now = new Date();
    const { from, to } = (PERIODS[period.input.value] as (typeof PERIODS)[string])(now);
    const answer = await hear(client.countActions({ from: from.toISOString(), ...(to && { to: to.toISOString() }) }));
    if (turn !== asked) return;
    notice.tell('bad', answer.ok ? undefined : describeFailure(answer));
    results.replaceChildren(...(answer.ok ? renderCounts(answer.value, now) : []));
  }

  return {
    content: element(
      'section',
      {},
      element(
        'h1',
        {},
        say((words) => words.section.overview),
      ),
      element('div', { class: 'tools' }, period.row, refresh),
      notice.row,
      results,
    ),
    show: load,
  };
}

function renderCounts({ counts, complete }: AuditCounts, now: Date): HTMLElement[] {
  const sum = (some: Counts) => some.reduce((total, { count }) => total + count, 0);
  const refusals = counts.filter(isRefusal).toSorted((one, other) => other.count - one.count);
  const others = new Map<Counts[number]['action'], number>();
  for (const { action, count } of counts.filter((each) => !CARDS.some((card) => card.counts(each))))
    others.set(action, (others.get(action) ?? 0) + count);
  return [
    ...(complete
      ? []
      : [
          element(
            'p',
            { class: 'notice bad' },
            say(({ overview }) => overview.lowerBound),
          ),
        ]),
    element(
      'dl',
      { class: 'counts' },
      ...CARDS.map(({ kind, label, counts: isCounted }) =>
        element(
          'div',
          { class: `count ${kind}` },
          element('dt', {}, say(label)),
          element(
            'dd',
            {},
            say((_, language) => sum(counts.filter(isCounted)).toLocaleString(language)),
          ),
        ),
      ),
    ),
    element(
      'p',
      { class: 'hint' },
      say(({ overview }) => overview.scope),
      ' · ',
      say(({ overview }, language) => overview.asOf(describeMinute(now, language))),
    ),
    element(
      'h2',
      {},
      say(({ overview }) => overview.reasons),
    ),
    refusals.length === 0
      ? element(
          'p',
          {},
          say(({ overview }) => overview.noRefusals),
        )
      : renderTable(refusals.map(({ outcome = '', count }) => ({ label: nameOutcome(outcome), count }))),
    ...(others.size === 0
      ? []
      : [
          element(
            'h2',
            {},
            say(({ overview }) => overview.others),
          ),
          renderTable(
            [...others].map(([action, count]) => ({ label: (words: AdminWords) => words.action[action], count })),
          ),
        ]),
  ];
}

function renderTable(rows: readonly { readonly label: Phrase; readonly count: number }[]): HTMLElement {
  return element(
    'table',
    { class: 'numbers' },
    element(
      'tbody',
      {},
      ...rows.map(({ label, count }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, say(label)),
          element(
            'td',
            {},
            say((_, language) => count.toLocaleString(language)),
          ),
        ),
      ),
    ),
  );
}

function isRefusal({ action, outcome }: Counts[number]): boolean {
  return action === 'verify' && !PASSED.includes(outcome);
}
