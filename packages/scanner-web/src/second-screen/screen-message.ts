import { maskVerdict } from '../verdict/masking.ts';
import type { Tone, Verdict, VerdictCode } from '../verdict/verdict.ts';
import { wordsOf } from '../words/words.ts';

/** What the screen that faces the patient is told, and all that it is told. */
export type ScreenMessage =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'checking' }
  | {
      readonly kind: 'verdict';
      readonly tone: Tone;
      readonly code: VerdictCode;
      /** Masked. */
      readonly name?: string;
      /** Masked; of who acts for the person. */
      readonly delegate?: string;
    };

const MAX_NAME = 64;

/** Of a verdict what the person at the counter may see while others stand behind them: no number, no name in full. */
export function tellPatient(verdict: Verdict): ScreenMessage {
  const { tone, code, person, delegate } = maskVerdict(verdict);
  return {
    kind: 'verdict',
    tone,
    code,
    ...(person?.name !== undefined && { name: person.name }),
    ...(delegate && { delegate: delegate.name }),
  };
}

/** @returns nothing for what no scanner of this version sends */
export function parseScreenMessage(value: unknown): ScreenMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, tone, code, name, delegate } = value as Readonly<Record<string, unknown>>;
  if (kind === 'waiting' || kind === 'checking') return { kind };
  if (kind !== 'verdict' || !isTone(tone) || !isCode(code) || !isName(name) || !isName(delegate)) return undefined;
  return { kind, tone, code, ...(name !== undefined && { name }), ...(delegate !== undefined && { delegate }) };
}

function isTone(value: unknown): value is Tone {
  return typeof value === 'string' && Object.hasOwn(wordsOf('en').patient.headline, value);
}

function isCode(value: unknown): value is VerdictCode {
  return typeof value === 'string' && Object.hasOwn(wordsOf('en').patient.verdict, value);
}

function isName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME);
}
