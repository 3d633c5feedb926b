import { characterAt } from './us-keyboard.ts';

/** One key going down, of a `KeyboardEvent`. */
export interface KeyPress {
  readonly kind: 'key';
  readonly key: string;
  readonly code: string;
  readonly isShifted: boolean;
  readonly isCapsLocked: boolean;
  /** With Ctrl, Alt or Meta, and not to write a character. */
  readonly isShortcut: boolean;
  readonly isComposing: boolean;
  /** Held down. */
  readonly isRepeated: boolean;
  /** Milliseconds on the clock of the events. */
  readonly at: number;
}

/** What can happen at a keyboard, or be done by what plays one. */
export type WedgeEvent =
  | KeyPress
  /** Text that came by no key: some scanners of phones write so. */
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'silence'; readonly at: number };

/** What ended the keys of one code. */
export type Suffix = 'Enter' | 'Tab' | 'none';

/** The keys of one code, in the order they came. */
export interface Burst {
  /** What the computer made of each key; `\uFFFD` where it made no character of it. */
  readonly typed: string;
  /** What each key is on a US keyboard, by its place; `\uFFFD` where there is none. */
  readonly placed: string;
  /** An input method took keys. */
  readonly isComposed: boolean;
  readonly isCapsLocked: boolean;
  readonly suffix: Suffix;
  readonly charactersPerSecond: number;
}

/** What is known of the keys so far. */
export interface WedgeState {
  readonly typed: string;
  readonly placed: string;
  readonly isComposed: boolean;
  readonly isCapsLocked: boolean;
  readonly startedAt: number;
  readonly lastAt: number;
  /** How many of the characters came right after the one before. */
  readonly fast: number;
  /** When a suffix ended the code before; a gun may send two. */
  readonly endedAt: number;
}

/** What follows from one event. */
export interface WedgeStep {
  readonly state: WedgeState;
  /** The keys of a code that has ended. */
  readonly burst?: Burst;
  /** The key is a gun's, and shall do nothing else. */
  readonly isTaken: boolean;
}

/** No key yet. */
export const NO_KEYS: WedgeState = {
  typed: '',
  placed: '',
  isComposed: false,
  isCapsLocked: false,
  startedAt: 0,
  lastAt: 0,
  fast: 0,
  endedAt: Number.NEGATIVE_INFINITY,
};

/** A code without a suffix has ended when this long no key came; within one, a gun pauses for less. */
export const SILENCE_MILLISECONDS = 500;

/** The quickest typists need 60 ms a key on average, guns 1 to 30. */
const FAST_MILLISECONDS = 50;
const FEWEST_CHARACTERS = 6;
const MOST_CHARACTERS = 8192;
const NO_CHARACTER = '\uFFFD';
const MODIFIERS = /^(?:Shift|CapsLock|NumLock|Control|Alt|AltGraph|Meta|Fn|FnLock|ScrollLock)$/;

/**
 * Tells a scanner gun that plays a keyboard from a person at one, by how fast the keys come. Pure: the clock is that of the
 * events. What the keys mean is not decided here.
 */
export function advanceWedge(state: WedgeState, event: WedgeEvent): WedgeStep {
  // A page that was busy may hear of the next code before it hears of the silence.
  if (state.typed !== '' && event.at - state.lastAt >= SILENCE_MILLISECONDS) {
    const rest = { ...NO_KEYS, endedAt: state.endedAt };
    const after = event.kind === 'silence' ? { state: rest, isTaken: false } : advanceWedge(rest, event);
    return { ...after, ...endBurst(state, 'none') };
  }
  switch (event.kind) {
    case 'silence':
      return { state, isTaken: false };
    case 'text':
      return takeText(state, event.text, event.at);
    case 'key':
      return takeKey(state, event);
  }
}

