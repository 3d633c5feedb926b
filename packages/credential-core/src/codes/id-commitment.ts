import { encodeHex } from '../bytes/hex.ts';
import { scryptAsync } from '../bytes/scrypt.ts';

/** RFC 7914 §2: 32 MiB and some tenths of a second for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1, dkLen: 16 };

/** What is committed to, whatever way it was typed. */
function normalise(idNumber: string): string {
  if (typeof idNumber !== 'string') throw new TypeError('idNumber must be a string');
  return idNumber.trim().toUpperCase();
}

/**
 * A commitment to a full ID number, by which a counter can check a number that somebody types, offline. It is slow on purpose
 * and gives the number away to whoever takes the time all the same: an ID number has little entropy. With the last four shown and
 * nothing else known some ten million numbers remain, a few weeks for one processor; with county and year of birth known some
 * dozens, a few seconds. So no credential carries one unless its issuer asks for it.
 *
 * @param credentialId 16 hexadecimal digits: the credential's random id is the salt
 * @returns 32 hexadecimal digits: scrypt (RFC 7914) with N = 2^15, r = 8, p = 1, in UTF-8 with letters in uppercase
 * @throws TypeError for a number that is no string, or another id
 */
export async function commitIdNumber(idNumber: string, credentialId: string): Promise<string> {
  if (!/^[\da-f]{16}$/.test(credentialId)) throw new TypeError('credentialId must be 16 hexadecimal digits');
  return encodeHex(await scryptAsync(normalise(idNumber), `zhengma:${credentialId}`, COST));
}

/**
 * Whether a typed number is the one that a verified credential commits to.
 *
 * @param credential as `verifyCredential` gave it
 * @param typed letters in any case, spaces around it do not count
 * @returns `undefined` when the credential commits to none
 * @throws TypeError for a number that is no string
 */
export async function matchesIdNumber(
  credential: { readonly id: string; readonly claims: { readonly idCommitment?: string } },
  typed: string,
): Promise<boolean | undefined> {
  const { idCommitment } = credential.claims;
  if (idCommitment === undefined) return undefined;
  return (await commitIdNumber(typed, credential.id)) === idCommitment;
}
