import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { EnvironmentError } from '../errors.ts';

const OPEN_TO_OTHERS = 0o077;
/** systemd shows the group what an access list gives to the service's user alone. */
const OPEN_TO_OTHERS_AS_CREDENTIAL = 0o037;
const MAX_BYTES = 64 * 1024;

/** A file that holds one secret, outside the data folder. */
export interface SecretFile {
  readonly path: string;
  /** Whether it lies in the folder of credentials that systemd made for this service. */
  readonly isCredential: boolean;
}

/**
 * The text of a file that nobody but this user can read; undefined where there is none. Throws `EnvironmentError` for one
 * that is open to others or cannot be read.
 *
 * @param what begins the sentence that says so, as `The key file`
 */
export function readPrivateFile({ path, isCredential }: SecretFile, what: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { mode, size } = fstatSync(descriptor);
    const open = isCredential ? OPEN_TO_OTHERS_AS_CREDENTIAL : OPEN_TO_OTHERS;
    if (process.platform !== 'win32' && (mode & open) !== 0) {
      throw new EnvironmentError(`${what} ${path} is open to other users: run chmod 600 on it.`);
    }
    if (size > MAX_BYTES) throw new EnvironmentError(`${what} ${path} is too large: check that it is the right file.`);
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new EnvironmentError(`${what} ${path} cannot be read (${code}): make it readable for this user alone.`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The one secret in a file, without the end of its line. Throws `EnvironmentError`, also where it is missing or too short. */
export function readSecretFile(file: SecretFile, what: string, leastCharacters: number): string {
  const secret = readPrivateFile(file, what)?.replace(/\r?\n$/, '');
  if (secret === undefined) throw new EnvironmentError(`${what} ${file.path} is missing: make it, or name another.`);
  if (secret.length >= leastCharacters) return secret;
  throw new EnvironmentError(
    `${what} ${file.path} holds fewer than ${leastCharacters} characters: put a longer one in.`,
  );
}
