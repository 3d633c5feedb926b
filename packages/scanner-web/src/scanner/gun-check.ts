import type { Burst, Suffix } from '../input/wedge.ts';
import { foldSigns } from './gun-text.ts';

/** What the set-up code says: every character that a code of ours can be made of (QR's alphanumeric alphabet). */
export const CHECK_TEXT = 'ZM1:CHECK 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** What can be said of a gun. The first five are put right while reading, `no_suffix` costs time, the others must be mended. */
export type GunFinding =
  | 'input_method'
  | 'caps_lock'
  | 'small_letters'
  | 'full_width'
  | 'layout'
  | 'no_suffix'
  | 'wrong_layout'
  | 'lost'
  | 'other_code';

/** What arrived; of a serial port nobody counts the speed. */
export type CheckedBurst = Omit<Burst, 'charactersPerSecond'> & Partial<Pick<Burst, 'charactersPerSecond'>>;

/** How a gun read the set-up code. */
export interface GunReport {
  /** Whether codes of ours can be read with it. */
  readonly isReadable: boolean;
  readonly findings: readonly GunFinding[];
  /** The characters that arrived as others. */
  readonly changed: readonly { readonly sent: string; readonly arrived: string }[];
  /** The characters that did not arrive. */
  readonly lost: readonly string[];
  readonly suffix: Suffix;
  readonly charactersPerSecond?: number;
}

const UNREADABLE: readonly GunFinding[] = ['wrong_layout', 'lost', 'other_code'];

/** Compares what arrived with the set-up code, character by character. */
export function checkGun(burst: CheckedBurst): GunReport {
  const { typed, placed, suffix, charactersPerSecond } = burst;
  const folded = foldSigns(typed).toUpperCase();
  const findings = [...findFaults(burst, folded), ...(suffix === 'none' ? (['no_suffix'] as const) : [])];
  const isOther = findings.includes('other_code');
  // Where the input method took a key nothing was typed: its place is what arrived.
  const arrived = [...typed].map((character, at) => (character === '\uFFFD' ? placed.charAt(at) : character));
  const pairs = arrived.length === CHECK_TEXT.length ? [...CHECK_TEXT].map((sent, at) => [sent, arrived[at]]) : [];
  const changed = new Map(pairs.filter(([sent, got]) => sent !== got) as [string, string][]);
  return {
    isReadable: !findings.some((finding) => UNREADABLE.includes(finding)),
    findings: isOther ? ['other_code'] : findings,
    changed: [...changed].map(([sent, got]) => ({ sent, arrived: got })),
    lost: findings.includes('lost') ? (findLost(folded) ?? findLost(placed.toUpperCase()) ?? []) : [],
    suffix,
    ...(charactersPerSecond !== undefined && { charactersPerSecond }),
  };
}

function findFaults({ typed, placed, isComposed, isCapsLocked }: CheckedBurst, folded: string): readonly GunFinding[] {
  if (typed === CHECK_TEXT) return [];
  const composed: readonly GunFinding[] = isComposed ? ['input_method'] : [];
  if (folded === CHECK_TEXT) {
    const isWide = typed.toUpperCase() !== CHECK_TEXT;
    return [
      ...composed,
      ...(isWide ? (['full_width'] as const) : []),
      ...(isWide || isComposed ? [] : ([isCapsLocked ? 'caps_lock' : 'small_letters'] as const)),
    ];
  }
  if (placed.toUpperCase() === CHECK_TEXT) return isComposed ? composed : ['layout'];
  if ([...typed].length === CHECK_TEXT.length) return ['wrong_layout'];
  return findLost(folded) || findLost(placed.toUpperCase()) ? ['lost'] : ['other_code'];
}

/** @returns the characters that `arrived` lacks; nothing where it is not the set-up code with gaps */
function findLost(arrived: string): readonly string[] | undefined {
  const lost: string[] = [];
  let at = 0;
  for (const character of CHECK_TEXT) {
    if (arrived.charAt(at) === character) at++;
    else lost.push(character);
  }
  return at === arrived.length ? lost : undefined;
}
