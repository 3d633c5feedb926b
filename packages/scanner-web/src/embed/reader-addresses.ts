/** The first message to the worker: a bundler moves its files apart, so that it cannot look for them beside itself. */
export interface ReaderAddresses {
  readonly wasmUrl: string;
  readonly plainReaderUrl: string;
}
