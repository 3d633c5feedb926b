import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { readSecretFile, type SecretFile } from './private-file.ts';

/** 128 MiB and about a third of a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const KEY_BYTES = 32;
const CHECK_BYTES = 8;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LEAST_CHARACTERS = 16;

const MARK = 'zhengma-sealed-key-1';
const FORM = new RegExp(`^${MARK}\\.([\\w-]{22})\\.([\\w-]{11})\\.([\\w-]{16})\\.([\\w-]{22,128})\\n$`);

const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);

/** Whether a key file is an encrypted one, by its first characters. */
export function isSealed(text: string): boolean {
  return text.startsWith('zhengma-sealed-key-');
}

interface DerivedKey {
  readonly key: Buffer;
  /** Tells a wrong passphrase from a damaged file. A guess costs as much with it as without. */
  readonly check: string;
}

/**
 * A passphrase that key files are encrypted with. A file is one line of text:
 * `zhengma-sealed-key-1.<salt>.<check>.<nonce>.<box>`, bytes in base64url. scrypt (RFC 7914; N 2^17, r 8, p 1) makes 40 bytes
 * of passphrase and salt: 32 are the key of AES-256-GCM, 8 the check. The box covers what stands before it, and the name of
 * the file: one under another's name does not open.
 */
export class Passphrase {
  readonly #text: string;
  /** By salt: files of one folder share theirs, so that a process derives once. */
  readonly #derived = new Map<string, Promise<DerivedKey>>();

  /** Reads it at once. Throws `EnvironmentError` for a file that is missing, open to others, or too short to be safe. */
  constructor(file: SecretFile) {
    this.#text = readSecretFile(file, 'The passphrase file', LEAST_CHARACTERS);
  }

  /** @param sealed a file that this passphrase opens, whose salt is used again */
  async seal(name: string, secret: Uint8Array, sealed: string | undefined): Promise<string> {
    const salt = (sealed === undefined ? undefined : FORM.exec(sealed)?.[1]) ?? encode(randomBytes(SALT_BYTES));
    const { key, check } = await this.#derive(salt);
    const nonce = randomBytes(NONCE_BYTES);
    const head = `${MARK}.${salt}.${check}.${encode(nonce)}`;
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(`${head}.${name}`));
    const box = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    return `${head}.${encode(box)}\n`;
  }

  /** Whether `sealed` was made with this passphrase; for a file that is no sealed one, false. */
  async matches(sealed: string): Promise<boolean> {
    const [, salt, check] = FORM.exec(sealed) ?? [];
    return salt !== undefined && (await this.#derive(salt)).check === check;
  }

  /** The secret in `sealed`; undefined for a file that is damaged, made with another passphrase or for another name. */
  async open(name: string, sealed: string): Promise<Buffer | undefined> {
    const [, salt, check, nonce, encoded] = FORM.exec(sealed) ?? [];
    if (salt === undefined || nonce === undefined || encoded === undefined) return undefined;
    const { key } = await this.#derive(salt);
    const box = Buffer.from(encoded, 'base64url');
    const end = box.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(`${MARK}.${salt}.${check}.${nonce}.${name}`));
    try {
      decipher.setAuthTag(box.subarray(end));
      return Buffer.concat([decipher.update(box.subarray(0, end)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #derive(salt: string): Promise<DerivedKey> {
    const known = this.#derived.get(salt);
    if (known) return known;
    const derived = derive(this.#text, Buffer.from(salt, 'base64url'), KEY_BYTES + CHECK_BYTES, COST).then((bytes) => ({
      key: bytes.subarray(0, KEY_BYTES),
      check: encode(bytes.subarray(KEY_BYTES)),
    }));
    this.#derived.set(salt, derived);
    return derived;
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
