/** Caps that hold before any decoder sees a byte. A QR code of version 40 carries at most 2 953 bytes. */

/** Bounds for one CBOR item: total bytes, bytes of one text, nesting and number of data items. */
export interface CborLimits {
  readonly bytes: number;
  readonly textBytes: number;
  readonly depth: number;
  readonly items: number;
}

/** Largest COSE message accepted from a QR code, in bytes, as carried. */
export const MAX_CODE_BYTES = 4096;

/** Largest COSE message accepted from a QR code after inflating, in bytes. */
export const MAX_INFLATED_CODE_BYTES = 16_384;

/** Longest QR text looked at: `ZM1:` and the Base45 of {@link MAX_CODE_BYTES}. */
export const MAX_QR_TEXT_LENGTH = 4 + (MAX_CODE_BYTES / 2) * 3;

/** Longest text, in bytes of UTF-8. Normalising takes time that grows with the square of a run of combining marks. */
const MAX_TEXT_BYTES = 256;

/** For the parts of a credential. */
export const CODE_LIMITS: CborLimits = {
  bytes: MAX_INFLATED_CODE_BYTES,
  textBytes: MAX_TEXT_BYTES,
  depth: 8,
  items: 256,
};

/** For a trust list of a few thousand issuers, or a status list of 2^24 indexes. */
export const LIST_LIMITS: CborLimits = { bytes: 8 * 1024 * 1024, textBytes: MAX_TEXT_BYTES, depth: 8, items: 200_000 };

/** Most indexes in one status list; bounds the memory an inflated list can take (4 MiB at 2 bits). */
export const MAX_STATUS_LIST_SIZE = 2 ** 24;

/** The widest tolerance between clocks that a verifier can ask for, in seconds: one without end would turn validity off. */
export const MAX_CLOCK_SKEW_SECONDS = 600;
