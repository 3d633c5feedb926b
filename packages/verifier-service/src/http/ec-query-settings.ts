/** What deployments differ in. */
export interface EcQuerySettings {
  /** How the answer has its `data`. */
  readonly dataAs: 'object' | 'string';
  /** How long an ecToken is good. */
  readonly tokenSeconds: number;
}

export const DEFAULT_EC_QUERY: EcQuerySettings = { dataAs: 'object', tokenSeconds: 7200 };
