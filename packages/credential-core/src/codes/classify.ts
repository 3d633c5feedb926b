import { decodeBase45 } from '../bytes/base45.ts';
import { encodeHex } from '../bytes/hex.ts';
import { inflateZlib } from '../bytes/inflate.ts';
import { MAX_INFLATED_CODE_BYTES, MAX_QR_TEXT_LENGTH } from '../limits.ts';
import { CODE_KINDS, type CodeKind, type CodeKindWords } from './code-kinds.ts';
import { isValidIdNumber, looksLikeIdNumber } from './id-number.ts';
import { looksLikeInstitutionCode } from './institution-code.ts';
import { isValidOrganisationCode } from './organisation-code.ts';
import { isProvince } from './provinces.ts';

/** What kind of code a text is, in words for an operator. Nothing of the text is in it. */
export interface ClassifiedCode extends CodeKindWords {
  /** For programs, by the form of the text alone: that a code is of a kind says nothing about whether it is good. */
  readonly kind: CodeKind;
}

/** In this order: the first that fits names the kind. Each looks at a text of at most {@link MAX_QR_TEXT_LENGTH} characters. */
const RULES: readonly (readonly [CodeKind, (text: string) => boolean])[] = [
  ['official', (text) => /^\d{28}$/.test(text)],
  ['zhengma', (text) => text.startsWith('ZM1:')],
  ['zhengma-other-version', (text) => /^ZM\d:/.test(text)],
  ['hcert', (text) => /^HC\d:/.test(text)],
  ['smart-health-card', (text) => /^shc:\//i.test(text)],
  // A link may stand behind the address of a viewer.
  ['smart-health-link', (text) => /^(?:https?:[^#]*#)?shlink:\//i.test(text)],
  ['openid4vp', (text) => /^(?:(?:mdoc-|eudi-)?openid4vp|haip(?:-vp)?):/i.test(text)],
  ['mdoc', (text) => /^mdoc:/i.test(text)],
  ['url', (text) => /^https?:\/\//i.test(text)],
  // 18 digits can be an ID number and an organisation code at once; a person is the likelier one at a counter.
  ['id-number', (text) => isValidIdNumber(text.toUpperCase())],
  ['organisation', (text) => isValidOrganisationCode(text) && isProvince(text.slice(2, 4))],
  // A payment code may begin like an ID number of the north; that a birth date stands in it by chance is one in a thousand.
  ['mistyped-id-number', (text) => looksLikeIdNumber(text.toUpperCase()) && hasPlausibleDate(text)],
  ['payment', (text) => /^(?:1[0-5]\d{16}|(?:2[5-9]|30)\d{14,22})$/.test(text) || /^(?:wxp|alipays?):\/\//i.test(text)],
  ['mistyped-id-number', (text) => looksLikeIdNumber(text.toUpperCase())],
  ['institution', looksLikeInstitutionCode],
  ['drug-trace', (text) => /^8\d{19}$/.test(text)],
  ['product', isProductBarcode],
  ['health-card', (text) => /^[\dA-F]{64}:\d(?::[\dA-Z:]{1,64})?$/i.test(text)],
  ['claim-169', isClaim169],
];

/**
 * Says what kind of code a text is by its form alone, so that an operator who scanned something else hears what it is. It trusts
 * nothing and verifies no signature. Nothing is trimmed or folded, as in the format itself: take the line end of a scanner
 * gun off first.
 *
 * | kind | form | source |
 * |---|---|---|
 * | `official` | 28 digits | |
 * | `zhengma`, `zhengma-other-version` | `ZM1:`; `ZM`, another digit, colon | docs/format.md §1 |
 * | `hcert` | `HC`, a digit, colon | eHealth Network, Technical Specifications for EU Digital COVID Certificates, volume 1 |
 * | `smart-health-card`, `smart-health-link` | `shc:/`; `shlink:/`, alone or behind a viewer's address and `#` | HL7 SMART Health Cards and Links |
 * | `openid4vp` | `openid4vp:` `mdoc-openid4vp:` `eudi-openid4vp:` `haip:` `haip-vp:` | OpenID4VP, HAIP, ISO/IEC 18013-7 |
 * | `mdoc` | `mdoc:` | ISO/IEC 18013-5 |
 * | `url` | `http://` or `https://` | RFC 9110 §4.2 |
 * | `id-number`, `mistyped-id-number` | 18 characters; the second with a wrong check character or birth date | GB 11643 |
 * | `organisation` | 18 characters with a correct check character and a region of a province | GB 32100 |
 * | `payment` | 18 digits from 10 to 15; 16 to 24 digits from 25 to 30; `wxp:` `alipays:` | the payment services' public interface documents |
 * | `institution` | `H` or `P` and 11 digits | |
 * | `drug-trace` | 20 digits, the first 8 | |
 * | `product` | 13 digits with a correct check digit | GS1 General Specifications §7.9 |
 * | `health-card` | 64 hexadecimal digits, a colon, a digit, and for a dynamic code a colon and its time | |
 * | `claim-169` | Base45 of zlib of a COSE message that is encrypted or names claim 169 | MOSIP ID Claim 169 |
 *
 * @param text anything; what is no string, and what is longer than a code can be, is `unknown` unless its beginning says more
 * @returns the kind with its words in Chinese and English; never throws
 */
export function classifyCode(text: unknown): ClassifiedCode {
  const start = typeof text === 'string' ? text.slice(0, MAX_QR_TEXT_LENGTH + 1) : '';
  const kind = RULES.find(([, fits]) => fits(start))?.[0] ?? 'unknown';
  return { kind, ...CODE_KINDS[kind] };
}

/** Month and day of an ID number as a slip of one character leaves them. */
function hasPlausibleDate(idNumber: string): boolean {
  return /^.{10}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(idNumber);
}

/** GTIN-13 (EAN-13): digits weighted 1 and 3 in turn add up to a multiple of ten. */
function isProductBarcode(text: string): boolean {
  if (!/^\d{13}$/.test(text)) return false;
  let sum = 0;
  for (let at = 0; at < 13; at++) sum += Number(text.charAt(at)) * (at % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}

/** How a message may begin (RFC 9052 §2, RFC 8392 §6): perhaps with the tag of a CWT; then encrypted, or signed with or without a tag. */
const ENCRYPTED = /^(?:d83d)?(?:d0|d860)/;
const SIGNED = /^(?:d83d)?(?:d2)?84/;

function isClaim169(text: string): boolean {
  if (text.length > MAX_QR_TEXT_LENGTH) return false;
  const message = inflateBase45(text);
  const start = encodeHex(message?.subarray(0, 4) ?? new Uint8Array());
  if (ENCRYPTED.test(start)) return true;
  if (!SIGNED.test(start)) return false;
  // The label 169 in CBOR. Other CWTs travel in the same clothes.
  return message?.some((byte, at) => byte === 0x18 && message[at + 1] === 169) === true;
}

function inflateBase45(text: string): Uint8Array | undefined {
  try {
    return inflateZlib(decodeBase45(text), MAX_INFLATED_CODE_BYTES);
  } catch {
    return undefined;
  }
}
