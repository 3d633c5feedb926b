import { decodeHex, encodeHex } from '../bytes/hex.ts';
import type { CborValue } from '../cbor/decode.ts';
import { isInRepertoire } from '../cbor/repertoire.ts';
import { isPrintable, MAX_NAME_CHARACTERS } from '../printable.ts';
import { ID_NUMBER_MASKS, MASKED_ID_NUMBER, type Masks, NAME_MASKS } from './masks.ts';

/**
 * The one table of what a credential can say. A field is a row: its key on the wire, its name in the API, how its value is
 * written. docs/format.md prints this table and says in CDDL how each value is written; nothing else knows the numbers.
 */

/** What a medical-insurance credential says. Codes are the official ones, as text; unknown ones pass through. */
export interface MedicalInsuranceClaims {
  /** Masked unless the issuer chose otherwise: `张*`. */
  readonly name?: string;
  /** Masked, with one `*` for all that is hidden: `*002X`. */
  readonly idNumber?: string;
  /** Pooling region 统筹区 (GB/T 2260), six digits. */
  readonly region: string;
  /** Insurance scheme 险种 (insutype), e.g. `310`. */
  readonly scheme?: string;
  /** Person class 人员类别 (psn_type), e.g. `11`. */
  readonly personClass?: string;
  /** Why the person is given assistance 人员身份类别 (psn_idet_type), e.g. `2304`: for whoever serves, not for whoever stands by. */
  readonly assistance?: string;
  /** Enrolment 参保状态 (psn_insu_stas), `0` to `4`. */
  readonly enrolment?: string;
  /** What the code may be used for 用码业务类型 (businessType), five digits each; absent means anything. */
  readonly businessTypes?: readonly string[];
  /** How old a presentation may be, in seconds; 60 where it is not said. */
  readonly maxPresentationAgeSeconds?: number;
  /** Who acts for the person named above 代办, when the credential was issued to somebody else's device. */
  readonly delegate?: Delegate;
  /** True for a code printed for somebody without a phone. */
  readonly paper?: true;
  /**
   * A commitment to the full ID number, 32 hexadecimal digits, for counters that check a typed number offline. Only where the
   * issuer asks for it (`commitIdNumber`): who takes the time can find the number by it.
   */
  readonly idCommitment?: string;
  /** True when the holder may let somebody else present the credential. */
  readonly delegable?: true;
}

/** Who acts for the person that a credential is about. */
export interface Delegate {
  /** Masked as the person's own: `李*`. */
  readonly name: string;
  /** Relation 代办人关系 (agnter_rlts), e.g. `2` for a child. */
  readonly relation: string;
}

/** One row: how one claim stands in the credential map. `decode` gives undefined for what is not in this form. */
export interface Field {
  /** The key in the credential map (docs/format.md §4), never given to another field. */
  readonly key: number;
  /** The member of {@link MedicalInsuranceClaims}. */
  readonly name: keyof MedicalInsuranceClaims;
  /** For people. */
  readonly label: { readonly zh: string; readonly en: string };
  /** The claim as it is written, or undefined for what has no such form; never throws. */
  encode(value: unknown): CborValue | undefined;
  /** What was written as the claim, or undefined for what is not in the one form that there is; never throws. */
  decode(value: CborValue): string | number | boolean | readonly string[] | Delegate | undefined;
  /** For what identifies a person: the ways to mask it, one of which is applied before it is signed. */
  readonly masks?: Masks;
  /** Whether it can be left out of what is shown. What restricts a credential, or decides its scope, cannot. */
  readonly redactable?: true;
}

/** A kind of credential: its number and name, and the fields that it may and must have. */
export interface CredentialType {
  /** Key 0 of the credential map. */
  readonly id: number;
  /** What trust lists and programs call it. */
  readonly name: string;
  /** For people. */
  readonly label: { readonly zh: string; readonly en: string };
  /** All that it may have; another key is `unsupported_type`. */
  readonly fields: readonly Field[];
  /** What it must have; without one it is `malformed`. */
  readonly required: readonly Field['name'][];
}

/** Keys of the credential map that are not claims. */
export const TYPE_KEY = 0;
export const STATUS_KEY = 1;

type Codec = Pick<Field, 'encode' | 'decode'>;

/** Text in a form of its own. */
function text(hasForm: (text: string) => boolean): Codec {
  const check = (value: unknown) => (typeof value === 'string' && hasForm(value) ? value : undefined);
  return { encode: (value) => check(typeof value === 'string' ? value.normalize('NFC') : value), decode: check };
}

/** The name of a person, for people to read. */
const personName = text((name) => isPrintable(name, MAX_NAME_CHARACTERS) && isInRepertoire(name));

/** A code of exactly `digits` digits, as an integer: leading zeros come back by the length. */
function digits(count: number): Codec {
  return {
    encode: (value) =>
      typeof value === 'string' && value.length === count && /^\d+$/.test(value) ? Number(value) : undefined,
    decode: (value) =>
      typeof value === 'number' && value >= 0 && value < 10 ** count ? String(value).padStart(count, '0') : undefined,
  };
}

const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,8})$/;

