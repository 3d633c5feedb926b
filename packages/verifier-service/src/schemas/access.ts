import { z } from 'zod';

/** Something to see in it, and nothing that moves the cursor or turns the direction of reading. */
const PRINTABLE = /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What a receipt can carry. */
export const organisationId = z
  .string()
  .min(1)
  .max(64)
  .regex(PRINTABLE)
  .meta({ description: 'The code of an organisation', examples: ['H37020000001'] });

export const operatorId = z
  .string()
  .regex(/^(?:local|[0-9a-f-]{36})$/)
  .meta({ description: 'The id of an operator' });

const displayName = z.string().min(1).max(100).regex(PRINTABLE);

export const operatorName = displayName.meta({
  description: 'A counter or an account 窗口或账号名',
  examples: ['二楼收费处'],
});

export const role = z.enum(['issuer', 'verifier', 'auditor', 'administrator']);

export const operatorScope = z
  .strictObject({
    regions: z
      .array(z.string().regex(/^[1-9]\d{1,5}$/))
      .min(1)
      .max(64)
      .exactOptional()
      .meta({ description: 'GB/T 2260 prefixes of the regions that they issue for 可签发地区', examples: [['3702']] }),
    types: z
      .array(z.literal('medical-insurance'))
      .min(1)
      .max(16)
      .exactOptional()
      .meta({ description: 'The credential types that they issue' }),
    businessTypes: z
      .array(z.string().regex(/^\d{5}$/))
      .min(1)
      .max(64)
      .exactOptional()
      .meta({ description: 'What they may verify for 可核验业务', examples: [['01301']] }),
    readIdNumbers: z
      .literal(true)
      .exactOptional()
      .meta({ description: 'May read ID numbers in full; each reading is audited 可读取完整证件号' }),
  })
  .meta({ description: 'What they are held to within their role; an absent member does not restrict' });

const subject = z
  .string()
  .min(1)
  .max(255)
  .regex(PRINTABLE)
  .meta({ description: 'What the OpenID provider calls them; only a keyed hash is kept 登录主体' });

export const newOperator = z
  .strictObject({
    name: operatorName,
    role,
    organisation: organisationId,
    scope: operatorScope.exactOptional(),
    expiresAt: instant.exactOptional().meta({ description: 'RFC 3339; never, unless given' }),
    subject: subject.exactOptional(),
  })
  .meta({ id: 'NewOperator' });

export const operator = z
  .strictObject({
    id: operatorId,
    name: operatorName,
    role,
    organisation: organisationId,
    scope: operatorScope,
    expiresAt: z.iso.datetime().exactOptional(),
    disabledAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'Operator' });

export const listedOperator = operator
  .extend({
    apiKeys: z.int().meta({ description: 'How many of their API keys are in force' }),
    linked: z.boolean().meta({ description: 'Whether a subject of the OpenID provider is linked to them' }),
  })
  .meta({ id: 'ListedOperator' });

export const apiKey = z.string().meta({ description: 'Answered once; only a keyed hash is kept', examples: ['zk_…'] });

export const addedOperator = z
  .strictObject({ operator, apiKey: apiKey.exactOptional() })
  .meta({ id: 'AddedOperator', description: 'With a subject there is no API key' });

export const subjectLink = z.strictObject({ subject }).meta({ id: 'SubjectLink' });

export const newOrganisation = z
  .strictObject({ id: organisationId, name: displayName, parent: organisationId })
  .meta({ id: 'NewOrganisation' });

export const organisation = z
  .strictObject({
    id: organisationId,
    name: displayName,
    parent: organisationId.exactOptional().meta({ description: 'Absent for the root' }),
    disabledAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'Organisation' });

export const accessChange = z
  .strictObject({ disabled: z.boolean() })
  .meta({ id: 'AccessChange', description: 'From the next request on, in every process' });
