import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** What messages to one endpoint are signed with. */
export function createWebhookSecret(): Uint8Array {
  return randomBytes(SECRET_BYTES);
}

/** As the one who checks signatures is given it. */
export function formatWebhookSecret(secret: Uint8Array): string {
  return PREFIX + Buffer.from(secret).toString('base64');
}

/** The headers of a message (Standard Webhooks 1.0): HMAC-SHA-256 over its id, the time of this attempt and the body. */
export function signMessage(id: string, body: string, secret: Uint8Array, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
