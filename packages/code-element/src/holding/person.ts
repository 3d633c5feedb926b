import type { Signer } from '@zhengma/credential-core/present';

/** Somebody whose code the element can show. */
export interface Person {
  /**
   * The QR text or the bytes of a credential or of a delegation; or a strip: the texts of bearer codes that are valid one
   * after the other, in any order.
   */
  readonly credential: string | Uint8Array | readonly string[];
  /** The device key that the credential is bound to. Bearer codes and strips need none. */
  readonly key?: Signer;
  /** What this phone calls the person. Default: the masked name in the code. */
  readonly label?: string;
  /**
   * Which of the claims that the issuer redacted the counter gets. Default: all of them. A delegation discloses what its
   * holder chose.
   */
  readonly disclose?: readonly string[];
}

/**
 * Copies what a caller gives, so that a later change of theirs goes unnoticed nowhere.
 *
 * @throws TypeError for what is no list of people
 */
export function copyPeople(people: readonly Person[]): readonly Person[] {
  if (!Array.isArray(people)) throw new TypeError('people must be an array');
  return people.map((person: Person) => {
    const { credential, key, label, disclose } = person ?? {};
    if (!isCredential(credential)) {
      throw new TypeError('credential must be the text or the bytes of one, or an array of texts');
    }
    if (key !== undefined && typeof key?.sign !== 'function') throw new TypeError('key must have a sign function');
    if (label !== undefined && typeof label !== 'string') throw new TypeError('label must be a string');
    if (disclose !== undefined && !isTexts(disclose))
      throw new TypeError('disclose must be an array of names of claims');
    return {
      credential: typeof credential === 'string' ? credential : credential.slice(),
      ...(key && { key }),
      ...(label && { label }),
      ...(disclose && { disclose: disclose.slice() }),
    };
  });
}

function isCredential(value: unknown): value is Person['credential'] {
  if (typeof value === 'string' || value instanceof Uint8Array) return true;
  return isTexts(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
