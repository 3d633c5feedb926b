import { classifyCode } from '@zhengma/credential-core/codes';
import type { Burst } from '../input/wedge.ts';

/** Codes of ours are written in capitals, digits and nine signs: QR's alphanumeric alphabet. */
const OWN = /^ZM\d:[0-9A-Z $%*+\-./:]*$/;
const UNREADABLE = /[^\x20-\x7e]/;

/** What input methods write for the signs of a US keyboard, beside the full-width forms. */
const CHINESE_SIGNS: Readonly<Record<string, string>> = { '。': '.', '、': '/', '￥': '$', '¥': '$', '　': ' ' };

/**
 * What the keys of a gun say: by what the computer made of them, or, where that is no code, by their places on a US
 * keyboard, which is right whatever layout, Caps Lock or input method is in between.
 *
 * @returns nothing where neither can be read
 */
export function readBurst({ typed, placed }: Pick<Burst, 'typed' | 'placed'>): string | undefined {
  const ways = [foldSigns(typed), placed].filter((text) => !UNREADABLE.test(text)).map(foldOwn);
  return ways.find((text) => OWN.test(text)) ?? ways.find((text) => classifyCode(text).kind !== 'unknown') ?? ways[0];
}

/** With Caps Lock on, letters come small; in a code of ours there are none. */
function foldOwn(text: string): string {
  return /^zm\d:/i.test(text) ? text.toUpperCase() : text;
}

/** Full-width forms stand in the order of ASCII (Unicode, Halfwidth and Fullwidth Forms). */
export function foldSigns(text: string): string {
  return text
    .replaceAll(/[。、￥¥　]/g, (sign) => CHINESE_SIGNS[sign] ?? sign)
    .replaceAll(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}
