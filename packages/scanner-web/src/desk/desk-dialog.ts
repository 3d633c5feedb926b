import type { ListImport } from '../lists/list-import.ts';
import { element } from '../look/element.ts';
import type { SignInProblem } from '../operator/operator-session.ts';
import type { Trouble } from '../receipts/receipt-queue.ts';
import type { DeskState } from './desk-state.ts';
import { deskWordsOf } from './desk-words.ts';
import { createListsSection } from './lists-section.ts';
import { createQueueSection } from './queue-section.ts';
import { createShiftSection } from './shift-section.ts';
import { createSignInForm } from './sign-in-form.ts';
import { createTroublesSection } from './troubles-section.ts';

/** What an operator can do beside scanning. */
export interface DeskActions {
  /** Gives why nobody was signed in, or nothing. */
  readonly signIn: (apiKey: string) => Promise<SignInProblem | undefined>;
  readonly onSignOut: () => void;
  readonly onBusinessType: (code: string | undefined) => void;
  readonly onSend: () => Promise<void>;
  readonly onDismiss: (id: string) => void;
  readonly takeFiles: (files: readonly File[]) => Promise<ListImport | undefined>;
}

/** Everything around the operator that is not on the screen all day. */
export interface DeskDialog {
  open(): void;
  show(state: DeskState, troubles: readonly Trouble[]): void;
}

/** The dialog; it is in the page only while it is open, so that nothing of it is found by what works the page beneath. */
export function createDeskDialog(actions: DeskActions): DeskDialog {
  let shown: DeskState | undefined;
  let isChanging = false;
  const signInHeading = element('h2', {});
  const signInMeans = element('p', { class: 'desk-hint' });
  const form = createSignInForm(async (apiKey) => {
    const problem = await actions.signIn(apiKey);
    if (problem === undefined) dialog.close();
    return problem;
  });
  const signIn = element('section', { class: 'desk-section' }, signInHeading, signInMeans, form.root);
  const shift = createShiftSection({
    onBusinessType: actions.onBusinessType,
    onSignOut: actions.onSignOut,
    onChange() {
      isChanging = true;
      draw();
      form.focus();
    },
  });
  const queue = createQueueSection(actions.onSend);
  const troubles = createTroublesSection(actions.onDismiss);
  const lists = createListsSection(actions.takeFiles);
  const close = element('button', { class: 'button desk-close', type: 'button', click: () => dialog.close() });
  const dialog = element(
    'dialog',
    {
      class: 'desk-dialog',
      close: () => {
        isChanging = false;
        form.clear();
        dialog.remove();
      },
      // What is typed, scanned or pasted here is not for the page beneath.
      keydown: stop,
      keyup: stop,
      keypress: stop,
      paste: stop,
      pointerdown: stop,
    },
    troubles.root,
    shift.root,
    signIn,
    queue.root,
    lists.root,
    element('p', { class: 'choices' }, close),
  );

  function draw(): void {
    if (!shown) return;
    const words = deskWordsOf(shown.language);
    signIn.hidden = shown.shift !== undefined && !isChanging;
    signInHeading.textContent = isChanging ? words.shift.change : words.signIn.heading;
    signInMeans.textContent = isChanging ? words.shift.changeMeans : '';
    form.speak(shown.language);
    lists.speak(shown.language);
    close.textContent = words.close;
  }

  return {
    open() {
      if (dialog.open) return;
      document.body.append(dialog);
      dialog.showModal();
      if (shown && !shown.shift && !shown.queue.troubles) form.focus();
    },
    show(state, found) {
      shown = state;
      shift.show(state);
      queue.show(state);
      troubles.show(found, state.language);
      draw();
    },
  };
}

function stop(event: Event): void {
  event.stopPropagation();
}
