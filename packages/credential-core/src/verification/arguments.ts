import { isChallenge } from '../credential/presentation.ts';
import { MAX_CLOCK_SKEW_SECONDS } from '../limits.ts';
import type { StatusEvidence } from '../status/evidence.ts';
import { TrustList } from '../trust/trust-list.ts';
import type { ExpectedPresentation } from './check-binding.ts';
import type { VerifyOptions } from './verdict.ts';

const DEFAULT_CLOCK_SKEW_SECONDS = 60;
const DEFAULT_MAX_STALE_SECONDS = 7 * 86_400;

/** The options of `verifyCredential`, each with its default. */
export interface ReadVerifyOptions extends Pick<VerifyOptions, 'currentDate' | 'status' | 'businessType'> {
  readonly expected: ExpectedPresentation;
  readonly maxStaleSeconds: number;
  readonly skewSeconds: number;
}

/** @throws TypeError for what has a wrong type, so that a slip never turns a check off */
export function readVerifyOptions(what: unknown, trust: TrustList, options: VerifyOptions): ReadVerifyOptions {
  requireWhat(what);
  requireTrust(trust);
  const currentDate = readDate(options?.currentDate);
  const { status, businessType, audience = [], challenge } = options;
  if (status !== 'not_checked' && typeof status?.get !== 'function') {
    throw new TypeError("options.status must be a Map of lists that verifyStatusList gave, or 'not_checked'");
  }
  if (businessType !== undefined && !(typeof businessType === 'string' && /^\d{5}$/.test(businessType))) {
    throw new TypeError('options.businessType must be five digits');
  }
  if (challenge !== undefined && !isChallenge(challenge)) {
    throw new TypeError('options.challenge must be a Uint8Array of 8 to 64 bytes');
  }
  const names = typeof audience === 'string' ? [audience] : audience;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    throw new TypeError('options.audience must be a string or an array of strings');
  }
  // Copies: these too may be changed while the answer is awaited.
  return {
    currentDate,
    status,
    ...(businessType !== undefined && { businessType }),
    expected: {
      audience: names.map((name) => name.normalize('NFC')),
      challenge: challenge && Uint8Array.from(challenge),
    },
    maxStaleSeconds: readSeconds(options.maxStaleSeconds, DEFAULT_MAX_STALE_SECONDS, Number.MAX_SAFE_INTEGER),
    skewSeconds: readSkew(options.clockSkewSeconds),
  };
}

export function requireWhat(what: unknown): void {
  if (typeof what !== 'string' && !(what instanceof Uint8Array)) {
    throw new TypeError('the first argument must be the text of a code or a Uint8Array');
  }
}

export function requireTrust(trust: TrustList): void {
  if (!(trust instanceof TrustList)) throw new TypeError('trust must be a list that verifyTrustList gave');
}

/** Of another shape it would tell nothing, or of another credential, or never be stale, without anybody hearing of the slip. */
export function requireEvidence(list: StatusEvidence): void {
  if (
    typeof list.get !== 'function' ||
    typeof list.isSignedBy !== 'function' ||
    !isDate(list.issuedAt) ||
    !isDate(list.expiresAt)
  ) {
    throw new TypeError("options.status must be a Map of lists that verifyStatusList gave, or 'not_checked'");
  }
}

/** Of another shape, `previous` would compare with nothing, and every older list would pass. */
export function requireHeld(previous: unknown, kind: abstract new (...args: never) => unknown): void {
  if (previous !== undefined && !(previous instanceof kind)) {
    throw new TypeError('options.previous must be the list of a former result');
  }
}

/** @throws TypeError */
export function requireAlgorithms(algorithms: unknown): void {
  if (algorithms === undefined) return;
  if (!Array.isArray(algorithms) || algorithms.some((one) => typeof one?.createVerifier !== 'function')) {
    throw new TypeError('options.algorithms must be an array of algorithms');
  }
}

/** A copy, because a Date may be changed while the answer is awaited; the copy is what is checked. */
export function readDate(date: unknown): Date {
  if (isDate(date)) return new Date(date);
  throw new TypeError('options.currentDate must be a valid Date');
}

function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** Bounded: a tolerance without end would be an option that turns the validity check off. */
export function readSkew(value: number | undefined): number {
  return readSeconds(value, DEFAULT_CLOCK_SKEW_SECONDS, MAX_CLOCK_SKEW_SECONDS);
}

function readSeconds(value: number | undefined, fallback: number, most: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value >= 0 && value <= most) return value;
  throw new TypeError(`a tolerance must be a number of seconds from 0 to ${most}`);
}
