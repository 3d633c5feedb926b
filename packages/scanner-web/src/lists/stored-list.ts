import type { ListAnswer } from '@zhengma/verifier-service/client';
import type { StoredList } from './list-store.ts';

/** What is to be stored after the service has answered; nothing where nothing was held that it could confirm. */
export function describeStored(
  answer: ListAnswer,
  held: StoredList | undefined,
  checkedAt: Date,
): StoredList | undefined {
  if (answer.kind === 'unchanged') return held && { ...held, checkedAt };
  const { bytes, etag } = answer;
  return { bytes, checkedAt, ...(etag === undefined ? {} : { etag }) };
}

/**
 * What was in order when it was stored is not refused because the clock was set back since: it shows that the clock is wrong,
 * and how much.
 */
export function dateOfUse({ checkedAt, importedAt }: StoredList, currentDate: Date): Date {
  return new Date(Math.max(currentDate.getTime(), checkedAt?.getTime() ?? 0, importedAt?.getTime() ?? 0));
}
