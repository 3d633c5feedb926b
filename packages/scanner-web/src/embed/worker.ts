import { serveReader } from '../engine/worker/serve-reader.ts';
import type { ReaderAddresses } from './reader-addresses.ts';

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener(
  'message',
  ({ data: { wasmUrl, plainReaderUrl } }: MessageEvent<ReaderAddresses>) =>
    serveReader({ wasmUrl, loadPlainReader: () => import(plainReaderUrl) }),
  { once: true },
);
