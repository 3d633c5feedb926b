import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Language } from '../words/language.ts';
import { intakeWordsOf } from './intake-words.ts';

/** The whole page as a place to drop files on; it shows itself while files are held above it. */
export interface DropZone {
  readonly root: HTMLElement;
  speak(language: Language): void;
}

/** @param onFiles takes what was dropped; not while a dialog is open */
export function createDropZone(onFiles: (files: readonly File[]) => void): DropZone {
  const words = element('p');
  const root = element('div', { class: 'drop-zone' }, icon('image'), words);
  root.hidden = true;
  /** Entering a part of the page is told before the other part is left. */
  let depth = 0;

  function show(newDepth: number): void {
    depth = Math.max(0, newDepth);
    root.hidden = depth === 0;
  }

  document.addEventListener('dragenter', (event) => {
    if (isWanted(event)) show(depth + 1);
  });
  document.addEventListener('dragleave', (event) => {
    if (carriesFiles(event)) show(depth - 1);
  });
  document.addEventListener('dragover', (event) => {
    // A file that falls beside the zone would be opened in place of the page.
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = isWanted(event) ? 'copy' : 'none';
  });
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(0);
    if (isWanted(event)) onFiles([...(event.dataTransfer?.files ?? [])]);
  });

  return {
    root,
    speak(language) {
      words.textContent = intakeWordsOf(language).dropHere;
    },
  };
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}

function isWanted(event: DragEvent): boolean {
  return carriesFiles(event) && !document.querySelector('dialog[open]');
}
