// The scanner in pages of others: plain, React, Vue, and one that shows verdicts in its own way. Builds the four as an
// application would and serves them under a strict policy, until Ctrl+C.
//
//   npm run example embed-scanner -- [--service http://localhost:8080] [--port 4173]
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const { values } = parseArgs({
  options: {
    service: { type: 'string', default: 'http://localhost:8080' },
    port: { type: 'string', default: '4173' },
  },
});
const service = new URL(values.service).origin;

const PAGES = ['index', 'react', 'vue', 'faceless'];

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  wasm: 'application/wasm',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  `connect-src 'self' ${service}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const built = await build({
  root: `${import.meta.dirname}/pages`,
  configFile: false,
  logLevel: 'warn',
  // As @vitejs/plugin-vue sets them.
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    write: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: PAGES.map((page) => `${import.meta.dirname}/pages/${page}.html`) },
  },
});
if (!('output' in built)) throw new Error('vite built no pages');
const files = new Map(
  built.output.map((file) => [`/${file.fileName}`, file.type === 'asset' ? file.source : file.code]),
);

const server = createServer(({ url = '/' }, response) => {
  const { pathname } = new URL(url, 'http://localhost');
  const address = pathname === '/' ? '/index.html' : pathname;
  const content = files.get(address);
  if (content === undefined) return response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': MEDIA_TYPES[address.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
  });
  // The address of the service is the only thing that differs from one installation to the next.
  response.end(address.endsWith('.html') ? String(content).replaceAll('http://service.invalid', service) : content);
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  console.log(`lists of ${service}`);
  for (const page of PAGES) console.log(`${page.padEnd(8)} ${origin}/${page === 'index' ? '' : `${page}.html`}`);
});
