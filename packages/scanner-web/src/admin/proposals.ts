import type { Proposal, ShownProposal } from '@zhengma/verifier-service/client';
import { ask } from '../look/ask.ts';
import { element } from '../look/element.ts';
import { nameScheme } from '../words/code-tables.ts';
import { wordsOf } from '../words/words.ts';
import { describeFailure } from './failure.ts';
import { createNotice } from './field.ts';
import { renderIssued } from './issued-sheet.ts';
import { nameOperator } from './names.ts';
import type { Panel, Ways } from './panel.ts';
import type { Session } from './session.ts';
import { type Phrase, say, sayOnce } from './spoken.ts';
import { describeSecond } from './time.ts';

/** The oldest come first: what is decided makes room. */
const SHOWN = 50;

type Fact = readonly [Phrase, string | Phrase | undefined];

/** What waits for another operator to agree, and what was agreed to and can be issued. */
export function createProposals({ client, hear, names, operator }: Session, ways: Ways): Panel {
  const notice = createNotice();
  const list = element('div', { class: 'results' });
  const issued = element('div', {});
  const refresh = element(
    'button',
    {
      class: 'button',
      type: 'button',
      click: () => {
        notice.tell('plain');
        load();
      },
    },
    say(({ proposals }) => proposals.refresh),
  );
  let asked = 0;

  async function load(): Promise<void> {
    const turn = ++asked;
    const answer = await hear(client.listProposals());
    const shown = answer.ok
      ? await Promise.all(answer.value.proposals.slice(0, SHOWN).map(({ id }) => hear(client.readProposal(id))))
      : [];
    if (turn !== asked) return;
    if (!answer.ok) {
      notice.tell('bad', describeFailure(answer));
      return;
    }
    const open = shown.flatMap((each) => (each.ok ? [each.value] : []));
    list.replaceChildren(
      ...(open.length === 0
        ? [
            element(
              'p',
              {},
              say(({ proposals }) => proposals.none),
            ),
          ]
        : open.map(renderProposal)),
    );
  }

  function renderProposal(proposal: ShownProposal): HTMLElement {
    const facts: readonly Fact[] = [
      [({ search }) => search.credential, proposal.credential],
      ...describeRequest(proposal),
      [({ status }) => status.reason, proposal.reason],
      [({ proposals }) => proposals.by, nameOperator(proposal.proposer, names)],
      [({ proposals }) => proposals.until, describeSecond(new Date(proposal.expiresAt))],
    ];
    return element(
      'article',
      { class: 'card proposal' },
      element(
        'h2',
        {},
        say(({ proposals }) => proposals.what[proposal.action]),
      ),
      element(
        'dl',
        { class: 'facts' },
        ...facts.flatMap(([label, value]) =>
          value === undefined
            ? []
            : [element('dt', {}, say(label)), element('dd', {}, typeof value === 'string' ? value : say(value))],
        ),
      ),
      element('p', { class: 'actions' }, ...renderActions(proposal)),
    );
  }

  function renderActions(proposal: Proposal): readonly HTMLElement[] {
    const isOwn = proposal.proposer === operator.id;
    if (proposal.state === 'approved' && isOwn)
      return [
        createAction(
          ({ proposals }) => proposals.execute,
          'primary',
          () => execute(proposal.id),
        ),
      ];
    if (proposal.state === 'approved' || isOwn) {
      const why: Phrase = ({ proposals }) => (isOwn ? proposals.own : proposals.approved);
      return [element('span', { class: 'hint' }, say(why))];
    }
    return [
      createAction(
        ({ proposals }) => proposals.approve,
        'primary',
        () => decide(proposal.id, true),
      ),
      createAction(
        ({ proposals }) => proposals.reject,
        '',
        () => decide(proposal.id, false),
      ),
    ];
  }

  async function decide(id: string, isApproval: boolean): Promise<void> {
    const answer = await ask(
      sayOnce(({ proposals }) => (isApproval ? proposals.askApproval : proposals.askRejection)),
      sayOnce(({ proposals }) => proposals.means),
      [
        { answer: 'cancel', words: sayOnce(({ status }) => status.cancel) },
        { answer: 'decide', words: sayOnce(({ proposals }) => (isApproval ? proposals.approve : proposals.reject)) },
      ],
    );
    if (answer !== 'decide') return;
    const decided = await hear(isApproval ? client.approveProposal(id) : client.rejectProposal(id));
    if (decided.ok) notice.tell('good', ({ proposals: words }) => (isApproval ? words.approvedNow : words.rejectedNow));
    else notice.tell('bad', describeFailure(decided));
    await load();
  }

  async function execute(id: string): Promise<void> {
    const answer = await hear(client.executeProposal(id));
    if (!answer.ok) notice.tell('bad', describeFailure(answer));
    else issued.replaceChildren(await renderIssued(answer.value, { onNext: () => issued.replaceChildren(), ...ways }));
    await load();
  }

  return {
    content: element(
      'section',
      {},
      element(
        'h1',
        {},
        say((words) => words.section.proposals),
      ),
      element('div', { class: 'tools screen' }, refresh),
      notice.row,
      issued,
      list,
    ),
    show: () => {
      notice.tell('plain');
      load();
    },
  };
}

function createAction(label: Phrase, kind: string, act: () => Promise<void>): HTMLButtonElement {
  let isBusy = false;
  return element(
    'button',
    {
      class: `button ${kind}`,
      type: 'button',
      click: () => {
        if (isBusy) return;
        isBusy = true;
        act().finally(() => {
          isBusy = false;
        });
      },
    },
    say(label),
  );
}

/** Of what is to be issued: what the code will say, masked. */
function describeRequest({ request }: ShownProposal): readonly Fact[] {
  const claims = (request?.['claims'] ?? {}) as Readonly<Record<string, unknown>>;
  const textOf = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string) : undefined);
  const scheme = textOf('scheme');
  return [
    [(_, language) => wordsOf(language).person.name, textOf('name')],
    [(_, language) => wordsOf(language).person.idNumber, textOf('idNumber')],
    [(_, language) => wordsOf(language).person.region, textOf('region')],
    [
      (_, language) => wordsOf(language).person.scheme,
      scheme === undefined ? undefined : (_, language) => nameScheme(scheme, language),
    ],
    [
      ({ issue }) => issue.form,
      request === undefined ? undefined : ({ issue }) => (request['isBound'] === true ? issue.phone : issue.paper),
    ],
  ];
}
