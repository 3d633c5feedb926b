import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { generateIssuerKey, type IssuerKey, importIssuerKey, type SoftwareKey } from '@zhengma/credential-core/issue';
import { EnvironmentError } from '../errors.ts';
import type { KeyStore } from './key-store.ts';
import { syncFolder, writeFileDurably } from './write-file-durably.ts';

const SECRET_BYTES = 32;
const SUBJECTS = 'subjects.key';
const CHALLENGES = 'challenges.key';
const API_KEYS = 'api-keys.key';
const RECEIPTS = 'receipts.key';
const OPEN_TO_OTHERS = 0o077;

/**
 * Keys as files of the data folder: `keys/root.key`, `keys/receipts.key` and `keys/issuer-<kid>.key`, each a base64url
 * Ed25519 seed; `keys/subjects.key`, `keys/challenges.key` and `keys/api-keys.key`, each a secret of as many bytes.
 */
export class FileKeyStore implements KeyStore {
  readonly #folder: string;
  readonly #known = new Map<string, IssuerKey>();
  readonly #secrets = new Map<string, Buffer>();

  constructor(dataFolder: string) {
    this.#folder = path.join(dataFolder, 'keys');
  }

  async findRootKey(): Promise<IssuerKey | undefined> {
    return this.#read('root.key');
  }

  async createRootKey(): Promise<IssuerKey> {
    return this.#write('root.key', await generateIssuerKey());
  }

  async issuerKey(kid: string): Promise<IssuerKey> {
    const name = nameIssuerFile(kid);
    const key = await this.#read(name);
    if (key) return key;
    throw new EnvironmentError(`The key file ${path.join(this.#folder, name)} is missing: restore it from a backup.`);
  }

  async createIssuerKey(): Promise<IssuerKey> {
    const key = await generateIssuerKey();
    return this.#write(nameIssuerFile(Buffer.from(key.kid).toString('hex')), key);
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
    const secret = await this.#findOrMakeSecret(API_KEYS);
    return (digest) => createHmac('sha256', secret).update(digest).digest('hex');
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
    const file = path.join(this.#folder, name);
    if (!(await readSecret(file))) {
      await this.#writeSecret(name, randomBytes(SECRET_BYTES)).catch(async (error) => {
        // Another process was quicker: one secret for all of them.
        if (!(await readSecret(file))) throw error;
      });
    }
    const secret = (await readSecret(file)) as Buffer;
    this.#secrets.set(name, secret);
    return secret;
  }

  async #write(name: string, key: SoftwareKey): Promise<IssuerKey> {
    await this.#writeSecret(name, key.exportSeed());
    this.#known.set(name, key);
    return key;
  }

  async #writeSecret(name: string, secret: Uint8Array): Promise<void> {
    const file = path.join(this.#folder, name);
    try {
      const made = await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if (made !== undefined) await syncFolder(path.dirname(made));
      await writeFileDurably(file, `${Buffer.from(secret).toString('base64url')}\n`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw new EnvironmentError(`There is a key in ${file} already: it is never replaced.`);
      throw new EnvironmentError(
        `The key file ${file} cannot be written (${code}): make its folder writable for this user.`,
      );
    }
  }

  async #read(name: string): Promise<IssuerKey | undefined> {
    const known = this.#known.get(name);
    if (known) return known;
    const seed = await readSecret(path.join(this.#folder, name));
    if (!seed) return undefined;
    const key = await importIssuerKey(new Uint8Array(seed));
    this.#known.set(name, key);
    return key;
  }
}

function nameIssuerFile(kid: string): string {
  return `issuer-${kid}.key`;
}

async function readSecret(file: string): Promise<Buffer | undefined> {
  const text = await readPrivateFile(file);
  if (text === undefined) return undefined;
  const secret = Buffer.from(text.trim(), 'base64url');
  if (secret.length === SECRET_BYTES) return secret;
  throw new EnvironmentError(`The key file ${file} is damaged: restore it from a backup.`);
}

async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const { mode } = await handle.stat();
      if (process.platform !== 'win32' && (mode & OPEN_TO_OTHERS) !== 0) {
        throw new EnvironmentError(`The key file ${file} is open to other users: run chmod 600 on it.`);
      }
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new EnvironmentError(`The key file ${file} cannot be read (${code}): make it readable for this user alone.`);
  }
}
