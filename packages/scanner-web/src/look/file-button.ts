import { element } from './element.ts';
import { icon } from './icon.ts';

/** A button that has pictures chosen. */
export interface FileButton {
  readonly root: HTMLElement;
  speak(words: string): void;
}

/** @param areMany whether several can be chosen at once */
export function createFileButton(areMany: boolean, onFiles: (files: readonly File[]) => void): FileButton {
  const label = element('span');
  const file = element('input', {
    type: 'file',
    accept: 'image/*',
    multiple: areMany,
    class: 'visually-hidden',
    change: () => {
      onFiles([...(file.files ?? [])]);
      // The same one can be chosen again.
      file.value = '';
    },
  });
  return {
    root: element('label', { class: 'button choose' }, file, icon('image'), label),
    speak(words) {
      label.textContent = words;
    },
  };
}