/** A code of a table that regions extend: an integer where it is one, else text; never both spellings for one code. */
const code: Codec = {
  encode: (value) => {
    if (typeof value !== 'string' || !/^[0-9A-Za-z]{1,12}$/.test(value)) return undefined;
    return PLAIN_NUMBER.test(value) ? Number(value) : value;
  },
  decode: (value) => {
    if (typeof value === 'number') return value >= 0 && value < 1e9 ? String(value) : undefined;
    if (typeof value !== 'string' || PLAIN_NUMBER.test(value)) return undefined;
    return /^[0-9A-Za-z]{1,12}$/.test(value) ? value : undefined;
  },
};

/** One to `max` values of another form. */
function list(max: number, item: Codec): Codec {
  const all = <T>(values: readonly unknown[], map: (value: never) => T | undefined): T[] | undefined => {
    const mapped = values.map((value) => map(value as never));
    return mapped.includes(undefined) || mapped.length === 0 || mapped.length > max ? undefined : (mapped as T[]);
  };
  return {
    encode: (value) => (Array.isArray(value) ? all(value, item.encode) : undefined),
    decode: (value) => (Array.isArray(value) ? (all(value, item.decode) as string[] | undefined) : undefined),
  };
}

/** Seconds, one to a day. */
const seconds: Codec = {
  encode: (value) => (isSeconds(value) ? value : undefined),
  decode: (value) => (isSeconds(value) ? value : undefined),
};

function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 86_400;
}

/** Bytes, in the API as hexadecimal digits. */
function bytes(length: number): Codec {
  return {
    encode: (value) => (typeof value === 'string' && value.length === 2 * length ? decodeHex(value) : undefined),
    decode: (value) => (value instanceof Uint8Array && value.length === length ? encodeHex(value) : undefined),
  };
}

/** Present and true, or absent. */
const flag: Codec = {
  encode: (value) => (value === true ? true : undefined),
  decode: (value) => (value === true ? true : undefined),
};

/** Somebody else: name and relation. */
const person: Codec & Pick<Field, 'decode'> = {
  encode(value) {
    const { name, relation } = (value ?? {}) as Delegate;
    const [encodedName, encodedRelation] = [personName.encode(name), code.encode(relation)];
    return encodedName === undefined || encodedRelation === undefined ? undefined : [encodedName, encodedRelation];
  },
  decode(value) {
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [name, relation] = [personName.decode(value[0]), code.decode(value[1])];
    return name === undefined || relation === undefined ? undefined : ({ name, relation } as Delegate);
  },
};

/** A page that holds the table does not change what a credential can say. */
function freezeRows<Row extends object>(rows: readonly Row[]): readonly Row[] {
  for (const row of rows) Object.freeze(row);
  return Object.freeze(rows);
}

/** Every field there is. A key that is not in the table is refused: it may hold a restriction that a later reader knows. */
export const FIELDS: readonly Field[] = freezeRows<Field>([
  {
    key: 2,
    name: 'name',
    label: { zh: '姓名', en: 'Name' },
    masks: NAME_MASKS,
    redactable: true,
    ...personName,
  },
  {
    key: 3,
    name: 'idNumber',
    label: { zh: '证件号码', en: 'ID number' },
    masks: ID_NUMBER_MASKS,
    redactable: true,
    ...text((number) => MASKED_ID_NUMBER.test(number)),
  },
  { key: 4, name: 'region', label: { zh: '统筹区', en: 'Pooling region' }, ...digits(6) },
  { key: 5, name: 'scheme', label: { zh: '险种', en: 'Insurance scheme' }, redactable: true, ...code },
  { key: 6, name: 'personClass', label: { zh: '人员类别', en: 'Person class' }, redactable: true, ...code },
  { key: 7, name: 'enrolment', label: { zh: '参保状态', en: 'Enrolment' }, ...code },
  { key: 8, name: 'businessTypes', label: { zh: '用码业务类型', en: 'Allowed business' }, ...list(16, digits(5)) },
  {
    key: 9,
    name: 'maxPresentationAgeSeconds',
    label: { zh: '出示有效秒数', en: 'Longest presentation age' },
    ...seconds,
  },
  { key: 10, name: 'delegate', label: { zh: '代办人', en: 'Delegate' }, ...person },
  { key: 11, name: 'paper', label: { zh: '纸质码', en: 'Paper code' }, ...flag },
  { key: 12, name: 'idCommitment', label: { zh: '证件号码校验值', en: 'ID number commitment' }, ...bytes(16) },
  { key: 13, name: 'delegable', label: { zh: '可由他人代为出示', en: 'May be delegated' }, ...flag },
  { key: 14, name: 'assistance', label: { zh: '人员身份类别', en: 'Assistance class' }, redactable: true, ...code },
]);

/** Every type there is, by the number that stands in the code. */
export const CREDENTIAL_TYPES: readonly CredentialType[] = freezeRows<CredentialType>([
  {
    id: 1,
    name: 'medical-insurance',
    label: { zh: '医疗保险', en: 'Medical insurance' },
    fields: FIELDS,
    required: ['region'],
  },
]);

/** The names of {@link CREDENTIAL_TYPES}. */
export type CredentialTypeName = 'medical-insurance';
