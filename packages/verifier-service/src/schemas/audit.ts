import { z } from 'zod';
import { credentialId } from './credential.ts';
import { searchedId } from './printable.ts';
import { receiptId } from './receipt.ts';

const instant = z.iso
  .datetime({ offset: true })
  .meta({ description: 'RFC 3339', examples: ['2026-11-01T00:00:00+08:00'] })
  .transform((text) => new Date(text));

const POSITION = /^(\d{1,15})\.(\d{1,9})\.(\d{1,15})$/;

export const auditAction = z
  .enum([
    'issue',
    'verify',
    'valid',
    'suspended',
    'revoked',
    'propose',
    'approve',
    'reject',
    'purge',
    'sign_checkpoint',
    'restore',
    'read_identity',
    'check_identity',
    'add_his_grant',
    'remove_his_grant',
    'add_organisation',
    'disable_organisation',
    'enable_organisation',
    'add_operator',
    'disable_operator',
    'enable_operator',
    'add_api_key',
    'withdraw_api_keys',
    'link_subject',
    'unlink_subject',
    'add_issuer_key',
    'retire_issuer_key',
    'add_offline_key',
    'withdraw_offline_key',
    'record_offline',
    'add_webhook',
    'disable_webhook',
    'remove_webhook',
  ])
  .meta({ description: '`valid`: reinstated; `record_offline`: a receipt of `subject`, uploaded by `operator`' });

/** The query of `GET /v1/audit`; each member narrows the search. */
export const auditQuery = z.strictObject({
  from: instant.exactOptional(),
  to: instant.exactOptional(),
  operator: searchedId.exactOptional().meta({ description: 'The id of an operator' }),
  organisation: searchedId.exactOptional().meta({ description: 'The code of an organisation' }),
  action: auditAction.exactOptional(),
  credential: credentialId.exactOptional(),
  businessType: z
    .string()
    .regex(/^\d{5}$/)
    .exactOptional()
    .meta({ description: 'businessType 用码业务类型' }),
  outcome: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .exactOptional()
    .meta({ description: 'Of a verification: `accepted`, `repeated`, `replayed`, or the code of the verdict' }),
  receipt: receiptId.exactOptional(),
  after: z.string().regex(POSITION).exactOptional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const auditEntry = z
  .strictObject({
    at: z.iso.datetime(),
    operator: z.string(),
    organisation: z.string(),
    action: auditAction,
    credential: z.string().exactOptional(),
    businessType: z.string().exactOptional(),
    reason: z.string().exactOptional(),
    outcome: z.string().exactOptional(),
    receipt: z.string().exactOptional(),
    subject: z.string().exactOptional().meta({ description: 'The operator or organisation that was changed' }),
    chain: z.int(),
    seq: z.int(),
    hash: z.string().meta({ description: 'SHA-256 over this row and the one before it in its chain, hex' }),
  })
  .meta({ id: 'AuditEntry' });

/** The query of `GET /v1/counts`. */
export const countQuery = z.strictObject({
  from: instant,
  to: instant.exactOptional().meta({ description: 'Not included; now, unless given' }),
});

export const auditCounts = z
  .strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    counts: z.array(
      z.strictObject({
        action: auditAction,
        outcome: z.string().exactOptional().meta({ description: 'Of a verification' }),
        count: z.int(),
      }),
    ),
    complete: z.boolean().meta({
      description: 'False: there was more than is counted in one request; each number is a lower bound',
    }),
  })
  .meta({ id: 'AuditCounts' });

export const auditPage = z
  .strictObject({ entries: z.array(auditEntry), next: z.string().exactOptional() })
  .meta({ id: 'AuditPage', description: 'Newest first; `next` is absent on the last page' });
