import { CredentialError } from '../errors.ts';

/** How large a code may become. */
export interface CodeSizeOptions {
  /**
   * The largest QR version, 1 to 40, at error correction level M. Default: 18, which is 541 bytes; beyond it, cameras of desks and
   * cheap phones fail more and more often.
   */
  readonly maxVersion?: number;
}

const DEFAULT_MAX_VERSION = 18;

/** ISO/IEC 18004 table 7: alphanumeric characters at level M, by version. */
const CAPACITIES = [
  20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970, 1035, 1134, 1248,
  1326, 1451, 1542, 1637, 1732, 1839, 1994, 2113, 2238, 2369, 2506, 2632, 2780, 2894, 3054, 3220, 3391,
];

/** @throws TypeError when it is no whole number from 1 to 40 */
export function readMaxVersion({ maxVersion = DEFAULT_MAX_VERSION }: CodeSizeOptions = {}): number {
  if (Number.isInteger(maxVersion) && maxVersion >= 1 && maxVersion <= 40) return maxVersion;
  throw new TypeError('maxVersion must be a whole number from 1 to 40');
}

/** The refusal of a code that would be larger. */
export function tooLargeFor(maxVersion: number): CredentialError {
  return new CredentialError('ERR_QR_CAPACITY', `the text does not fit into a QR code of version ${maxVersion}`);
}

/**
 * Holds a text of QR's alphanumeric mode to a version.
 *
 * @throws CredentialError `ERR_QR_CAPACITY`
 */
export function requireVersion(text: string, maxVersion: number): void {
  if (text.length > (CAPACITIES[maxVersion - 1] as number)) throw tooLargeFor(maxVersion);
}
