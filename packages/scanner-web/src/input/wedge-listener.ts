import { advanceWedge, type Burst, type KeyPress, NO_KEYS, SILENCE_MILLISECONDS, type WedgeEvent } from './wedge.ts';

/** Of a field that a gun may write into, and of a dialog in which one is tried: elsewhere in fields and dialogs people type. */
const FOR_GUNS = 'data-gun';

/**
 * Hears a scanner gun wherever the focus is, before anything else does. What is typed into a field, or while a dialog is open, is
 * left alone, unless that has the attribute `data-gun`.
 *
 * @param onBurst takes the keys of each code
 * @returns ends it
 */
export function listenForGun(onBurst: (burst: Burst) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let state = NO_KEYS;
  let silence: ReturnType<typeof setTimeout> | undefined;
  /** Keys whose places are known need no text of the input method. */
  let placedKeys = 0;
  const takenCodes = new Set<string>();

  function advance(event: WedgeEvent): { readonly isTaken: boolean; readonly isCharacter: boolean } {
    const before = state;
    const step = advanceWedge(state, event);
    state = step.state;
    clearTimeout(silence);
    if (state.typed !== '') silence = setTimeout(awaitKeys, SILENCE_MILLISECONDS);
    if (step.burst) onBurst(step.burst);
    return { isTaken: step.isTaken, isCharacter: state.typed.length > before.typed.length };
  }

  /** In a page that was busy keys may be waiting: they come before the end. */
  function awaitKeys(): void {
    silence = setTimeout(endSilence);
  }

  function endSilence(): void {
    advance({ kind: 'silence', at: Math.max(performance.now(), state.lastAt + SILENCE_MILLISECONDS) });
  }

  addEventListener(
    'keydown',
    (event) => {
      if (!isForGuns(targetOf(event))) return;
      const { isTaken, isCharacter } = advance(pressOf(event));
      if (isCharacter) placedKeys++;
      if (isTaken) event.stopImmediatePropagation();
      if (!isTaken && !(isCharacter && fieldOf(targetOf(event)))) return;
      event.preventDefault();
      takenCodes.add(event.code);
    },
    { capture: true, signal },
  );
  // Some browsers press a button when the space bar is let go.
  addEventListener(
    'keyup',
    (event) => {
      if (!takenCodes.delete(event.code)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true, signal },
  );

  addEventListener(
    'compositionstart',
    () => {
      placedKeys = 0;
    },
    { signal },
  );
  addEventListener(
    'compositionend',
    (event) => {
      if (fieldOf(targetOf(event)) && placedKeys === 0)
        takeText(targetOf(event) as HTMLInputElement, event.data, event.timeStamp);
    },
    { signal },
  );
  addEventListener(
    'input',
    (event) => {
      const field = fieldOf(targetOf(event));
      if (!field || !(event instanceof InputEvent) || event.isComposing) return;
      // The end of a composition was told by itself.
      if (event.inputType !== 'insertCompositionText' && event.data !== null)
        takeText(field, event.data, event.timeStamp);
      field.value = '';
    },
    { signal },
  );

  function takeText(field: HTMLInputElement, text: string, at: number): void {
    advance({ kind: 'text', text, at });
    field.value = '';
  }

  return () => {
    listening.abort();
    clearTimeout(silence);
  };
}

/** Of a field within a custom element the window hears as of the element. */
function targetOf(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? event.target;
}

function isForGuns(target: EventTarget | null): boolean {
  if (fieldOf(target)) return true;
  if (target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select')))
    return false;
  return document.querySelector(`dialog[open]:not([${FOR_GUNS}])`) === null;
}

function fieldOf(target: EventTarget | null): HTMLInputElement | undefined {
  return target instanceof HTMLInputElement && target.hasAttribute(FOR_GUNS) ? target : undefined;
}

function pressOf(event: KeyboardEvent): KeyPress {
  const { key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing, repeat, timeStamp } = event;
  return {
    kind: 'key',
    key,
    code,
    isShifted: shiftKey,
    isCapsLocked: event.getModifierState('CapsLock'),
    // AltGr counts as Ctrl and Alt on some systems, and writes characters.
    isShortcut: (ctrlKey || altKey || metaKey) && !event.getModifierState('AltGraph'),
    isComposing,
    isRepeated: repeat,
    at: timeStamp,
  };
}
