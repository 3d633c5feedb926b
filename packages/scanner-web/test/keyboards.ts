import type { KeyPress, WedgeEvent } from '../src/input/wedge.ts';

/** What keys write on a computer that is set to another keyboard than the gun; by their places, plain and with Shift. */
type Layout = Readonly<Record<string, readonly [string, string]>>;

/** German, where it differs from the US keyboard in what codes are made of. */
export const GERMAN: Layout = {
  KeyY: ['z', 'Z'],
  KeyZ: ['y', 'Y'],
  Minus: ['ß', '?'],
  Equal: ['Dead', 'Dead'],
  Semicolon: ['ö', 'Ö'],
  Slash: ['-', '_'],
  Digit8: ['8', '('],
  Digit3: ['3', '§'],
};

/** French. */
export const FRENCH: Layout = {
  KeyA: ['q', 'Q'],
  KeyQ: ['a', 'A'],
  KeyZ: ['w', 'W'],
  KeyW: ['z', 'Z'],
  KeyM: [',', '?'],
  Semicolon: ['m', 'M'],
  Digit1: ['&', '1'],
  Digit2: ['é', '2'],
  Digit3: ['"', '3'],
  Digit4: ["'", '4'],
  Digit5: ['(', '5'],
  Digit6: ['-', '6'],
  Digit7: ['è', '7'],
  Digit8: ['_', '8'],
  Digit9: ['ç', '9'],
  Digit0: ['à', '0'],
  Minus: [')', '°'],
  Equal: ['=', '+'],
  Period: [':', '/'],
  Slash: ['!', '§'],
};

const SHIFTED = ')!@#$%^&*(';
const SIGNS: Readonly<Record<string, readonly [code: string, isShifted: boolean]>> = {
  ' ': ['Space', false],
  '-': ['Minus', false],
  '+': ['Equal', true],
  '.': ['Period', false],
  '/': ['Slash', false],
  ':': ['Semicolon', true],
  '?': ['Slash', true],
  '=': ['Equal', false],
};

/** The key of a US keyboard that writes this character. */
export function placeOf(character: string): { readonly code: string; readonly isShifted: boolean } {
  if (/[a-z]/i.test(character))
    return { code: `Key${character.toUpperCase()}`, isShifted: character !== character.toLowerCase() };
  if (/\d/.test(character)) return { code: `Digit${character}`, isShifted: false };
  if (SHIFTED.includes(character)) return { code: `Digit${SHIFTED.indexOf(character)}`, isShifted: true };
  const [code, isShifted] = SIGNS[character] ?? ['', false];
  return { code, isShifted };
}

/** How a gun sends a code, and what the computer makes of it. */
export interface Gun {
  readonly layout?: Layout;
  readonly isCapsLocked?: boolean;
  /** An input method takes all keys but digits. */
  readonly isComposing?: boolean;
  readonly suffix?: 'Enter' | 'Tab';
  /** Milliseconds between two keys. */
  readonly pause?: number | ((index: number) => number);
  readonly at?: number;
}

/** The keys of one code, as `keydown` tells of them, those of Shift included. */
export function sendKeys(
  text: string,
  { layout = {}, isCapsLocked = false, isComposing = false, suffix, pause = 8, at = 1_000 }: Gun = {},
): WedgeEvent[] {
  const events: WedgeEvent[] = [];
  let now = at;
  const press = (key: string, code: string, isShifted: boolean) => {
    const event: KeyPress = {
      kind: 'key',
      key,
      code,
      isShifted,
      isCapsLocked,
      isShortcut: false,
      isComposing: false,
      isRepeated: false,
      at: now,
    };
    events.push(event);
  };
  [...text].forEach((character, index) => {
    now += typeof pause === 'number' ? pause : pause(index);
    const { code, isShifted } = placeOf(character);
    const written = layout[code]?.[isShifted ? 1 : 0] ?? character;
    const cased = isCapsLocked ? swapCase(written) : written;
    if (isShifted) press('Shift', 'ShiftLeft', true);
    press(isComposing && !/\d/.test(character) ? 'Process' : cased, code, isShifted);
  });
  if (suffix) {
    now += 8;
    press(isComposing ? 'Process' : suffix, suffix, false);
  }
  return events;
}

function swapCase(character: string): string {
  if (!/^[a-z]$/i.test(character)) return character;
  return character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase();
}
