import { z } from 'zod';

/** The cti of a receipt in a path. */
export const receiptId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ description: 'cti of the receipt, 32 hex digits', examples: ['0123456789abcdef0123456789abcdef'] });

export const signedReceipt = z
  .strictObject({
    id: receiptId,
    verifiedAt: z.iso.datetime().meta({ description: 'Whole seconds, as in the receipt' }),
    signed: z
      .string()
      .meta({ description: 'COSE_Sign1 by a key of /v1/receipt-keys, base64url; no claim of the credential is in it' }),
  })
  .meta({ id: 'Receipt' });

export const receiptKeys = z
  .strictObject({ keys: z.array(z.string().meta({ description: 'COSE_Key, base64url' })) })
  .meta({ id: 'ReceiptKeys' });

export const givenChallenge = z
  .strictObject({
    challenge: z.string().meta({ description: '32 bytes, base64url: give it to the holder’s device' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Challenge' });
