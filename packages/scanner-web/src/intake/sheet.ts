import { element } from '../look/element.ts';

/** A dialog that is in the page only while it is open; what is pressed or pasted in it is not for the page beneath. */
export interface Sheet {
  readonly isOpen: boolean;
  readonly heading: HTMLElement;
  readonly close: HTMLButtonElement;
  open(): void;
}

/** @param takesGun whether a scanner gun is heard while it is open */
export function createSheet(
  { takesGun, onClose }: { readonly takesGun: boolean; readonly onClose: () => void },
  children: readonly HTMLElement[],
  buttons: readonly HTMLElement[] = [],
): Sheet {
  const heading = element('h2', {});
  const close = element('button', { class: 'button', type: 'button', autofocus: true, click: () => dialog.close() });
  const dialog = element(
    'dialog',
    {
      class: 'intake-dialog',
      'data-gun': takesGun,
      close: () => {
        dialog.remove();
        onClose();
      },
      keydown: stop,
      keyup: stop,
      paste: stop,
      pointerdown: stop,
    },
    heading,
    ...children,
    element('p', { class: 'choices' }, close, ...buttons),
  );
  return {
    get isOpen() {
      return dialog.open;
    },
    heading,
    close,
    open() {
      if (dialog.open) return;
      dialog.setAttribute('aria-label', heading.textContent);
      document.body.append(dialog);
      dialog.showModal();
    },
  };
}

function stop(event: Event): void {
  event.stopPropagation();
}
