import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { generateIssuerKey, type IssuerKey, importIssuerKey, type SoftwareKey } from '@zhengma/credential-core/issue';
import { EnvironmentError } from '../errors.ts';
import type { KeyFolder } from './key-folder.ts';
import type { KeyStore } from './key-store.ts';
import { openBytes, sealBytes } from './sealed-bytes.ts';

const SECRET_BYTES = 32;
const ROOT = 'root.key';
const SUBJECTS = 'subjects.key';
const CHALLENGES = 'challenges.key';
const API_KEYS = 'api-keys.key';
const SEALS = 'seals.key';
const EC_TOKENS = 'ec-tokens.key';
const RECEIPTS = 'receipts.key';

/**
 * Keys as files of the data folder: `keys/root.key`, `keys/receipts.key` and `keys/issuer-<kid>.key`, each an Ed25519 seed;
 * `keys/subjects.key`, `keys/challenges.key`, `keys/api-keys.key`, `keys/ec-tokens.key` and `keys/seals.key`, each a secret of
 * as many bytes.
 */
export class FileKeyStore implements KeyStore {
  readonly #folder: KeyFolder;
  readonly #known = new Map<string, IssuerKey>();
  readonly #secrets = new Map<string, Buffer>();
  #apiKeySecret: KeyObject | undefined;

  constructor(folder: KeyFolder) {
    this.#folder = folder;
  }

  async findRootKey(): Promise<IssuerKey | undefined> {
    return this.#read(ROOT);
  }

  async createRootKey(): Promise<IssuerKey> {
    return this.#write(ROOT, await generateIssuerKey());
  }

  async issuerKey(kid: string): Promise<IssuerKey> {
    const name = nameIssuerFile(kid);
    const file = this.#folder.locate(name);
    const key = await this.#read(name);
    if (!key) {
      throw new EnvironmentError(
        `The key file ${file} is missing: restore it from a backup, or name the signer that has the key with --signer.`,
      );
    }
    if (encodeKid(key) === kid) return key;
    throw new EnvironmentError(`The key file ${file} holds another key than its name says: restore it from a backup.`);
  }

  async createIssuerKey(): Promise<IssuerKey> {
    const key = await generateIssuerKey();
    return this.#write(nameIssuerFile(encodeKid(key)), key);
  }

  async hashSubject(subject: string): Promise<string> {
    return createHmac('sha256', await this.#findOrMakeSecret(SUBJECTS))
      .update(subject)
      .digest('hex');
  }

  async authenticate(bytes: Uint8Array): Promise<Uint8Array> {
    return createHmac('sha256', await this.#findOrMakeSecret(CHALLENGES))
      .update(bytes)
      .digest();
  }

  async apiKeyHasher(): Promise<(digest: string) => string> {
    // As a key object: this is done at every request, and bytes would be made into one each time.
    this.#apiKeySecret ??= createSecretKey(await this.#findOrMakeSecret(API_KEYS));
    const secret = this.#apiKeySecret;
    return (digest) => createHmac('sha256', secret).update(digest).digest('hex');
  }

  async authenticateToken(bytes: Uint8Array): Promise<Uint8Array> {
    return createHmac('sha256', await this.#findOrMakeSecret(EC_TOKENS))
      .update(bytes)
      .digest();
  }

  async seal(bytes: Uint8Array, purpose: string): Promise<Uint8Array> {
    return sealBytes(bytes, purpose, await this.#findOrMakeSecret(SEALS));
  }

  async open(sealed: Uint8Array, purpose: string): Promise<Uint8Array | undefined> {
    return openBytes(sealed, purpose, await this.#findOrMakeSecret(SEALS));
  }

  async receiptKey(): Promise<IssuerKey> {
    const known = this.#known.get(RECEIPTS);
    if (known) return known;
    const key = await importIssuerKey(new Uint8Array(await this.#findOrMakeSecret(RECEIPTS)));
    this.#known.set(RECEIPTS, key);
    return key;
  }

  async #findOrMakeSecret(name: string): Promise<Buffer> {
    const known = this.#secrets.get(name);
    if (known) return known;
    if (!(await this.#folder.read(name))) {
      await this.#folder.create(name, randomBytes(SECRET_BYTES)).catch(async (error) => {
        // Another process was quicker: one secret for all of them.
        if (!(await this.#folder.read(name))) throw error;
      });
    }
    const secret = (await this.#folder.read(name)) as Buffer;
    this.#secrets.set(name, secret);
    return secret;
  }

  async #write(name: string, key: SoftwareKey): Promise<IssuerKey> {
    await this.#folder.create(name, key.exportSeed());
    this.#known.set(name, key);
    return key;
  }

  async #read(name: string): Promise<IssuerKey | undefined> {
    const known = this.#known.get(name);
    if (known) return known;
    const seed = await this.#folder.read(name);
    if (!seed) return undefined;
    const key = await importIssuerKey(new Uint8Array(seed));
    this.#known.set(name, key);
    return key;
  }
}

function nameIssuerFile(kid: string): string {
  return `issuer-${kid}.key`;
}

function encodeKid({ kid }: Pick<IssuerKey, 'kid'>): string {
  return Buffer.from(kid).toString('hex');
}
