import { type HeldLists, type ListKeeper, NO_LISTS } from '../lists/list-keeper.ts';
import type { ListsSummary } from '../lists/lists-summary.ts';

const REFRESH_SECONDS = 60;

/** How the lists fare. */
export interface ListWatchEvents {
  /** The service is being asked. */
  readonly onRefreshing: () => void;
  readonly onLists: (held: HeldLists, summary: ListsSummary) => void;
}

/** The lists of one scanner, kept new. */
export interface ListWatch {
  /** The keeper once it has taken what the store had; nothing where the browser keeps no data. */
  readonly keeper: Promise<ListKeeper | undefined>;
  /** Asks for the newest lists; settles when they are here, or could not be had. */
  refresh(): Promise<void>;
  /** Says what the keeper has now, as after lists from a stick. */
  tell(): Promise<void>;
  /** Nothing is asked or said any more. */
  stop(): void;
}

/** @param openKeeper rejects where the browser keeps no data */
export function watchLists(
  openKeeper: () => Promise<ListKeeper>,
  { onRefreshing, onLists }: ListWatchEvents,
): ListWatch {
  const keeper = openKeeper().catch(() => undefined);
  let hasStopped = false;

  async function tell(): Promise<void> {
    const lists = (await keeper)?.lists ?? { ...NO_LISTS, problem: 'no_storage' as const };
    if (!hasStopped) onLists(lists, describeLists(lists));
  }

  async function refresh(): Promise<void> {
    const kept = await keeper;
    if (!kept || hasStopped) return;
    onRefreshing();
    await kept.refresh();
    await tell();
  }

  const timer = setInterval(refresh, REFRESH_SECONDS * 1000);
  addEventListener('online', refresh);
  tell().then(refresh);

  return {
    keeper,
    refresh,
    tell,
    stop() {
      hasStopped = true;
      clearInterval(timer);
      removeEventListener('online', refresh);
    },
  };
}

/** The oldest list decides: a revocation is known only to the list it stands in. */
function describeLists({ trust, status, checkedAt, problem }: HeldLists): ListsSummary {
  const issued = status.size > 0 ? [...status.values()] : trust ? [trust] : [];
  const oldest = issued.map((list) => list.issuedAt.getTime());
  return {
    ...(oldest.length > 0 ? { issuedAt: new Date(Math.min(...oldest)) } : {}),
    ...(checkedAt ? { checkedAt } : {}),
    ...(problem ? { problem } : {}),
  };
}
