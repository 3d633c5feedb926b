import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Language } from '../words/language.ts';
import {
  describeResult,
  type FileReading,
  type FileResult,
  MOST_FILES,
  readFile,
  writeResults,
} from './file-results.ts';
import { intakeWordsOf } from './intake-words.ts';
import { createSheet } from './sheet.ts';

/** Many files, each read and judged after the one before, and what became of each. */
export interface FilesDialog {
  /** Shows the list and fills it; closing it leaves the rest unread. */
  judge(files: readonly File[]): Promise<void>;
  speak(language: Language): void;
}

/** @param onClose the list is off the screen, and forgotten */
export function createFilesDialog(reading: FileReading, onClose: () => void): FilesDialog {
  let language: Language = 'zh-CN';
  let chosen: readonly File[] = [];
  let results: readonly FileResult[] = [];
  const progress = element('p', { role: 'status' });
  const rows = element('ol', { class: 'files-list' });
  const means = element('p', { class: 'intake-hint', role: 'status' });
  const copy = element('button', { class: 'button', type: 'button', click: copyResults });
  const sheet = createSheet(
    {
      takesGun: false,
      onClose() {
        chosen = [];
        results = [];
        onClose();
      },
    },
    [progress, rows, means],
    [copy],
  );

  async function copyResults(): Promise<void> {
    const { files } = intakeWordsOf(language);
    try {
      await navigator.clipboard.writeText(writeResults(results, language));
      means.textContent = files.copied;
    } catch {
      means.textContent = files.notCopied;
    }
  }

  function draw(): void {
    const words = intakeWordsOf(language);
    sheet.heading.textContent = words.files.heading;
    sheet.close.textContent = words.close;
    copy.textContent = words.files.copy;
    means.textContent = words.files.copyMeans;
    drawProgress();
    rows.replaceChildren(...results.map((result) => renderResult(result, language)));
  }

  function drawProgress(): void {
    const { files } = intakeWordsOf(language);
    const total = Math.min(chosen.length, MOST_FILES);
    const isCut = chosen.length > MOST_FILES;
    progress.textContent = files.progress(results.length, total) + (isCut ? ` ${files.tooMany(MOST_FILES)}` : '');
  }

  return {
    async judge(files) {
      if (sheet.isOpen) return;
      chosen = files;
      draw();
      sheet.open();
      for (const file of files.slice(0, MOST_FILES)) {
        const result = await readFile(file, reading);
        if (chosen !== files) return;
        results = [...results, result];
        rows.append(renderResult(result, language));
        drawProgress();
      }
    },
    speak(spoken) {
      language = spoken;
      draw();
    },
  };
}

function renderResult(result: FileResult, language: Language): HTMLElement {
  const { tone, word, reason, person } = describeResult(result, language);
  return element(
    'li',
    { 'data-tone': tone ?? 'unread' },
    tone ? icon(tone) : icon('image'),
    element(
      'div',
      {},
      element('p', { class: 'files-name' }, result.fileName),
      element('p', { class: 'files-word' }, [word, person].filter((part) => part !== '').join(' · ')),
      element('p', {}, reason),
    ),
  );
}
