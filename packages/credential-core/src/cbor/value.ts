/** The key of an SD-CWT map entry that holds redacted claim keys: CBOR simple(59) (draft-ietf-spice-sd-cwt §4). */
export const REDACTED_CLAIM_KEYS = Symbol('redacted_claim_keys');

/** What a map may be keyed with: COSE and CWT maps have integers and text, SD-CWT one simple value. */
export type CborKey = number | string | typeof REDACTED_CLAIM_KEYS;

/** What the profile's CBOR can hold. Integers are exact numbers, byte strings are views into the input. */
export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | CborTag
  | readonly CborValue[]
  | ReadonlyMap<CborKey, CborValue>;

/** A CBOR map, its keys in the order in which they are encoded. */
export type CborMap = ReadonlyMap<CborKey, CborValue>;

/** A tagged item (RFC 8949 §3.4). Nothing is run for a tag: what it means is for the caller, who allowed it. */
export class CborTag {
  /** The tag number, exact up to 2^53 − 1. */
  readonly tag: number;
  /** The one item that is tagged. */
  readonly value: CborValue;

  constructor(tag: number, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}
