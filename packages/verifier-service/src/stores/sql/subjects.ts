import type { Kysely, Transaction } from 'kysely';
import { ServiceError } from '../../errors.ts';
import type { Actor, Operator } from '../access.ts';
import type { AuditLog } from './audit-log.ts';
import { isLetIn, readOperator } from './operators.ts';
import type { Tables } from './tables.ts';

export async function linkSubject(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  subject: string,
  operator: string,
  by: Actor,
  at: Date,
): Promise<void> {
  await transaction.deleteFrom('operator_subjects').where('operator', '=', operator).execute();
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('operator_subjects')
    .values({ subject, operator, created_at: at.getTime() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  // Thrown within the transaction: who was linked before stays linked.
  if (numInsertedOrUpdatedRows !== 1n)
    throw new ServiceError('subject_taken', 'Another operator is linked to this subject: unlink them first.');
  audit.add({ ...by, at, action: 'link_subject', subject: operator });
}

export async function unlinkSubject(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  operator: string,
  by: Actor,
  at: Date,
): Promise<boolean> {
  const { numDeletedRows } = await transaction
    .deleteFrom('operator_subjects')
    .where('operator', '=', operator)
    .executeTakeFirstOrThrow();
  if (numDeletedRows > 0n) audit.add({ ...by, at, action: 'unlink_subject', subject: operator });
  return numDeletedRows > 0n;
}

export async function authenticateSubject(
  db: Kysely<Tables>,
  subject: string,
  at: Date,
): Promise<Operator | undefined> {
  const row = await db
    .selectFrom('operator_subjects')
    .innerJoin('operators', 'operators.id', 'operator_subjects.operator')
    .selectAll('operators')
    .where('operator_subjects.subject', '=', subject)
    .where(isLetIn(at.getTime()))
    .executeTakeFirst();
  return row && readOperator(row);
}
