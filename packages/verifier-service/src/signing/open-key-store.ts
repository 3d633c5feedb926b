import { ExternalKeyStore } from './external-key-store.ts';
import { FileKeyStore } from './file-key-store.ts';
import { KeyFolder } from './key-folder.ts';
import type { KeyStore } from './key-store.ts';
import { Passphrase } from './passphrase.ts';
import type { SecretFile } from './private-file.ts';
import { SignerClient, type SignerSettings } from './signer-client.ts';

export interface KeyStoreOptions {
  /** What the key files are encrypted with. */
  readonly passphraseFile?: SecretFile;
  /** Who has the keys that sign, in place of the folder. */
  readonly signer?: SignerSettings;
}

/** The keys of a data folder. Throws `EnvironmentError` for a passphrase or a token that cannot be used. */
export function openKeyStore(dataFolder: string, { passphraseFile, signer }: KeyStoreOptions): KeyStore {
  const passphrase = passphraseFile && new Passphrase(passphraseFile);
  const files = new FileKeyStore(new KeyFolder(dataFolder, passphrase));
  return signer ? new ExternalKeyStore(new SignerClient(signer), files) : files;
}
