import { VERIFICATION_CODES } from '@zhengma/credential-core/verify';
import { z } from 'zod';

/** A QR version 40 holds 4 296 alphanumeric characters: nothing longer was ever scanned. */
const MAX_QR_TEXT = 4296;

export const verificationRequest = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(MAX_QR_TEXT)
      .meta({ description: 'What the scanner read 扫到的全文', examples: ['ZM1:…'] }),
  })
  .meta({ id: 'VerificationRequest' });

const check = z.enum(['passed', 'failed', 'not_checked']);

const checks = z
  .strictObject({
    format: check,
    issuer: check,
    signature: check,
    scope: check,
    binding: check,
    validity: check,
    status: check,
    freshness: check,
  })
  .meta({ description: 'In this order; the first failure names the verdict' });

const lists = z
  .looseObject({
    trust: z.looseObject({ issuedAt: z.iso.datetime(), expiresAt: z.iso.datetime() }),
    status: z.looseObject({ uri: z.string(), issuedAt: z.iso.datetime() }).optional(),
  })
  .meta({ description: 'The age of the lists that were used' });

const credential = z
  .looseObject({
    type: z.string(),
    issuer: z.string(),
    issuerName: z.string(),
    id: z.string(),
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    claims: z.looseObject({}).meta({ description: 'As in the code: masked' }),
  })
  .meta({ description: 'Present only when the signature is good' });

export const verificationResult = z
  .discriminatedUnion('ok', [
    z.looseObject({
      ok: z.literal(true),
      credential,
      bearer: z.boolean().meta({ description: 'True: whoever holds it can show it; compare the person' }),
      status: z.enum(['valid', 'not_revocable', 'not_checked']),
      checks,
      lists,
    }),
    z.looseObject({
      ok: z.literal(false),
      code: z.enum(VERIFICATION_CODES),
      detail: z.string(),
      conclusive: z.boolean().meta({ description: 'False: could not be checked fully, which is neither yes nor no' }),
      credential: credential.optional(),
      checks,
      lists,
    }),
  ])
  .meta({ id: 'VerificationResult' });
