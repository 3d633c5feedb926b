import { type ForeignKind, nameForeignKind } from './verdict.ts';

/** Which of the codes in one picture is to be checked. */
export type CodeChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'code'; readonly text: string; readonly isForeign: boolean }
  /** Two credentials: which of them the person means, only the person knows. */
  | { readonly kind: 'several' };

/** What hangs at a counter. */
const POSTERS: ReadonlySet<ForeignKind> = new Set<ForeignKind>(['url', 'payment', 'unknown']);

/** A poster may carry codes of other systems beside the one that is meant: those neither count nor block. */
export function chooseCode(texts: readonly string[]): CodeChoice {
  const codes = [...new Set(texts)].map((text) => ({ text, kind: nameForeignKind(text) }));
  const [own, another] = codes.filter(({ kind }) => kind === undefined);
  if (another) return { kind: 'several' };
  if (own) return { kind: 'code', text: own.text, isForeign: false };
  const foreign =
    codes.find(({ kind }) => kind === 'official') ??
    codes.find(({ kind }) => kind !== undefined && !POSTERS.has(kind)) ??
    codes[0];
  return foreign ? { kind: 'code', text: foreign.text, isForeign: true } : { kind: 'none' };
}
