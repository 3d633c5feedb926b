import { equalBytes } from '../bytes/equal.ts';
import { encodeHex } from '../bytes/hex.ts';
import { sha256 } from '../bytes/sha256.ts';
import type { CborMap, CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asArray, asBytes, asMap, asText, asUnsigned, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { CredentialError } from '../errors.ts';
import { decodeCoseKey, decodeUsableKey, type PublicKey } from '../keys/cose-key.ts';
import type { SignatureAlgorithm } from '../keys/signature.ts';
import { LIST_LIMITS } from '../limits.ts';
import { isPrintable } from '../printable.ts';
import { malformed, Refusal, requireReadable } from '../result.ts';

/**
 * Most keys of one issuer, and most roots. Whom a kid means is known only after the second coordinate of each key was found, a
 * square root a key; what signs at one time is a handful.
 */
const MAX_KEYS = 16;

/** The media type in a trust list's `typ` header. */
export const TRUST_LIST_TYPE = 'application/zhengma-trust-list+cwt';

/** One key of an issuer, and when credentials that it signed are accepted, by their issue time. */
export interface TrustedKey {
  /** Of an algorithm that nothing here can check, what it signs is `unsupported_algorithm`. */
  readonly publicKey: PublicKey;
  /** What was issued before then is `key_not_valid`. */
  readonly notBefore?: Date;
  /** What was issued after then is `key_not_valid`. */
  readonly notAfter?: Date;
  /** Credentials issued at or after this instant are refused. */
  readonly compromisedSince?: Date;
}

/** An issuer, and what it may sign. */
export interface TrustedIssuer {
  /** The `iss` of its credentials. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** All of them sign; several while one replaces another, 16 at most. */
  readonly keys: readonly TrustedKey[];
  /** Names of credential types. */
  readonly types: readonly string[];
  /** Beginnings of the region codes it may sign for: `37` is a province, `3702` a city. */
  readonly regions: readonly string[];
  /** List number `n` is published at this URI, a slash and `n`. */
  readonly statusBaseUri: string;
}

/** A trust list whose signature by a pinned root was checked. Made by `verifyTrustList` only. */
export class TrustList {
  /** Greater in each list that is published; a lower one is `rollback`. */
  readonly sequence: number;
  /** `iss`: who signs the list, for people. */
  readonly publisher: string;
  /** Whole seconds. A clock that is before this is wrong: `clock_behind`. */
  readonly issuedAt: Date;
  /** Whole seconds. From then on a good answer is `trust_list_stale`. */
  readonly expiresAt: Date;
  /** Who may sign credentials, and within which limits. */
  readonly issuers: readonly TrustedIssuer[];
  /** The root keys, as COSE_Keys, one of which signs the next list; 16 at most where the list names them. */
  readonly roots: readonly Uint8Array[];
  /** The roots that this list was verified with: keep them beside its bytes, to load it again. */
  readonly verifiedBy: readonly Uint8Array[];
  /** Algorithms besides the built-in ones that keys of this list, and of devices, are checked with. */
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly #digest: Uint8Array;
  readonly #byId: ReadonlyMap<string, TrustedIssuer>;

  /** @param payload the verified payload; Refusal `malformed` where it does not have the form of docs/format.md */
  constructor(payload: Uint8Array, pins: readonly Uint8Array[] = [], algorithms: readonly SignatureAlgorithm[] = []) {
    const claims = decodeCborMap(payload, LIST_LIMITS);
    allowKeys(claims, TOP_LEVEL, 'trust list');
    const list = asMap(claims.get(CLAIM.trustList), 'trust list: the list is missing');
    allowKeys(list, LIST_KEYS, 'trust list');
    this.algorithms = Object.freeze([...algorithms]);
    this.publisher = printable(claims.get(CLAIM.iss));
    this.issuedAt = decodeNumericDate(claims.get(CLAIM.iat), 'trust list: iat');
    this.expiresAt = decodeNumericDate(claims.get(CLAIM.exp), 'trust list: exp');
    this.sequence = asUnsigned(list.get(LIST.sequence), 'trust list: the sequence is no number');
    this.issuers = Object.freeze(
      asArray(list.get(LIST.issuers), 'trust list: the issuers are no array').map((issuer) =>
        decodeIssuer(issuer, algorithms),
      ),
    );
    const roots = list.get(LIST.roots);
    this.verifiedBy = Object.freeze(pins);
    this.roots = Object.freeze(roots === undefined ? pins : decodeRoots(roots));
    this.#byId = new Map(this.issuers.map((issuer) => [issuer.id, issuer]));
    if (this.#byId.size !== this.issuers.length) throw malformed('trust list: an issuer stands twice');
    if (this.expiresAt <= this.issuedAt) throw malformed('trust list: exp is not after iat');
    this.#digest = sha256(payload);
    Object.freeze(this);
  }

  /** The issuer with this `iss`. */
  findIssuer(id: string): TrustedIssuer | undefined {
    return this.#byId.get(id);
  }

  /** Whether this is the list of that payload. */
  isMadeOf(payload: Uint8Array): boolean {
    return equalBytes(this.#digest, sha256(payload));
  }

  /**
   * Refuses a list that would take back what an earlier, different one said.
   *
   * @throws Refusal `rollback` when the sequence is not greater
   */
  checkSuccessorOf(previous: TrustList): void {
    if (this.sequence <= previous.sequence) {
      throw new Refusal('rollback', 'the trust list is older than the one already held');
    }
  }
}

/** Where list `list` of this issuer is published. */
export function expandStatusUri(issuer: TrustedIssuer, list: number): string {
  return `${issuer.statusBaseUri}/${list}`;
}

/** Whether this issuer may publish a list there: its own base and a list number, in the one way to write it. */
export function isStatusUriOf(issuer: TrustedIssuer, uri: string): boolean {
  return hasListNumber(uri) && uri.slice(0, uri.lastIndexOf('/')) === issuer.statusBaseUri;
}

/** Whether it ends with a slash and a list number. */
export function hasListNumber(uri: string): boolean {
  return /\/(?:0|[1-9]\d{0,9})$/.test(uri);
}

/** What `issueTrustList` signs. */
export interface TrustListContent {
  /** Greater than that of every list published before. */
  readonly sequence: number;
  /** For people: 1 to 64 printable characters. */
  readonly publisher: string;
  /** From then on a good answer is `trust_list_stale`. */
  readonly expiresAt: Date;
  /** For a change of roots: public keys as COSE_Keys, one of which signs the next list. This list is signed by a former one. */
  readonly roots?: readonly Uint8Array[];
  /** Each `id`, and each key of an issuer, once. */
  readonly issuers: readonly (Omit<TrustedIssuer, 'keys'> & {
    /** Public keys as COSE_Keys, as `exportPublicKey` gives them. */
    readonly keys: readonly (Omit<TrustedKey, 'publicKey'> & { readonly publicKey: Uint8Array })[];
  })[];
}

const LIST = { sequence: 0, issuers: 1, roots: 2 } as const;
const ISSUER = { id: 0, name: 1, keys: 2, types: 3, regions: 4, statusBaseUri: 5 } as const;
const KEY = { publicKey: 0, notBefore: 1, notAfter: 2, compromisedSince: 3 } as const;
const TOP_LEVEL = new Set<number>([CLAIM.iss, CLAIM.exp, CLAIM.iat, CLAIM.trustList]);
const LIST_KEYS = new Set<number>(Object.values(LIST));
const ISSUER_KEYS = new Set<number>(Object.values(ISSUER));
const KEY_KEYS = new Set<number>(Object.values(KEY));

/** @throws TypeError; CredentialError `ERR_INVALID_CONTENT` when a verifier would refuse the result */
export function encodeTrustList(content: TrustListContent, issuedAt: Date): Uint8Array {
  requireLists(content);
  const issuers = content.issuers.map(
    (issuer) =>
      new Map<number, CborValue>([
        [ISSUER.id, issuer.id],
        [ISSUER.name, issuer.name],
        [ISSUER.keys, issuer.keys.map(encodeKey)],
        [ISSUER.types, issuer.types],
        [ISSUER.regions, issuer.regions],
        [ISSUER.statusBaseUri, issuer.statusBaseUri],
      ]),
  );
  const payload = encodeCbor(
    new Map<number, CborValue>([
      [CLAIM.iss, content.publisher],
      [CLAIM.exp, encodeNumericDate(content.expiresAt, 'expiresAt')],
      [CLAIM.iat, encodeNumericDate(issuedAt, 'currentDate')],
      [
        CLAIM.trustList,
        new Map<number, CborValue>([
          [LIST.sequence, content.sequence],
          [LIST.issuers, issuers],
          ...(content.roots ? [[LIST.roots, content.roots] as const] : []),
        ]),
      ],
    ]),
  );
  requireReadable(() => {
    new TrustList(payload);
    for (const root of content.roots ?? []) decodeUsableKey(root);
    for (const { keys } of content.issuers) for (const { publicKey } of keys) decodeUsableKey(publicKey);
  });
  return payload;
}

function requireLists({ issuers, roots }: TrustListContent): void {
  if (!Array.isArray(issuers)) throw new TypeError('issuers must be an array');
  if (roots !== undefined && !Array.isArray(roots)) throw new TypeError('roots must be an array');
  for (const issuer of issuers) {
    if (typeof issuer !== 'object' || issuer === null) throw new TypeError('an issuer must be an object');
    if (!Array.isArray(issuer.keys)) throw new TypeError("an issuer's keys must be an array");
  }
}

function encodeKey(key: TrustListContent['issuers'][number]['keys'][number]): Map<number, CborValue> {
  if (key.notBefore && key.notAfter && key.notBefore > key.notAfter) {
    throw new CredentialError('ERR_INVALID_CONTENT', "a key's notBefore must not be after its notAfter");
  }
  const map = new Map<number, CborValue>([[KEY.publicKey, key.publicKey]]);
  if (key.notBefore !== undefined) map.set(KEY.notBefore, encodeNumericDate(key.notBefore, 'notBefore'));
  if (key.notAfter !== undefined) map.set(KEY.notAfter, encodeNumericDate(key.notAfter, 'notAfter'));
  if (key.compromisedSince !== undefined)
    map.set(KEY.compromisedSince, encodeNumericDate(key.compromisedSince, 'compromisedSince'));
  return map;
}

function decodeRoots(value: CborValue): readonly Uint8Array[] {
  const roots = asKeys(value, 'trust list: the roots are no array').map(
    (root) => decodeCoseKey(asBytes(root, 'trust list: a root is no COSE_Key')).coseKey,
  );
  if (roots.length === 0) throw malformed('trust list: nobody could sign the next one');
  return roots;
}

function decodeIssuer(value: CborValue, algorithms: readonly SignatureAlgorithm[]): TrustedIssuer {
  const map = asMap(value, 'trust list: an issuer is no map');
  allowKeys(map, ISSUER_KEYS, 'trust list: issuer');
  const statusBaseUri = asText(map.get(ISSUER.statusBaseUri), 'trust list: the status URI is no text');
  if (!/^https?:\/\/[^\s?#]+[^\s?#/]$/.test(statusBaseUri))
    throw malformed('trust list: the status URI has a wrong form');
  const regions = texts(map.get(ISSUER.regions));
  if (!regions.every((region) => /^[1-9]\d{1,5}$/.test(region))) {
    throw malformed('trust list: a region is no beginning of a region code');
  }
  const keys = asKeys(map.get(ISSUER.keys), 'trust list: the keys are no array').map((key) =>
    decodeKey(key, algorithms),
  );
  // A key that stands twice would be judged by whichever entry comes first.
  if (new Set(keys.map(({ publicKey }) => encodeHex(publicKey.bytes))).size !== keys.length) {
    throw malformed('trust list: a key stands twice');
  }
  // Frozen, like all below and above it: an application that holds the list does not widen what an issuer may sign by a slip.
  return Object.freeze({
    id: printable(map.get(ISSUER.id)),
    name: printable(map.get(ISSUER.name)),
    keys: Object.freeze(keys),
    types: texts(map.get(ISSUER.types)),
    regions,
    statusBaseUri,
  });
}

function asKeys(value: CborValue | undefined, detail: string): readonly CborValue[] {
  const keys = asArray(value, detail);
  if (keys.length > MAX_KEYS) throw malformed('trust list: more than 16 keys');
  return keys;
}

function decodeKey(value: CborValue, algorithms: readonly SignatureAlgorithm[]): TrustedKey {
  const map = asMap(value, 'trust list: a key is no map');
  allowKeys(map, KEY_KEYS, 'trust list: key');
  return Object.freeze({
    publicKey: decodeCoseKey(asBytes(map.get(KEY.publicKey), 'trust list: a key without COSE_Key'), algorithms),
    ...optionalInstant(map, KEY.notBefore, 'notBefore'),
    ...optionalInstant(map, KEY.notAfter, 'notAfter'),
    ...optionalInstant(map, KEY.compromisedSince, 'compromisedSince'),
  });
}

function optionalInstant<N extends string>(map: CborMap, key: number, name: N): { readonly [K in N]?: Date } {
  const value = map.get(key);
  return (value === undefined ? {} : { [name]: decodeNumericDate(value, `trust list: ${name}`) }) as {
    [K in N]?: Date;
  };
}

/** Shown to people, or compared with what is. */
function printable(value: CborValue | undefined): string {
  const text = asText(value, 'trust list: a publisher or an issuer without id or name');
  if (!isPrintable(text, 64)) throw malformed('trust list: an id or name that is not 1 to 64 printable characters');
  return text;
}

function texts(value: CborValue | undefined): readonly string[] {
  return Object.freeze(
    asArray(value, 'trust list: not an array').map((item) => asText(item, 'trust list: not a text')),
  );
}
