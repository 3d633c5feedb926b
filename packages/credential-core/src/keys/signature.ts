/** The signature algorithms that keys of the format can have. A key has one, and nothing in a code can choose another. */
export type AlgorithmName = 'Ed25519' | 'ES256' | 'SM2';

/** Checks signatures of one public key. Never throws: a signature of a wrong length is simply false. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Makes signatures of one private key: 64 bytes over the whole message. */
export type SignMessage = (message: Uint8Array) => Promise<Uint8Array>;

/**
 * A private key as signing needs it. Implement it for a key that cannot leave where it is: a WebCrypto key that is not
 * extractable, a secure element, an HSM, a signing service. Only `sign` touches the secret.
 */
export interface Signer {
  /** What `sign` computes; it goes into the header and must be that of the key. */
  readonly algorithm: AlgorithmName;
  /** Ed25519: 32 bytes (RFC 8032 §5.1.5). ES256 and SM2: a SEC 1 point, 33 bytes compressed or 65 not. */
  readonly publicKey: Uint8Array;
  /**
   * Signs `message` whole and gives 64 bytes: RFC 8032 §5.1.6 for Ed25519; r‖s for ES256 (RFC 9053 §2.1, hashed with
   * SHA-256 by the signer) and for SM2 (hashed with SM3 by the signer).
   */
  readonly sign: SignMessage;
}

/** What can check the signatures of one algorithm. */
export interface SignatureAlgorithm {
  /** The algorithm of the keys that it checks; one that is built in is not replaced. */
  readonly name: AlgorithmName;
  /**
   * Prepares the check of one key's signatures; never throws.
   *
   * @param publicKey in the form of {@link Signer}, points compressed; for what is no key, a check that is always false
   */
  createVerifier(publicKey: Uint8Array): VerifySignature;
}
