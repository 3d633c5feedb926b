import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { EnvironmentError } from '../errors.ts';

/** Files in PEM: a certificate with those it is signed by, and its private key. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What a TLS server is set up with. */
export interface TlsCredentials {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/** Any access by everybody; a group may read, as Debian's `ssl-cert` does. */
const TOO_OPEN = 0o027;

/** Reads both files anew. Throws `EnvironmentError` when they cannot be used together, or others can read the key. */
export function readTlsFiles(files: TlsFiles): TlsCredentials {
  const credentials = { cert: read(files.certificate), key: readPrivate(files.key), minVersion: 'TLSv1.2' } as const;
  try {
    createSecureContext(credentials);
    return credentials;
  } catch (error) {
    throw new EnvironmentError(
      `${files.certificate} and ${files.key} are not a certificate and its private key in PEM (${(error as NodeJS.ErrnoException).code}): check --tls-cert and --tls-key.`,
    );
  }
}

function readPrivate(file: string): Buffer {
  const bytes = read(file);
  if (process.platform !== 'win32' && (statSync(file).mode & TOO_OPEN) !== 0) {
    throw new EnvironmentError(`The private key ${file} is open to other users: run chmod 640 or 600 on it.`);
  }
  return bytes;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new EnvironmentError(
      `The file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}): check --tls-cert and --tls-key.`,
    );
  }
}
