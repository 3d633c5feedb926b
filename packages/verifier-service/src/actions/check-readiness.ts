import { EnvironmentError, ServiceError } from '../errors.ts';
import type { ActionDeps } from './deps.ts';
import { listRoots, publishStatusList, publishTrustList } from './publish-lists.ts';
import { publishSnapshot, publishSnapshotDelta, readSnapshot } from './publish-snapshots.ts';
import { requireIssuer } from './set-up.ts';
import { requireSigningKey } from './signing-keys.ts';

/** How fresh a list is that scanners would get now. */
export interface Freshness {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** What a service that can work has. */
export interface Readiness {
  readonly trustList: Freshness;
  /** Absent while no credential was issued. */
  readonly statusList?: Freshness;
  /** All status lists in one file, with what changed since. */
  readonly snapshot: Freshness;
}

const FIRST_LIST = 1;

/**
 * Does what every request needs: asks the database, takes the keys in hand, publishes the lists, and verifies them as a
 * scanner does. All status lists are signed by one key and one clock, so one of them stands for all. Throws `ServiceError`:
 * `store_unavailable`, `clock_behind`, `signing_key_unavailable`, `lists_unusable`.
 */
export async function checkReadiness(deps: ActionDeps): Promise<Readiness> {
  await deps.store.probe();
  await requireKeys(deps);
  const [root] = await listRoots(deps);
  const now = deps.currentDate();
  const published = await publishTrustList(deps);
  const trust = await deps.inForce.readTrustList(published, root as Uint8Array, now);
  const base = await readSnapshot(await publishSnapshot(deps), deps);
  const latest = await readSnapshot(await publishSnapshotDelta(base.sequence, deps), deps, base);
  const fresh = { trustList: copyTimes(trust), snapshot: copyTimes(latest) };
  if (!(await deps.store.findStatusList(FIRST_LIST))) return fresh;
  const signed = await publishStatusList(FIRST_LIST, deps);
  const status = await deps.inForce.readStatusList(signed, trust, signed.uri, deps.currentDate());
  return { ...fresh, statusList: copyTimes(status) };
}

function copyTimes({ issuedAt, expiresAt }: Freshness): Freshness {
  return { issuedAt, expiresAt };
}

async function requireKeys(deps: ActionDeps): Promise<void> {
  try {
    await listRoots(deps);
    await deps.keys.receiptKey();
    await requireSigningKey(await requireIssuer(deps), deps);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    // Its message names a file of this machine.
    throw new ServiceError('signing_key_unavailable', 'A key of the service cannot be used; the log says which.', {
      cause: error,
    });
  }
}
