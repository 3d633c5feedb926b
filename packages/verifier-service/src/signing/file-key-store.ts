import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { generateIssuerKey, type IssuerKey, importIssuerKey, type SoftwareKey } from '@zhengma/credential-core/issue';
import { EnvironmentError } from '../errors.ts';
import type { KeyStore } from './key-store.ts';
import { syncFolder, writeFileDurably } from './write-file-durably.ts';

const SEED_BYTES = 32;
const OPEN_TO_OTHERS = 0o077;

/** Keys as files of the data folder: `keys/root.key` and `keys/issuer-<kid>.key`, each a base64url Ed25519 seed. */
export class FileKeyStore implements KeyStore {
  readonly #folder: string;
  readonly #known = new Map<string, IssuerKey>();

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

  async #write(name: string, key: SoftwareKey): Promise<IssuerKey> {
    const file = path.join(this.#folder, name);
    try {
      const made = await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if (made !== undefined) await syncFolder(path.dirname(made));
      await writeFileDurably(file, `${Buffer.from(key.exportSeed()).toString('base64url')}\n`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw new EnvironmentError(`There is a key in ${file} already: it is never replaced.`);
      throw new EnvironmentError(
        `The key file ${file} cannot be written (${code}): make its folder writable for this user.`,
      );
    }
    this.#known.set(name, key);
    return key;
  }

  async #read(name: string): Promise<IssuerKey | undefined> {
    const known = this.#known.get(name);
    if (known) return known;
    const file = path.join(this.#folder, name);
    const text = await readPrivateFile(file);
    if (text === undefined) return undefined;
    const seed = Buffer.from(text.trim(), 'base64url');
    if (seed.length !== SEED_BYTES) {
      throw new EnvironmentError(`The key file ${file} is damaged: restore it from a backup.`);
    }
    const key = await importIssuerKey(new Uint8Array(seed));
    this.#known.set(name, key);
    return key;
  }
}

function nameIssuerFile(kid: string): string {
  return `issuer-${kid}.key`;
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
