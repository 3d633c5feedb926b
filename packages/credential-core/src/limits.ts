/** Caps that hold before any decoder sees a byte. A QR code of version 40 carries at most 2 953 bytes. */

/** Bounds for one strict CBOR scan: total bytes, nesting and number of data items. */
export interface CborLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly items: number;
}

/** Largest COSE message accepted from a QR code, in bytes, as carried. */
export const MAX_CODE_BYTES = 4096;

/** Largest COSE message accepted from a QR code after inflating, in bytes. */
export const MAX_INFLATED_CODE_BYTES = 16_384;

/** Longest QR text looked at: `ZM1:` and the Base45 of {@link MAX_CODE_BYTES}. */
export const MAX_QR_TEXT_LENGTH = 4 + (MAX_CODE_BYTES / 2) * 3;

/** For the parts of a credential. */
export const CODE_LIMITS: CborLimits = { bytes: MAX_INFLATED_CODE_BYTES, depth: 8, items: 256 };

/** For a trust list of a few thousand issuers, or a status list of 2^24 indexes. */
export const LIST_LIMITS: CborLimits = { bytes: 8 * 1024 * 1024, depth: 8, items: 200_000 };

/** Most indexes in one status list; bounds the memory an inflated list can take (4 MiB at 2 bits). */
export const MAX_STATUS_LIST_SIZE = 2 ** 24;
