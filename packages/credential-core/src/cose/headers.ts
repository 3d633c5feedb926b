/** Labels of the IANA COSE and CWT registries that the format uses, each with its source. */

/** COSE header parameters. */
export const HEADER = {
  /** RFC 9052 §3.1 */
  alg: 1,
  /** RFC 9052 §3.1: labels that the recipient must understand. */
  crit: 2,
  /** RFC 9052 §3.1 */
  kid: 4,
  /** Registered by RFC 9528; in a presentation, the credential (draft-ietf-spice-sd-cwt). */
  kcwt: 13,
  /** RFC 9596 §2 */
  typ: 16,
  /** draft-ietf-spice-sd-cwt: the claims that are disclosed. */
  sdClaims: 17,
} as const;

/** CoAP content formats in `typ` (RFC 9596 §2), as draft-ietf-spice-sd-cwt asks IANA for them. */
export const CONTENT_FORMAT = {
  /** `application/sd-cwt` */
  sdCwt: 293,
  /** `application/kb+cwt` */
  kbCwt: 294,
} as const;

/** COSE algorithms. Those that name no curve are accepted on input only; the key decides in any case. */
export const ALGORITHM = {
  /** RFC 9864 §2.2 */
  ed25519: -19,
  /** RFC 9053 §2.2 */
  eddsa: -8,
  /** RFC 9864 §2.1: ECDSA with SHA-256 on P-256. */
  esp256: -9,
  /** RFC 9053 §2.1 */
  es256: -7,
  /** RFC 8230 §2: RSASSA-PSS with SHA-256; other formats only. */
  ps256: -37,
  /** Private use (RFC 9053 §11.1), because none is registered: SM2 with SM3, GB/T 32918.2. */
  sm2: -65_600,
} as const;

/** CWT claims. */
export const CLAIM = {
  /** RFC 8392 §3.1.1 */
  iss: 1,
  /** RFC 8392 §3.1.2 */
  sub: 2,
  /** RFC 8392 §3.1.3 */
  aud: 3,
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
  /** Registered by RFC 9200; in a presentation, the verifier's challenge (draft-ietf-spice-sd-cwt). */
  cnonce: 39,
  /** draft-ietf-oauth-status-list §4.3 */
  ttl: 65_534,
  /** draft-ietf-oauth-status-list §4.3 */
  statusList: 65_533,
  /** draft-ietf-oauth-status-list §6.3; other formats only. */
  status: 65_535,
  /** Private use (RFC 8392 §9.1): the credential map. */
  credential: -65_537,
  /** Private use (RFC 8392 §9.1): the trust list. */
  trustList: -65_538,
  /** Private use (RFC 8392 §9.1): the revocation snapshot. */
  snapshot: -65_540,
} as const;

/** RFC 8747 §3.1: the confirmation method that holds a COSE_Key. */
export const CNF_COSE_KEY = 1;
