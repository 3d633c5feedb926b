import { isValidIdNumber } from '@zhengma/credential-core/issue';
import { z } from 'zod';
import { base64urlBytes } from './base64url.ts';
import { PRINTABLE } from './printable.ts';

/** A code of an official table; regions extend the tables, so unknown ones pass. */
const tableCode = z.string().regex(/^[0-9A-Za-z]{1,12}$/);

const personName = z.string().min(1).max(50).regex(PRINTABLE);

const instant = z.iso.datetime({ offset: true });

const delegate = z.strictObject({
  name: personName.meta({ description: 'Full name; masked in the code 姓名，码内脱敏', examples: ['李小红'] }),
  relation: tableCode.meta({ description: 'agnter_rlts 代办人关系', examples: ['2'] }),
});

const claims = z
  .strictObject({
    name: personName
      .exactOptional()
      .meta({ description: 'Full name; masked in the code 姓名，码内脱敏', examples: ['张小明'] }),
    idNumber: z
      .string()
      .regex(/^\d{17}[\dX]$/)
      .refine(isValidIdNumber)
      .exactOptional()
      .meta({ description: 'GB 11643 ID number; masked in the code 身份证号，码内脱敏' }),
    region: z
      .string()
      .regex(/^\d{6}$/)
      .meta({ description: 'Pooling region, GB/T 2260 统筹区', examples: ['370202'] }),
    scheme: tableCode.exactOptional().meta({ description: 'insutype 险种', examples: ['310'] }),
    personClass: tableCode.exactOptional().meta({ description: 'psn_type 人员类别', examples: ['11'] }),
    assistance: tableCode.exactOptional().meta({ description: 'psn_idet_type 人员身份类别', examples: ['2304'] }),
    enrolment: tableCode.exactOptional().meta({ description: 'psn_insu_stas 参保状态', examples: ['1'] }),
    businessTypes: z
      .array(z.string().regex(/^\d{5}$/))
      .min(1)
      .max(16)
      .exactOptional()
      .meta({ description: 'businessType 用码业务类型; absent: any', examples: [['01101', '01301']] }),
    maxPresentationAgeSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .exactOptional()
      .meta({ description: 'How old what the device shows may be 出示有效秒数; 60 by default' }),
    delegate: delegate.exactOptional().meta({
      description: 'Who acts for the person 代办人, when the credential is for their device; needs subject',
    }),
    paper: z.literal(true).exactOptional().meta({ description: 'A code on paper 纸质码' }),
    delegable: z.literal(true).exactOptional().meta({
      description: 'The holder may let somebody else present it 可由他人代为出示; needs holderKey',
    }),
  })
  .meta({ description: 'The claims; everything but the region may be left out' });

/** The cti in a path or a request. */
export const credentialId = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .meta({ description: 'cti, 16 hex digits', examples: ['0123456789abcdef'] });

/** `POST /v1/credentials`, and what `zhengma issue --from` reads. */
export const issueRequest = z
  .strictObject({
    type: z.literal('medical-insurance').default('medical-insurance'),
    claims,
    expiresAt: instant.meta({ description: 'RFC 3339; a year from now by default' }).transform(toDate).exactOptional(),
    notBefore: instant.meta({ description: 'RFC 3339' }).transform(toDate).exactOptional(),
    holderKey: base64urlBytes('Public key of the device that alone can present it, COSE_Key', {
      least: 32,
      most: 96,
    }).exactOptional(),
    redact: z
      .array(z.enum(['name', 'idNumber', 'scheme', 'personClass', 'assistance']))
      .min(1)
      .max(5)
      .exactOptional()
      .meta({ description: 'Claims that the holder may leave out when presenting 可不出示的字段; needs holderKey' }),
    decoys: z
      .int()
      .min(0)
      .max(8)
      .exactOptional()
      .meta({ description: 'Hashes of nothing, which hide how many claims are redacted; at most 8 with those' }),
    subject: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/)
      .exactOptional()
      .meta({
        description:
          'With claims.delegate: how your own system names the person acted for; kept as a keyed hash, to count their delegates',
        examples: ['8f14e45fceea'],
      }),
    replaces: credentialId.exactOptional().meta({
      description:
        'cti of the credential that this one replaces: revoked in the same moment, or neither happens 被替换凭证',
      examples: ['0123456789abcdef'],
    }),
  })
  .meta({ id: 'IssueRequest' });

export const issuedCredential = z
  .strictObject({
    id: z.string().meta({ description: 'cti, 16 hex digits' }),
    text: z.string().meta({ description: 'QR text, ZM1:…; answered once, not kept' }),
    expiresAt: z.iso.datetime(),
    status: z.strictObject({ list: z.int(), index: z.int() }),
  })
  .meta({ id: 'IssuedCredential' });

/** A number this long in a free text is an ID number, a card number or a telephone number: none belongs in an audit row. */
const LONG_NUMBER = /\p{Nd}{11}/u;

/** Also where it is written in full-width digits, or in groups. */
function hasLongNumber(text: string): boolean {
  return LONG_NUMBER.test(text.normalize('NFKC').replace(/[\s\p{Pd}]/gu, ''));
}

export const statusRequest = z
  .strictObject({
    status: z.enum(['valid', 'suspended', 'revoked']),
    reason: z
      .string()
      .min(1)
      .max(200)
      .regex(PRINTABLE)
      .refine((reason) => !hasLongNumber(reason))
      .exactOptional()
      .meta({ description: 'For the audit trail; no personal data', examples: ['holder lost the paper code'] }),
  })
  .meta({ id: 'StatusRequest' });

export const changedStatus = z
  .strictObject({
    id: z.string(),
    status: z.enum(['valid', 'suspended', 'revoked']),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'ChangedStatus' });

function toDate(text: string): Date {
  return new Date(text);
}
