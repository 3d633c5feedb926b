import { existsSync, readdirSync } from 'node:fs';
import { mkdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isDraft, replaceFileDurably, syncFolder, writeFileDurably } from '../durable-files.ts';
import { EnvironmentError } from '../errors.ts';
import { isSealed, type Passphrase } from './passphrase.ts';
import { readPrivateFile } from './private-file.ts';

const SECRET_BYTES = 32;
const KEY_FILE = /^(?:root|receipts|subjects|challenges|api-keys|ec-tokens|seals|issuer-[0-9a-f]{16})\.key$/;

/** How the key files of a folder lie there. */
export interface KeyFiles {
  readonly encrypted: readonly string[];
  readonly plain: readonly string[];
  /** No key files of ours; what is in them is not known. */
  readonly others: readonly string[];
}

/**
 * The folder `keys` of a data folder: secrets of 32 bytes, one file each, as base64url or, where there is a passphrase,
 * encrypted. With a passphrase both are read, so that a folder can be changed over file by file.
 */
export class KeyFolder {
  readonly #folder: string;
  readonly #passphrase: Passphrase | undefined;
  /** What the passphrase is known to open: the next file gets its salt. */
  #sealed: string | undefined;

  constructor(dataFolder: string, passphrase: Passphrase | undefined) {
    this.#folder = path.join(dataFolder, 'keys');
    this.#passphrase = passphrase;
  }

  /** Where the secret of this name lies, for a sentence. */
  locate(name: string): string {
    return path.join(this.#folder, name);
  }

  /** Undefined where there is none. Throws `EnvironmentError` for one that cannot be opened. */
  async read(name: string): Promise<Buffer | undefined> {
    const text = this.#readText(name);
    return text === undefined ? undefined : this.#open(name, text, this.#passphrase);
  }

  /** Never replaces: throws `EnvironmentError` where there is one. */
  async create(name: string, secret: Uint8Array): Promise<void> {
    const text = await this.#seal(name, secret);
    const file = this.locate(name);
    try {
      const made = await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if (made !== undefined) await syncFolder(path.dirname(made));
      await writeFileDurably(file, text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw new EnvironmentError(`There is a key in ${file} already: it is never replaced.`);
      throw describeWriteFault(file, error);
    }
  }

  /** Needs no passphrase. */
  list(): KeyFiles {
    const names = existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
    const keys = names.filter((name) => KEY_FILE.test(name));
    const isEncrypted = (name: string) => isSealed(this.#readText(name) ?? '');
    return {
      encrypted: keys.filter(isEncrypted),
      plain: keys.filter((name) => !isEncrypted(name)),
      others: names.filter((name) => !KEY_FILE.test(name) && !isDraft(name)),
    };
  }

  /**
   * Encrypts every key file with `next`, be it plain or encrypted with the folder's own passphrase. Each is replaced at once
   * and durably, so after a kill the next run goes on where this one was. Drafts of writers that were killed are removed:
   * they may hold a key in the clear.
   *
   * @returns the names of the files that were not encrypted with `next` before
   */
  async sealAll(next: Passphrase): Promise<readonly string[]> {
    const { encrypted, plain } = this.list();
    const changed: string[] = [];
    const target = new KeyFolder(path.dirname(this.#folder), next);
    for (const name of [...encrypted, ...plain]) {
      const text = this.#readText(name) as string;
      if (await next.matches(text)) continue;
      const secret = await this.#open(name, text, this.#passphrase);
      await replaceFileDurably(this.locate(name), await target.#seal(name, secret)).catch((error) => {
        throw describeWriteFault(this.locate(name), error);
      });
      changed.push(name);
    }
    await this.#removeDrafts();
    return changed;
  }

  async #removeDrafts(): Promise<void> {
    const drafts = existsSync(this.#folder) ? readdirSync(this.#folder).filter(isDraft) : [];
    for (const draft of drafts) await unlink(this.locate(draft));
    if (drafts.length > 0) await syncFolder(this.#folder);
  }

  async #seal(name: string, secret: Uint8Array): Promise<string> {
    if (!this.#passphrase) return `${Buffer.from(secret).toString('base64url')}\n`;
    this.#sealed ??= await this.#findSealed(this.#passphrase);
    this.#sealed = await this.#passphrase.seal(name, secret, this.#sealed);
    return this.#sealed;
  }

  async #findSealed(passphrase: Passphrase): Promise<string | undefined> {
    for (const name of this.list().encrypted) {
      const text = this.#readText(name);
      if (text !== undefined && (await passphrase.matches(text))) return text;
    }
    return undefined;
  }

  async #open(name: string, text: string, passphrase: Passphrase | undefined): Promise<Buffer> {
    const file = this.locate(name);
    const secret = isSealed(text) ? await this.#unseal(name, text, passphrase) : Buffer.from(text.trim(), 'base64url');
    if (secret?.length === SECRET_BYTES) return secret;
    throw new EnvironmentError(`The key file ${file} is damaged, or another in its place: restore it from a backup.`);
  }

  async #unseal(name: string, text: string, passphrase: Passphrase | undefined): Promise<Buffer | undefined> {
    if (!passphrase) {
      throw new EnvironmentError(
        `The key file ${this.locate(name)} is encrypted: give its passphrase with --key-passphrase-file (ZHENGMA_KEY_PASSPHRASE_FILE) or as the systemd credential zhengma-key-passphrase.`,
      );
    }
    const secret = await passphrase.open(name, text);
    if (secret === undefined && !(await passphrase.matches(text))) {
      throw new EnvironmentError(
        `The key file ${this.locate(name)} was encrypted with another passphrase: give that one with --key-passphrase-file (ZHENGMA_KEY_PASSPHRASE_FILE).`,
      );
    }
    return secret;
  }

  #readText(name: string): string | undefined {
    return readPrivateFile({ path: this.locate(name), isCredential: false }, 'The key file');
  }
}

function describeWriteFault(file: string, error: unknown): EnvironmentError {
  const { code } = error as NodeJS.ErrnoException;
  return new EnvironmentError(
    `The key file ${file} cannot be written (${code}): make its folder writable for this user.`,
  );
}
