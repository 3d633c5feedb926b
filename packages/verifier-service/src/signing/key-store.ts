import type { IssuerKey } from '@zhengma/credential-core/issue';

/** Where private keys live. Files today; an external signer (HSM) can stand behind the same four methods. */
export interface KeyStore {
  /** Undefined until `createRootKey()`. */
  findRootKey(): Promise<IssuerKey | undefined>;
  /** Never replaces: throws `EnvironmentError` when there is a root key, for every scanner pins it. */
  createRootKey(): Promise<IssuerKey>;
  /** `kid` as 16 hex digits. Throws `EnvironmentError` when its file is missing, damaged or open to others. */
  issuerKey(kid: string): Promise<IssuerKey>;
  createIssuerKey(): Promise<IssuerKey>;
}
