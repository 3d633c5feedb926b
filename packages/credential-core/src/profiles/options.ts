import { readDate, readSkew } from '../verification/arguments.ts';
import { type KeySet, requireKeySet } from './key-set.ts';

/** What every reader of another format needs. */
export interface ProfileOptions {
  /** The verifier's clock. */
  readonly currentDate: Date;
  /** How far the clocks of issuer and verifier may differ. Default: 60; at most 600. */
  readonly clockSkewSeconds?: number;
}

/** @throws TypeError for what has a wrong type, so that a slip never turns a check off */
export function readProfileArguments(
  keys: KeySet,
  options: ProfileOptions,
): { readonly currentDate: Date; readonly skewSeconds: number } {
  requireKeySet(keys);
  return { currentDate: readDate(options?.currentDate), skewSeconds: readSkew(options.clockSkewSeconds) };
}
