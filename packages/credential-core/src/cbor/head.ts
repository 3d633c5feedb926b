import { malformed } from '../result.ts';

const ARGUMENT_WIDTHS = [1, 2, 4, 8];
const SMALLEST_ARGUMENTS = [24, 2 ** 8, 2 ** 16, 2 ** 32];

/** Reads the heads of CBOR items (RFC 8949 §3); what was found stands in the members until the next `read`. */
export class HeadReader {
  readonly bytes: Uint8Array;
  /** The offset of the next byte. */
  at = 0;
  major = 0;
  /** The additional information: 24 to 27 announce an argument of 1, 2, 4 or 8 bytes. */
  info = 0;
  /** The value, length, count or tag number. Above 2^53 it is not exact, and is only compared with limits. */
  argument = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** @throws Refusal `malformed` when the bytes end within the head */
  read(): void {
    if (this.at >= this.bytes.length) throw malformed('cbor: cut off');
    const initial = this.bytes[this.at++] as number;
    this.major = initial >> 5;
    this.info = initial & 31;
    this.argument =
      this.info >= 24 && this.info < 28 ? this.#readArgument(ARGUMENT_WIDTHS[this.info - 24] as number) : this.info;
  }

  /** Whether the argument is written as short as it can be (RFC 8949 §4.2.1). */
  isShortest(): boolean {
    return this.info < 24 || this.argument >= (SMALLEST_ARGUMENTS[this.info - 24] as number);
  }

  #readArgument(width: number): number {
    if (width > this.bytes.length - this.at) throw malformed('cbor: cut off');
    let value = 0;
    for (const end = this.at + width; this.at < end; this.at++) value = value * 256 + (this.bytes[this.at] as number);
    return value;
  }
}
