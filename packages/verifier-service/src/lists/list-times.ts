/** How long lists are fresh and good, in seconds. */
export interface ListTimes {
  /** How long a reader may keep a status list before it asks again, and the age at which the list is signed anew. */
  readonly statusTtlSeconds: number;
  /** How long after its signing a status list expires. */
  readonly statusLifeSeconds: number;
  /** How long after its signing a trust list expires: without a network for longer, a scanner knows nobody whom to trust. */
  readonly trustLifeSeconds: number;
}

export const DEFAULT_LIST_TIMES: ListTimes = {
  statusTtlSeconds: 300,
  statusLifeSeconds: 24 * 3600,
  trustLifeSeconds: 30 * 24 * 3600,
};
