import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file of the pages, ready to be sent. */
export interface StaticFile {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly etag: string;
  readonly cacheControl: string;
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

function addFile(address: string, bytes: Buffer, files: Map<string, StaticFile>): void {
  const file: StaticFile = {
    bytes,
    mediaType: MEDIA_TYPES[path.posix.extname(address)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    cacheControl: HASHED_NAME.test(address) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
  };
  files.set(address, file);
  // The landing page is the service's own.
  if (address.endsWith('/index.html') && address !== '/index.html')
    files.set(address.slice(0, -'index.html'.length), file);
}
