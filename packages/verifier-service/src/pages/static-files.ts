import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

/** A file of the pages as it is sent: its bytes, and the name of these very bytes (RFC 9110 §8.8.3). */
export interface SentForm {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** A file of the pages, ready to be sent. */
export interface StaticFile extends SentForm {
  readonly mediaType: string;
  readonly cacheControl: string;
  /** Compressed with gzip when it is first asked for, and kept; undefined for what a tenth would not be saved of. */
  gzipped(): Promise<SentForm | undefined>;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const HASHED_NAME = /^\/assets\/.*-[\w-]{8}\.[a-z0-9]+$/;
const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Every file under `folder`, by its address: read once, at start. A request is looked up here and never joined to a
 * folder, so there is no path to climb out of. Hidden files and symbolic links are left out. Empty when there is no
 * such folder.
 */
export async function loadStaticFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  await loadFolder(folder, '/', files);
  return files;
}

async function loadFolder(folder: string, address: string, files: Map<string, StaticFile>): Promise<void> {
  for (const entry of await listFolder(folder)) {
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await loadFolder(file, `${address}${entry.name}/`, files);
    if (entry.isFile()) addFile(`${address}${entry.name}`, await readFile(file), files);
  }
}

async function listFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function compress(bytes: Buffer, etag: string): Promise<SentForm | undefined> {
  const shorter = await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
  return shorter.length < 0.9 * bytes.length ? { bytes: shorter, etag } : undefined;
}

function addFile(address: string, bytes: Buffer, files: Map<string, StaticFile>): void {
  const name = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  let compressed: Promise<SentForm | undefined> | undefined;
  const file: StaticFile = {
    bytes,
    mediaType: MEDIA_TYPES[path.posix.extname(address)] ?? 'application/octet-stream',
    etag: `"${name}"`,
    gzipped() {
      compressed ??= compress(bytes, `"${name}-gzip"`);
      return compressed;
    },
    cacheControl: HASHED_NAME.test(address) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
  };
  files.set(address, file);
  // The landing page is the service's own.
  if (address.endsWith('/index.html') && address !== '/index.html')
    files.set(address.slice(0, -'index.html'.length), file);
}
