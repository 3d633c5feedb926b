declare const self: ServiceWorkerGlobalScope;

/** Written in by the build: the prefix of this page's caches, the paths of its shell, and a digest over their contents. */
declare const SHELL_PREFIX: string;
declare const SHELL_PATHS: readonly string[];
declare const SHELL_VERSION: string;

const CACHE = SHELL_PREFIX + SHELL_VERSION;
const PATHS = new Set(SHELL_PATHS);

self.addEventListener('install', (event) => {
  event.waitUntil(storeShell());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells());
});

self.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const { origin, pathname: asked } = new URL(url);
  const pathname = asked.replace(/\/index\.html$/, '/');
  // The API is never answered from here: a list that looks fresh and is not would turn amber into green.
  if (method !== 'GET' || origin !== self.location.origin || !PATHS.has(pathname)) return;
  event.respondWith(answerFromShell(event.request, pathname));
});

/** All of it or nothing: a half-stored shell must not become active. */
async function storeShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL_PATHS.map((path) => new Request(path, { cache: 'reload' })));
  // Pages hold everything they need from their start, so a new version may take over at once; a counter's page
  // that is never closed would otherwise never be updated.
  await self.skipWaiting();
}

async function dropOldShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(SHELL_PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answerFromShell(request: Request, pathname: string): Promise<Response> {
  const stored = await (await caches.open(CACHE)).match(pathname);
  return stored ?? fetch(request);
}
