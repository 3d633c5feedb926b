import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../errors.ts';
import type { ActionDeps } from './deps.ts';

/** Long enough for a slow hand, and nothing that could be collected. */
const LIFE_SECONDS = 300;
/** As far as clocks of nodes may differ. */
const SKEW_SECONDS = 60;

const RANDOM_BYTES = 12;
const EXPIRY_BYTES = 4;
const MAC_BYTES = 16;

type ChallengeDeps = Pick<ActionDeps, 'keys' | 'currentDate'>;

export interface Challenge {
  /** 32 bytes: random, seconds since 1970 at which it expires, and the start of an HMAC over both and the organisation. */
  readonly challenge: Uint8Array;
  readonly expiresAt: Date;
}

/** A challenge for the codes shown at `organisation`. Nothing is kept: every node with the folder's secret knows it again. */
export async function createChallenge(organisation: string, { keys, currentDate }: ChallengeDeps): Promise<Challenge> {
  const expirySeconds = Math.floor(currentDate().getTime() / 1000) + LIFE_SECONDS;
  const start = Buffer.alloc(RANDOM_BYTES + EXPIRY_BYTES);
  randomBytes(RANDOM_BYTES).copy(start);
  start.writeUInt32BE(expirySeconds, RANDOM_BYTES);
  const mac = await computeMac(start, organisation, { keys });
  return { challenge: new Uint8Array(Buffer.concat([start, mac])), expiresAt: new Date(expirySeconds * 1000) };
}

/**
 * Holds a challenge to what this service gave to `organisation`. Throws `ServiceError`: `challenge_not_ours` for any other,
 * which says nothing about when it was made, so that an answer to it could have been collected; `challenge_expired`, also
 * for one that was made by a clock which has been set back since.
 */
export async function checkChallenge(
  challenge: Uint8Array,
  organisation: string,
  { keys, currentDate }: ChallengeDeps,
): Promise<void> {
  const start = Buffer.from(challenge.subarray(0, RANDOM_BYTES + EXPIRY_BYTES));
  const mac = challenge.subarray(start.length);
  if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, await computeMac(start, organisation, { keys }))) {
    throw new ServiceError(
      'challenge_not_ours',
      'The challenge must be one that POST /v1/challenges gave to the same organisation.',
    );
  }
  const leftSeconds = start.readUInt32BE(RANDOM_BYTES) - currentDate().getTime() / 1000;
  if (leftSeconds <= 0 || leftSeconds > LIFE_SECONDS + SKEW_SECONDS) {
    throw new ServiceError('challenge_expired', `A challenge is good for ${LIFE_SECONDS} seconds: ask for a new one.`);
  }
}

async function computeMac(
  start: Uint8Array,
  organisation: string,
  { keys }: Pick<ActionDeps, 'keys'>,
): Promise<Uint8Array> {
  return (await keys.authenticate(Buffer.concat([start, Buffer.from(organisation)]))).subarray(0, MAC_BYTES);
}