function takeKey(state: WedgeState, press: KeyPress): WedgeStep {
  if (MODIFIERS.test(press.key)) return { state, isTaken: false };
  // Nobody's key that is held down is a code.
  if (press.isRepeated) return { state: forget(state), isTaken: false };
  const suffix = suffixOf(press);
  if (suffix) return takeSuffix(state, suffix, press.at);
  if (press.isShortcut) return { state: forget(state), isTaken: false };

  const isComposed = press.isComposing || press.key === 'Process';
  const placed = characterAt(press.code, press.isShifted);
  const isTyped = [...press.key].length === 1;
  if (!isTyped && placed === undefined) {
    // A key that says nothing of itself is followed by its text; any other one is a person's.
    return { state: press.key === 'Unidentified' || isComposed ? state : forget(state), isTaken: false };
  }
  const next = append(state, isTyped ? press.key : NO_CHARACTER, placed ?? NO_CHARACTER, press.at);
  return {
    state: {
      ...next,
      isComposed: next.isComposed || isComposed,
      isCapsLocked: next.isCapsLocked || press.isCapsLocked,
    },
    isTaken: next.typed.length > 1 && isFast(next),
  };
}

/** Line ends are part of what such a scanner writes. */
function takeText(state: WedgeState, text: string, at: number): WedgeStep {
  const [line = '', ...rest] = text.split(/\r\n|[\r\n\t]/);
  let next = state;
  for (const character of line) next = append(next, character, character, at);
  if (rest.length === 0) return { state: next, isTaken: false };
  return takeSuffix(next, text.charAt(line.length) === '\t' ? 'Tab' : 'Enter', at);
}

function takeSuffix(state: WedgeState, suffix: Suffix, at: number): WedgeStep {
  const ended = { ...NO_KEYS, endedAt: at };
  if (isGun(state)) return { state: ended, isTaken: true, ...endBurst(state, suffix) };
  // Of a code too short to be one the suffix is a gun's all the same, and must not call the next person.
  const isGuns = state.typed.length > 1 && isFast(state) && at - state.lastAt < FAST_MILLISECONDS;
  const isSecond = state.typed === '' && at - state.endedAt < FAST_MILLISECONDS;
  return { state: isGuns || isSecond ? ended : forget(state), isTaken: isGuns || isSecond };
}

/** Some guns send line ends as control characters: Ctrl+M, Ctrl+J, and Ctrl+I for a tab. */
function suffixOf({ key, code, isShortcut }: KeyPress): Suffix | undefined {
  if (isShortcut) return { KeyM: 'Enter', KeyJ: 'Enter', KeyI: 'Tab' }[code] as Suffix | undefined;
  if (key === 'Enter' || code === 'Enter' || code === 'NumpadEnter') return 'Enter';
  return key === 'Tab' || code === 'Tab' ? 'Tab' : undefined;
}

function append(state: WedgeState, typed: string, placed: string, at: number): WedgeState {
  const isFirst = state.typed === '';
  // One character more than there may be is enough to know that it was too many.
  const isFull = state.typed.length > MOST_CHARACTERS;
  return {
    ...state,
    typed: isFull ? state.typed : state.typed + typed,
    placed: isFull ? state.placed : state.placed + placed,
    startedAt: isFirst ? at : state.startedAt,
    lastAt: at,
    fast: state.fast + (!isFirst && at - state.lastAt < FAST_MILLISECONDS ? 1 : 0),
  };
}

/** The median of the pauses is a gun's: more than half of them are short. */
function isFast({ typed, fast }: WedgeState): boolean {
  return fast * 2 > typed.length - 1;
}

function isGun(state: WedgeState): boolean {
  return state.typed.length >= FEWEST_CHARACTERS && isFast(state);
}

function endBurst(state: WedgeState, suffix: Suffix): { readonly burst?: Burst } {
  const { typed, placed, isComposed, isCapsLocked, startedAt, lastAt } = state;
  if (!isGun(state) || typed.length > MOST_CHARACTERS) return {};
  const seconds = Math.max(lastAt - startedAt, 1) / 1000;
  const charactersPerSecond = Math.round((typed.length - 1) / seconds);
  return { burst: { typed, placed, isComposed, isCapsLocked, suffix, charactersPerSecond } };
}

function forget({ endedAt }: WedgeState): WedgeState {
  return { ...NO_KEYS, endedAt };
}
