import type { ReaderAddresses } from './reader-addresses.ts';

/** The files of the reader lie beside the library; bundlers that know this form bring them along. */
const BESIDE = {
  worker: () => new URL('./worker.js', import.meta.url),
  wasm: () => new URL('./zxing_reader.wasm', import.meta.url),
  plainReader: () => new URL('./plain-reader.js', import.meta.url),
};

/**
 * Starts the worker that reads pictures.
 *
 * @param folder where the three files lie, with a slash at the end; beside the library unless given
 */
export function startReaderWorker(folder: string | undefined): Worker {
  const locate = (name: keyof typeof BESIDE, file: string) =>
    folder === undefined ? BESIDE[name]() : new URL(file, new URL(folder, document.baseURI));
  const worker = new Worker(locate('worker', 'worker.js'), { type: 'module', name: 'engine' });
  const addresses: ReaderAddresses = {
    wasmUrl: locate('wasm', 'zxing_reader.wasm').href,
    plainReaderUrl: locate('plainReader', 'plain-reader.js').href,
  };
  worker.postMessage(addresses);
  return worker;
}
