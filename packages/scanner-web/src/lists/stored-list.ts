import type { ListAnswer } from '@zhengma/verifier-service/client';
import type { ListStore, StoredList } from './list-store.ts';

/** Stored bytes count only where they were verified in this session: only then may the service say "unchanged". */
export async function fetchNewest(
  store: ListStore,
  key: string,
  isInUse: boolean,
  ask: (held?: StoredList) => Promise<ListAnswer>,
) {
  const held = isInUse ? await store.readList(key).catch(() => undefined) : undefined;
  const answer = await ask(held);
  return { answer, held, bytes: readAnswer(answer, held) };
}

/** What the service says is the newest: nothing that verifies where it confirms what is not held. */
export function readAnswer(answer: ListAnswer, held: StoredList | undefined): Uint8Array {
  const bytes = answer.kind === 'fresh' ? answer.bytes : held?.bytes;
  return bytes ?? new Uint8Array();
}

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
