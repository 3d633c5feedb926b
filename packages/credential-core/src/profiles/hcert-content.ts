import { asMap, asText } from '../cbor/expect.ts';
import { CborTag, type CborValue } from '../cbor/value.ts';
import { malformed } from '../result.ts';

/** The kinds of health certificate, in the order of the schema's `v`, `t`, `r`. */
export const HCERT_KINDS = ['vaccination', 'test', 'recovery'] as const;

/** What a health certificate attests. */
export type HcertKind = (typeof HCERT_KINDS)[number];

/** What JSON can say, which is all that a certificate holds. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of {@link JsonValue}s. */
export interface JsonObject {
  /** By the name that the schema gives the member. */
  readonly [name: string]: JsonValue;
}

/** The content of an EU Digital COVID Certificate. */
export interface HealthCertificate {
  /** By which of `v`, `t`, `r` has the entry. */
  readonly kind: HcertKind;
  /** The version of the schema, such as `1.3.0`. */
  readonly version: string;
  /** As the EU DCC JSON schema names it: `ver`, `nam`, `dob`, and one of `v`, `t`, `r` with one entry. */
  readonly content: JsonObject;
}

const KINDS = [
  ['v', 'vaccination'],
  ['t', 'test'],
  ['r', 'recovery'],
] as const;

/**
 * Reads the content as far as every reader relies on it: version, name, date of birth, and exactly one entry, since one code
 * is one certificate (EU DCC JSON schema 1.3.0). The rest of the schema and its value sets are not checked.
 *
 * @throws Refusal `malformed`
 */
export function readHealthCertificate(value: CborValue | undefined): HealthCertificate {
  const map = asMap(value, 'hcert: the certificate is missing');
  const content = toJson(map) as JsonObject;
  asText(asMap(map.get('nam'), 'hcert: nam is missing').get('fnt'), 'hcert: nam without fnt');
  asText(map.get('dob'), 'hcert: dob is missing');
  const entries = KINDS.flatMap(([name, kind]) => readEntries(content[name]).map(() => kind));
  const [kind] = entries;
  if (!kind || entries.length > 1) throw malformed('hcert: not exactly one entry');
  return { kind, version: asText(map.get('ver'), 'hcert: ver is missing'), content };
}

function readEntries(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed('hcert: entries that are no array');
  for (const entry of value) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
      throw malformed('hcert: an entry that is no object');
  }
  return value;
}

/** RFC 8949 §3.4.1: a date in text, which some issuers tag. */
const DATE = 0;

function toJson(value: CborValue): JsonValue {
  if (value instanceof CborTag && value.tag === DATE) return toJson(value.value);
  if (value instanceof Uint8Array || value instanceof CborTag) throw malformed('hcert: a value that JSON has none for');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'number' && !Number.isFinite(value)) throw malformed('hcert: a number that JSON has none for');
  if (!(value instanceof Map)) return value as JsonValue;
  const entries = [...(value as ReadonlyMap<unknown, CborValue>)];
  // Object.fromEntries defines own members, also one that is named __proto__.
  return Object.fromEntries(
    entries.map(([name, member]) => {
      if (typeof name !== 'string') throw malformed('hcert: a member without a name');
      return [name, toJson(member)];
    }),
  );
}
