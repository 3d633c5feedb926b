import { z } from 'zod';
import { base64urlBytes } from './base64url.ts';
import { searchedId } from './printable.ts';
import { receiptId } from './receipt.ts';

/** Of the public key of a device. */
export const offlineKeyId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ description: 'Of the public key, 32 hex digits', examples: ['0123456789abcdef0123456789abcdef'] });

export const newOfflineKey = z
  .strictObject({ publicKey: base64urlBytes('COSE_Key of a device: Ed25519 or ES256', { least: 32, most: 200 }) })
  .meta({ id: 'NewOfflineKey' });

export const offlineKey = z
  .strictObject({
    id: offlineKeyId,
    operator: z.string(),
    organisation: z.string(),
    createdAt: z.iso.datetime(),
    withdrawnAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'OfflineKey' });

export const offlineKeyQuery = z.strictObject({
  operator: searchedId.exactOptional().meta({ description: 'Of the same organisation; the caller unless given' }),
});

export const offlineReceipts = z
  .strictObject({
    operator: searchedId
      .exactOptional()
      .meta({ description: 'Whose receipts they are, of the same organisation; the caller’s own unless given' }),
    receipts: z
      .array(base64urlBytes('A receipt, as `issueReceipt` of the core signs it', { least: 64, most: 2048 }))
      .min(1)
      .max(100),
  })
  .meta({ id: 'OfflineReceipts' });

const conflict = z
  .strictObject({
    code: z.enum(['replayed', 'revoked', 'suspended', 'out_of_scope']),
    since: z.iso
      .datetime()
      .exactOptional()
      .meta({ description: 'When it was first shown, or when its status changed' }),
  })
  .meta({
    description:
      '`replayed`: the same presentation was accepted elsewhere, or for another business; `revoked`, `suspended`: it was so before it was verified; `out_of_scope`: business that is not the operator’s',
  });

export const offlineReceiptResults = z
  .strictObject({
    results: z.array(
      z.union([
        z.strictObject({
          outcome: z.enum(['recorded', 'repeated', 'known']).meta({
            description:
              '`repeated`: for a code that was accepted here for the same business before; `known`: this very receipt was uploaded before',
          }),
          id: receiptId,
          conflict: conflict.exactOptional(),
        }),
        z.strictObject({
          outcome: z.literal('refused'),
          code: z.enum([
            'malformed',
            'too_large',
            'unsupported_algorithm',
            'unknown_key',
            'key_withdrawn',
            'bad_signature',
            'issued_in_future',
            'too_old',
            'not_yours',
            'other_service',
            'id_taken',
          ]),
        }),
      ]),
    ),
  })
  .meta({ id: 'OfflineReceiptResults', description: 'In the order of the receipts' });
