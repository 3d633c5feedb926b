/** Labels of the IANA COSE and CWT registries that the format uses, each with its source. */

/** COSE header parameters. */
export const HEADER = {
  /** RFC 9052 §3.1 */
  alg: 1,
  /** RFC 9052 §3.1 */
  kid: 4,
  /** RFC 9596 §2 */
  typ: 16,
} as const;

/** COSE algorithms that an Ed25519 key may be named with. */
export const ALGORITHM = {
  /** RFC 9864 §2.2: fully specified; what we write. */
  ed25519: -19,
  /** RFC 9053 §2.2: names no curve, and is accepted on input only. */
  eddsa: -8,
} as const;

/** CWT claims. */
export const CLAIM = {
  /** RFC 8392 §3.1.1 */
  iss: 1,
  /** RFC 8392 §3.1.2 */
  sub: 2,
  /** RFC 8392 §3.1.4 */
  exp: 4,
  /** RFC 8392 §3.1.5 */
  nbf: 5,
  /** RFC 8392 §3.1.6 */
  iat: 6,
  /** RFC 8392 §3.1.7 */
  cti: 7,
  /** RFC 8747 §3.1 */
  cnf: 8,
  /** draft-ietf-oauth-status-list §4.3 */
  ttl: 65_534,
  /** draft-ietf-oauth-status-list §4.3 */
  statusList: 65_533,
  /** Private use (RFC 8392 §9.1): the credential map. */
  credential: -65_537,
  /** Private use (RFC 8392 §9.1): the trust list. */
  trustList: -65_538,
} as const;

/** RFC 8747 §3.1: the confirmation method that holds a COSE_Key. */
export const CNF_COSE_KEY = 1;
