import type { AuditChain, AuditPosition } from '../stores/audit.ts';
import { describeCut, hashEntry } from '../stores/audit-hash.ts';
import { type ChainEnd, readCheckpoint } from './audit-checkpoint.ts';
import type { ActionDeps } from './deps.ts';
import { listReceiptKeys } from './receipt-keys.ts';

const ROWS_PER_READ = 2000;

/** `row_changed`: its content and its hash differ. `cut_unexplained`: rows are missing at the start, and no row says why. */
export type AuditFaultKind =
  | 'chain_missing'
  | 'row_missing'
  | 'row_changed'
  | 'end_missing'
  | 'cut_unexplained'
  | 'checkpoint_contradicted'
  | 'checkpoint_not_signed';

export interface AuditFault {
  readonly kind: AuditFaultKind;
  readonly chain?: number;
  readonly seq?: number;
  /** Of the checkpoint that does not fit. */
  readonly checkpointAt?: Date;
}

export type AuditVerdict =
  | { readonly ok: true; readonly rows: number; readonly chains: number; readonly checkpoints: number }
  | { readonly ok: false; readonly fault: AuditFault };

type AuditDeps = Pick<ActionDeps, 'store'>;

/**
 * Computes every chain of the audit anew, also while the service writes to it, and holds it against each checkpoint that
 * was kept.
 *
 * @param elsewhere notes of checkpoints that were kept elsewhere, whose signature is checked like the others'
 */
export async function verifyAudit(deps: AuditDeps, elsewhere: readonly string[] = []): Promise<AuditVerdict> {
  const keys = await listReceiptKeys(deps);
  const kept = (await deps.store.checkpoints()).map(({ at, note }) => ({ at, ends: readCheckpoint(note, keys) }));
  const checkpoints = [...kept, ...elsewhere.map((note) => ({ at: undefined, ends: readCheckpoint(note, keys) }))];
  for (const { at, ends } of checkpoints) {
    if (!ends) return { ok: false, fault: { kind: 'checkpoint_not_signed', ...(at && { checkpointAt: at }) } };
  }
  const chains = await deps.store.auditChains();
  const missing = findMissingChain(chains);
  if (missing !== undefined) return { ok: false, fault: { kind: 'chain_missing', chain: missing } };
  const explained = await readCuts(deps);
  let rows = 0;
  for (const { chain } of chains) {
    const outcome = await verifyChain(chain, checkpoints as readonly Checkpoint[], explained, deps);
    if (typeof outcome !== 'number') return { ok: false, fault: outcome };
    rows += outcome;
  }
  for (const { at, ends } of checkpoints as readonly Checkpoint[]) {
    const unknown = ends.find((end) => !chains.some(({ chain }) => chain === end.chain));
    if (unknown) return { ok: false, fault: contradict(unknown, at) };
  }
  return { ok: true, rows, chains: chains.length, checkpoints: checkpoints.length };
}

/** Chains are numbered from 1 without a gap, and there is always one. */
function findMissingChain(chains: readonly AuditChain[]): number | undefined {
  if (chains.length === 0) return 1;
  const gap = chains.findIndex(({ chain }, position) => chain !== position + 1);
  return gap < 0 ? undefined : gap + 1;
}

interface Checkpoint {
  readonly at: Date | undefined;
  readonly ends: readonly ChainEnd[];
}

/** How many rows the chain has, or what is wrong with it. Begins again when it is purged meanwhile. */
async function verifyChain(
  chain: number,
  checkpoints: readonly Checkpoint[],
  explained: ReadonlySet<string>,
  deps: AuditDeps,
): Promise<number | AuditFault> {
  const before = await findChain(chain, deps);
  const outcome = await readThrough(before, checkpoints, deps);
  const after = await findChain(chain, deps);
  if (after.purgedSeq !== before.purgedSeq) return verifyChain(chain, checkpoints, await readCuts(deps), deps);
  if (before.purgedSeq > 0 && !explained.has(describeCut({ chain, seq: before.purgedSeq, hash: before.purgedHash })))
    return { kind: 'cut_unexplained', chain };
  return outcome;
}

async function readThrough(
  { chain, seq: end, hash: endHash, purgedSeq, purgedHash }: AuditChain,
  checkpoints: readonly Checkpoint[],
  { store }: AuditDeps,
): Promise<number | AuditFault> {
  const wanted = Map.groupBy(
    checkpoints.flatMap(({ at, ends }) => ends.filter((each) => each.chain === chain).map((each) => ({ ...each, at }))),
    ({ seq }) => seq,
  );
  let seq = purgedSeq;
  let hash = purgedHash;
  const isContradicted = () => wanted.get(seq)?.find((each) => !equal(each.hash, hash));
  const atStart = isContradicted();
  if (atStart) return contradict(atStart, atStart.at);
  while (seq < end) {
    const rows = await store.readAuditChain(chain, seq, Math.min(ROWS_PER_READ, end - seq));
    if (rows.length === 0) return { kind: 'end_missing', chain, seq: seq + 1 };
    for (const row of rows) {
      seq += 1;
      if (row.seq !== seq) return { kind: 'row_missing', chain, seq };
      hash = hashEntry(hash, row);
      if (!equal(hash, row.hash)) return { kind: 'row_changed', chain, seq };
      const contradicted = isContradicted();
      if (contradicted) return contradict(contradicted, contradicted.at);
    }
  }
  if (!equal(hash, endHash)) return { kind: 'row_changed', chain, seq };
  const beyond = [...wanted.values()].flat().find((each) => each.seq > end);
  if (beyond) return contradict(beyond, beyond.at);
  return end - purgedSeq;
}

function contradict({ chain, seq }: ChainEnd, at: Date | undefined): AuditFault {
  return { kind: 'checkpoint_contradicted', chain, seq, ...(at && { checkpointAt: at }) };
}

/** What the rows say about where chains were cut. */
async function readCuts({ store }: AuditDeps): Promise<ReadonlySet<string>> {
  const cuts = new Set<string>();
  let after: AuditPosition | undefined;
  for (;;) {
    const page = await store.searchAudit({ action: 'purge', limit: 1000, ...(after && { after }) });
    for (const { reason } of page.entries) if (reason !== undefined) cuts.add(reason);
    if (!page.next) return cuts;
    after = page.next;
  }
}

async function findChain(chain: number, { store }: AuditDeps): Promise<AuditChain> {
  return (await store.auditChains()).find((each) => each.chain === chain) as AuditChain;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
