import type { ScannerInput } from './input-room.ts';

/**
 * Codes that are pasted into the page, as a picture or as a text. What is pasted into a field stays that field's, and of
 * several scanners on one page the first takes it.
 */
export function pasteInput(): ScannerInput {
  return {
    connect(room) {
      const onPaste = (event: ClipboardEvent) => {
        if (event.defaultPrevented || isField(event.composedPath()[0])) return;
        const [image] = event.clipboardData?.files ?? [];
        const text = event.clipboardData?.getData('text/plain').trim();
        if (!image && !text) return;
        event.preventDefault();
        if (image) room.readImage(image);
        else if (text) room.readText(text);
      };
      document.addEventListener('paste', onPaste);
      return { disconnect: () => document.removeEventListener('paste', onPaste) };
    },
  };
}

function isField(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea'));
}
