import type { ImportOutcome, ListImport } from '../lists/list-import.ts';
import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Language } from '../words/language.ts';
import { type DeskWords, deskWordsOf, type ToldImport } from './desk-words.ts';

/** Lists from a file or a stick. */
export interface ListsSection {
  readonly root: HTMLElement;
  speak(language: Language): void;
}

/** @param take gives what became of the files; nothing where none of them is a list */
export function createListsSection(take: (files: readonly File[]) => Promise<ListImport | undefined>): ListsSection {
  let words: DeskWords = deskWordsOf('zh-CN');
  let taken: { readonly report: ListImport | undefined } | undefined;
  const heading = element('h2', {});
  const means = element('p', { class: 'desk-hint' });
  const outcome = element('ul', {});
  const folder = createChooser({ webkitdirectory: true });
  const files = createChooser({});
  const root = element(
    'section',
    { class: 'desk-section desk-lists' },
    heading,
    means,
    element('p', { class: 'choices' }, folder.root, files.root),
    element('div', { class: 'desk-outcome', role: 'status' }, outcome),
  );

  function createChooser(attributes: { readonly webkitdirectory?: boolean }) {
    const label = element('span');
    const input = element('input', {
      type: 'file',
      multiple: true,
      class: 'visually-hidden',
      ...attributes,
      change: async () => {
        const chosen = [...(input.files ?? [])];
        // The same folder can be chosen again, with what is in it by then.
        input.value = '';
        taken = { report: await take(chosen) };
        draw();
      },
    });
    return { root: element('label', { class: 'button' }, input, icon('lists'), label), label };
  }

  function draw(): void {
    heading.textContent = words.lists.heading;
    means.textContent = words.lists.means;
    folder.label.textContent = words.lists.chooseFolder;
    files.label.textContent = words.lists.chooseFiles;
    const lines = taken ? describeImport(taken.report, words) : [];
    outcome.replaceChildren(...lines.map((line) => element('li', {}, line)));
  }

  return {
    root,
    speak(language) {
      words = deskWordsOf(language);
      draw();
    },
  };
}

/** One sentence for the trust list, one for the snapshot, and one for all status lists that fared alike. */
function describeImport(report: ListImport | undefined, { lists }: DeskWords): readonly string[] {
  if (!report) return [lists.nothingFound];
  const describe = (outcome: ImportOutcome) =>
    Object.hasOwn(lists.outcome, outcome) ? lists.outcome[outcome as ToldImport] : lists.damaged;
  const counts = new Map<string, number>();
  for (const outcome of report.status) {
    const sentence = describe(outcome);
    counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  }
  return [
    ...(report.trust ? [lists.trust(describe(report.trust))] : []),
    ...(report.snapshot ? [lists.snapshot(describe(report.snapshot))] : []),
    ...[...counts].map(([sentence, count]) => lists.status(count, sentence)),
    ...(report.isStored ? [] : [lists.notStored]),
  ];
}
