import { VERIFICATION_CODES } from '@zhengma/credential-core/verify';
import { z } from 'zod';
import { base64urlBytes } from './base64url.ts';
import { signedReceipt } from './receipt.ts';
import { scannedText } from './scanned-text.ts';

const audienceName = z.string().min(1).max(64);

/** What the one who asks expects of the code. */
const expectation = {
  businessType: z
    .string()
    .regex(/^\d{5}$/)
    .exactOptional()
    .meta({
      description: 'What it is scanned for 用码业务类型; a code that does not allow it is refused',
      examples: ['01301'],
    }),
  audience: z
    .union([audienceName, z.array(audienceName).min(1).max(16)])
    .exactOptional()
    .meta({ description: 'Your names: what was presented to somebody else is refused, also without this' }),
  challenge: base64urlBytes('The challenge that POST /v1/challenges gave to your organisation, and you to the holder', {
    least: 8,
    most: 64,
  }).exactOptional(),
};

/** `POST /v1/verifications` with a text. */
export const verificationRequest = z
  .strictObject({
    text: scannedText.meta({ description: 'What the scanner read 扫到的全文', examples: ['ZM1:…'] }),
    ...expectation,
  })
  .meta({ id: 'VerificationRequest' });

/** The query of `POST /v1/verifications` with a picture, whose body has no room for it. */
export const imageVerificationQuery = z.strictObject(expectation);

const check = z.enum(['passed', 'failed', 'not_checked']);

const checks = z
  .strictObject({
    format: check,
    issuer: check,
    signature: check,
    scope: check,
    binding: check,
    validity: check,
    purpose: check,
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
    undisclosed: z
      .int()
      .optional()
      .meta({ description: 'How many redacted claims were not shown, decoys included; only where some were redacted' }),
    withheld: z
      .array(z.string())
      .optional()
      .meta({ description: 'The claims of which that many at most were kept back; only where some were redacted' }),
  })
  .meta({ description: 'Present only when the signature is good' });

const presentation = z
  .looseObject({
    presentedAt: z.iso.datetime(),
    audience: z.string().meta({ description: '`*`: for any verifier' }),
    challenged: z.boolean().meta({ description: 'It answers the challenge of this request' }),
  })
  .meta({ description: 'How the device showed it; absent for a bearer code' });

const verifiedDelegate = z
  .looseObject({
    name: z.string().meta({ description: 'Masked' }),
    relation: z.string().meta({ description: 'agnter_rlts 代办人关系' }),
    grantedBy: z.enum(['issuer', 'holder']),
    expiresAt: z.iso.datetime(),
    businessTypes: z.array(z.string()).optional().meta({ description: 'What the delegate may do; absent: anything' }),
  })
  .meta({ description: 'Who shows the code when it is not the person themselves 代办人' });

const replay = z
  .looseObject({
    key: z.string().meta({ description: '64 hex digits, another for every presentation' }),
    until: z.iso.datetime().meta({ description: 'From then on it is refused for its age' }),
  })
  .meta({ description: 'What the service lets a presentation pass once by' });

export const verificationResult = z
  .discriminatedUnion('ok', [
    z.looseObject({
      ok: z.literal(true),
      credential,
      bearer: z.boolean().meta({ description: 'True: whoever holds it can show it; compare the person' }),
      presentation: presentation.optional(),
      delegate: verifiedDelegate.optional(),
      replay,
      repeated: z.literal(true).optional().meta({
        description: 'Shown before at this organisation for this business: the receipt is that of the first time',
      }),
      receipt: signedReceipt,
      status: z.enum(['valid', 'not_revocable', 'not_checked']),
      checks,
      lists,
    }),
    z.looseObject({
      ok: z.literal(false),
      code: z.enum([...VERIFICATION_CODES, 'replayed']).meta({
        description: '`replayed`: the presentation was accepted before, elsewhere or for another business',
      }),
      detail: z.string(),
      conclusive: z.boolean().meta({ description: 'False: could not be checked fully, which is neither yes nor no' }),
      firstShownAt: z.iso.datetime().optional().meta({ description: 'With `replayed`: when it was accepted' }),
      credential: credential.optional(),
      checks,
      lists,
    }),
  ])
  .meta({ id: 'VerificationResult' });
