import { isOfficialCode } from './verdict.ts';

/** Which of the codes in one picture is to be checked. */
export type CodeChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'code'; readonly text: string; readonly isForeign: boolean }
  /** Two credentials: which of them the person means, only the person knows. */
  | { readonly kind: 'several' };

/** A poster may carry codes of other systems beside the one that is meant: those neither count nor block. */
export function chooseCode(texts: readonly string[]): CodeChoice {
  const [text, ...others] = new Set(texts.filter((candidate) => /^ZM\d:/.test(candidate)));
  if (others.length > 0) return { kind: 'several' };
  if (text !== undefined) return { kind: 'code', text, isForeign: false };
  const foreign = texts.find(isOfficialCode) ?? texts[0];
  return foreign === undefined ? { kind: 'none' } : { kind: 'code', text: foreign, isForeign: true };
}
