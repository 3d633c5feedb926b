import { element } from '../look/element.ts';
import { otherLanguage } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import type { Section } from './admin-words.ts';
import { createAuditSearch } from './audit-search.ts';
import { createIssuePanel } from './issue-panel.ts';
import { createOverview } from './overview.ts';
import type { Panel } from './panel.ts';
import { createProposals } from './proposals.ts';
import { createReceiptLookup } from './receipt-lookup.ts';
import { type Session, sectionsOf } from './session.ts';
import { say, sayAttribute } from './spoken.ts';
import { createStatusPanel } from './status-panel.ts';

/** The page around its parts. */
export interface Frame {
  showSignIn(content: HTMLElement): void;
  showSession(session: Session): void;
}

/** Builds the page in `body`. */
export function createFrame(
  body: HTMLElement,
  { onLanguage, onSignOut }: { onLanguage: () => void; onSignOut: () => void },
): Frame {
  const main = element('main', {});
  const who = element('p', { class: 'who' });
  const signOut = element(
    'button',
    { class: 'button small', type: 'button', click: onSignOut },
    say(({ signIn }) => signIn.signOut),
  );
  const language = element(
    'button',
    { class: 'button small language', type: 'button', click: onLanguage },
    say((_, spoken) => wordsOf(spoken).languageSwitch),
  );
  body.replaceChildren(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'brand' },
        element('img', { src: '/scan/icon.svg', alt: '', width: '32', height: '32' }),
        element(
          'span',
          { class: 'brand-name' },
          say((words, language) => `${wordsOf(language).brand} ${words.title}`),
        ),
      ),
      who,
      sayAttribute(language, 'lang', (_, spoken) => otherLanguage(spoken)),
      signOut,
    ),
    main,
    element(
      'footer',
      {},
      say((_, language) => wordsOf(language).notAffiliated),
    ),
  );

  return {
    showSignIn(content) {
      // A question that waits would be answered by whoever comes next, with the key of the one before.
      for (const dialog of body.querySelectorAll('dialog')) dialog.close();
      signOut.hidden = true;
      who.replaceChildren();
      main.replaceChildren(content);
      content.querySelector('input')?.focus();
    },
    showSession(session) {
      const { name, role, organisation } = session.operator;
      signOut.hidden = false;
      who.replaceChildren(
        element('strong', {}, name),
        element(
          'span',
          {},
          say((words) => words.role[role]),
        ),
        element('span', {}, organisation),
      );
      main.replaceChildren(...createSections(session));
      session.names.load();
    },
  };
}

function createSections(session: Session): Node[] {
  const sections = sectionsOf(session.operator);
  const panels = new Map<Section, Panel>();
  const buttons = new Map<Section, HTMLButtonElement>();
  const status = sections.includes('status') ? createStatusPanel(session) : undefined;
  const search = sections.includes('search')
    ? createAuditSearch(session, {
        toCredential: (id) => (status ? show(id) : search?.find({ credential: id })),
      })
    : undefined;
  const made: Readonly<Record<Section, () => Panel | undefined>> = {
    overview: () => createOverview(session),
    issue: () => createIssuePanel(session, { toCredential: show }),
    status: () => status,
    proposals: () => createProposals(session, { toCredential: show }),
    search: () => search,
    receipt: () => createReceiptLookup(session),
  };
  for (const section of sections) {
    const panel = made[section]();
    if (!panel) continue;
    panels.set(section, panel);
    buttons.set(
      section,
      element(
        'button',
        { type: 'button', click: () => open(section) },
        say((words) => words.section[section]),
      ),
    );
  }

  function show(id: string): void {
    status?.choose(id);
    open('status');
  }

  function open(section: Section): void {
    for (const [name, { content }] of panels) content.hidden = name !== section;
    for (const [name, button] of buttons) {
      if (name === section) button.setAttribute('aria-current', 'page');
      else button.removeAttribute('aria-current');
    }
    panels.get(section)?.show?.();
  }

  const [first] = sections;
  if (first) open(first);
  const nav = element('nav', {}, ...buttons.values());
  return [
    sayAttribute(nav, 'aria-label', (words) => words.title),
    ...[...panels.values()].map(({ content }) => content),
  ];
}
