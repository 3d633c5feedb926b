import { timingSafeEqual } from 'node:crypto';

const TOKEN = /^(\d{6})ec([A-Za-z0-9_-]{32})$/;
const ID_BYTES = 8;
const EXPIRY_BYTES = 4;
const MAC_BYTES = 12;

/** HMAC-SHA-256 by a secret of the service. */
export type Authenticate = (bytes: Uint8Array) => Promise<Uint8Array>;

/** What a token says, once it is known as one of ours. */
export interface EcToken {
  /** The cti, 16 hex digits. */
  readonly credential: string;
  readonly expiresAt: Date;
}

/**
 * An ecToken of 40 characters: the region, `ec`, and in base64url cti (8 bytes), seconds since 1970 at which it ends (4) and
 * the start of an HMAC (12) over region, cti, end and organisation. Nothing is kept: every node with the secret knows it.
 */
export async function createEcToken(
  { credential, expiresAt }: EcToken,
  { region, organisation }: { region: string; organisation: string },
  authenticate: Authenticate,
): Promise<string> {
  const start = Buffer.alloc(ID_BYTES + EXPIRY_BYTES);
  start.write(credential, 'hex');
  start.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000), ID_BYTES);
  const mac = await computeMac(region, start, organisation, authenticate);
  return `${region}ec${Buffer.concat([start, mac]).toString('base64url')}`;
}

/** Undefined for a token that was not given to this organisation, and for anything else. Its end is the caller's to look at. */
export async function readEcToken(
  token: string,
  organisation: string,
  authenticate: Authenticate,
): Promise<EcToken | undefined> {
  const [, region, encoded] = TOKEN.exec(token) ?? [];
  if (region === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64url');
  const start = bytes.subarray(0, ID_BYTES + EXPIRY_BYTES);
  const mac = await computeMac(region, start, organisation, authenticate);
  if (!timingSafeEqual(bytes.subarray(start.length), mac)) return undefined;
  return {
    credential: start.toString('hex', 0, ID_BYTES),
    expiresAt: new Date(start.readUInt32BE(ID_BYTES) * 1000),
  };
}

async function computeMac(
  region: string,
  start: Uint8Array,
  organisation: string,
  authenticate: Authenticate,
): Promise<Uint8Array> {
  return (await authenticate(Buffer.concat([Buffer.from(region), start, Buffer.from(organisation)]))).subarray(
    0,
    MAC_BYTES,
  );
}
