import { createPublicKey, verify } from 'node:crypto';
import { createIssuerKey, type IssuerKey } from '@zhengma/credential-core/issue';
import { EnvironmentError, ServiceError } from '../errors.ts';
import type { KeyStore } from './key-store.ts';
import { NotThere, type SignerClient, type SignerKey } from './signer-client.ts';

/** SubjectPublicKeyInfo up to the key: RFC 8410 §4; RFC 5480 §2 for a P-256 point, compressed or not. */
const SPKI_START = {
  Ed25519: { 32: '302a300506032b6570032100' },
  ES256: {
    33: '3039301306072a8648ce3d020106082a8648ce3d030107032200',
    65: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  },
} as const;

type Use = SignerKey['use'];
/** What is done with the secrets of the folder. */
type Secrets = Pick<KeyStore, 'hashSubject' | 'authenticate' | 'authenticateToken' | 'apiKeyHasher' | 'seal' | 'open'>;
type Check = (message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Keys that a signer outside has: the root, the issuer's, the receipt key. What it gives back is verified before it is used,
 * so neither a wrong key nor a fault in the signer gets into what is published. Secrets of HMAC and of sealing stay files of the folder.
 */
export class ExternalKeyStore implements KeyStore {
  readonly #signer: SignerClient;
  readonly #secrets: Secrets;
  #keys: Promise<ReadonlyMap<Use, readonly IssuerKey[]>> | undefined;

  constructor(signer: SignerClient, secrets: Secrets) {
    this.#signer = signer;
    this.#secrets = secrets;
  }

  async findRootKey(): Promise<IssuerKey | undefined> {
    return takeOnly('root', await this.#list('root'));
  }

  async createRootKey(): Promise<IssuerKey> {
    throw new EnvironmentError('The signer has no root key: make one there, then run this again.');
  }

  async issuerKey(kid: string): Promise<IssuerKey> {
    const find = async () => (await this.#list('issuer')).find((key) => encodeKid(key) === kid);
    const known = await find();
    if (known) return known;
    // It may have been made since.
    this.#keys = undefined;
    const key = await find();
    if (key) return key;
    throw new ServiceError(
      'signer_unavailable',
      `The signer has no issuer key of kid ${kid}: name the signer that has it with --signer.`,
    );
  }

  async createIssuerKey(inUse: readonly string[]): Promise<IssuerKey> {
    this.#keys = undefined;
    const ready = (await this.#list('issuer')).find((key) => !inUse.includes(encodeKid(key)));
    if (ready) return ready;
    throw new EnvironmentError('The signer has no issuer key that is not in use: make one there, then run this again.');
  }

  async receiptKey(): Promise<IssuerKey> {
    const key = takeOnly('receipt', await this.#list('receipt'));
    if (key) return key;
    throw new ServiceError('signer_unavailable', 'The signer has no receipt key: make one there.');
  }

  hashSubject(subject: string): Promise<string> {
    return this.#secrets.hashSubject(subject);
  }

  apiKeyHasher(): Promise<(digest: string) => string> {
    return this.#secrets.apiKeyHasher();
  }

  authenticate(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#secrets.authenticate(bytes);
  }

  authenticateToken(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#secrets.authenticateToken(bytes);
  }

  seal(bytes: Uint8Array, purpose: string): Promise<Uint8Array> {
    return this.#secrets.seal(bytes, purpose);
  }

  open(sealed: Uint8Array, purpose: string): Promise<Uint8Array | undefined> {
    return this.#secrets.open(sealed, purpose);
  }

  async #list(use: Use): Promise<readonly IssuerKey[]> {
    this.#keys ??= this.#load();
    const keys = this.#keys;
    try {
      return (await keys).get(use) ?? [];
    } catch (error) {
      if (this.#keys === keys) this.#keys = undefined;
      throw error;
    }
  }

  async #load(): Promise<ReadonlyMap<Use, readonly IssuerKey[]>> {
    const keys = await this.#signer.listKeys();
    return new Map(
      (['root', 'issuer', 'receipt'] as const).map((use) => [
        use,
        keys.filter((key) => key.use === use).map((key) => this.#wrap(key)),
      ]),
    );
  }

  #wrap({ id, algorithm, publicKey }: SignerKey): IssuerKey {
    try {
      const isGood = createCheck(algorithm, publicKey);
      return createIssuerKey({ algorithm, publicKey, sign: (message) => this.#sign(id, message, isGood) });
    } catch (error) {
      throw new ServiceError('signer_unavailable', `The key ${id} of the signer is no public key of its algorithm.`, {
        cause: error,
      });
    }
  }

  async #sign(id: string, message: Uint8Array, isGood: Check): Promise<Uint8Array> {
    const signature = await this.#signer.sign(id, message).catch((error) => {
      // In a list that is read anew, the key may have another id.
      if (error instanceof NotThere) this.#keys = undefined;
      throw error;
    });
    if (isGood(message, signature)) return signature;
    throw new ServiceError('signer_unavailable', 'What the signer gave is no signature by the key that was asked for.');
  }
}

function takeOnly(use: Use, [key, another]: readonly IssuerKey[]): IssuerKey | undefined {
  if (another === undefined) return key;
  throw new ServiceError('signer_unavailable', `The signer has several keys of use ${use}: leave one.`);
}

function createCheck(algorithm: SignerKey['algorithm'], publicKey: Uint8Array): Check {
  const starts: Readonly<Record<number, string>> = SPKI_START[algorithm];
  const start = Buffer.from(starts[publicKey.length] ?? '', 'hex');
  const key = createPublicKey({ key: Buffer.concat([start, publicKey]), format: 'der', type: 'spki' });
  return algorithm === 'Ed25519'
    ? (message, signature) => verify(null, message, key, signature)
    : (message, signature) => verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function encodeKid({ kid }: Pick<IssuerKey, 'kid'>): string {
  return Buffer.from(kid).toString('hex');
}
