import { exportPublicKey } from '@zhengma/credential-core/issue';
import type { ActionDeps } from './deps.ts';

type KeyDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>;

/** Makes the receipt key where there is none, and has its public half published from now on. */
export async function publishReceiptKey({ store, keys, currentDate }: KeyDeps): Promise<void> {
  const key = await keys.receiptKey();
  await store.addReceiptKey({
    kid: Buffer.from(key.kid).toString('hex'),
    publicKey: exportPublicKey(key),
    createdAt: currentDate(),
  });
}

/** COSE_Keys of all receipts of this service, oldest first. One that was replaced stays: its receipts are good for ever. */
export async function listReceiptKeys({ store }: Pick<KeyDeps, 'store'>): Promise<readonly Uint8Array[]> {
  return (await store.receiptKeys()).map(({ publicKey }) => publicKey);
}
