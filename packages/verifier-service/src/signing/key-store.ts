import type { IssuerKey } from '@zhengma/credential-core/issue';

/**
 * Where private keys live: files of the data folder, or a signer outside. Whatever needs a signer throws `ServiceError`
 * `signer_unavailable` when that does not do its part.
 */
export interface KeyStore {
  /** Undefined until `createRootKey()`. */
  findRootKey(): Promise<IssuerKey | undefined>;
  /** Never replaces: throws `EnvironmentError` when there is a root key, for every scanner pins it. */
  createRootKey(): Promise<IssuerKey>;
  /** `kid` as 16 hex digits. Throws `EnvironmentError` when its file is missing, damaged or open to others. */
  issuerKey(kid: string): Promise<IssuerKey>;
  /**
   * A key that the issuer did not have before: a new one, or one that the signer outside has ready. Throws `EnvironmentError`
   * when there is none.
   *
   * @param inUse the kids of those it has, as 16 hex digits
   */
  createIssuerKey(inUse: readonly string[]): Promise<IssuerKey>;
  /**
   * HMAC-SHA-256, hexadecimal, of how a system names a person, by a secret of this folder that is made when it is first
   * needed: names that can be guessed cannot be found out from the database alone.
   */
  hashSubject(subject: string): Promise<string>;
  /** HMAC-SHA-256 of `bytes` by a secret of this folder that is made when it is first needed: what the service gave out. */
  authenticate(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * HMAC-SHA-256, hexadecimal, of the SHA-256 of an API key, by a secret of this folder that is made when it is first
   * needed: a database that was copied is of no use for trying keys.
   */
  apiKeyHasher(): Promise<(digest: string) => string>;
  /** HMAC-SHA-256 of `bytes` by a secret of its own, likewise: the tokens that are given to a HIS. */
  authenticateToken(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * AES-256-GCM of `bytes` by a secret of this folder that is made when it is first needed: what the service needs again in
   * the clear, and the database alone must not give away.
   *
   * @param purpose what it is sealed for; it opens for nothing else
   */
  seal(bytes: Uint8Array, purpose: string): Promise<Uint8Array>;
  /** What `seal` sealed. Undefined for anything else, and for another purpose. */
  open(sealed: Uint8Array, purpose: string): Promise<Uint8Array | undefined>;
  /** The key that signs receipts, made when it is first needed. */
  receiptKey(): Promise<IssuerKey>;
}
