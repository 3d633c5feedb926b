import { EnvironmentError, ServiceError } from '../errors.ts';
import { openNote, signNote } from '../signing/signed-note.ts';
import type { Actor } from '../stores/access.ts';
import type { AuditChain, AuditCheckpoint } from '../stores/audit.ts';
import type { ActionDeps } from './deps.ts';
import { requireIssuer } from './set-up.ts';

/** The first line says what the note is; a change of the form is another word. */
const ORIGIN = 'zhengma audit 1';
const CHAIN_LINE = /^(\d+) (\d+) ([A-Za-z0-9+/]{43}=)$/;

/** Where a chain ended at a checkpoint. */
export type ChainEnd = Pick<AuditChain, 'chain' | 'seq' | 'hash'>;

/**
 * Signs where every chain of the audit ends, with the key of the receipts, and keeps it. Whoever keeps a copy elsewhere can
 * tell later whether anything before it was changed, left out or put in. It is about all organisations, so it is for those of
 * the issuer's own. Throws `ServiceError` `out_of_scope` for others.
 */
export async function signCheckpoint(
  by: Actor,
  deps: Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>,
): Promise<AuditCheckpoint> {
  const { id } = await requireIssuer(deps);
  if (by.organisation !== id)
    throw new ServiceError('out_of_scope', "The whole audit is signed for the issuer's own organisation alone.");
  const key = await deps.keys.receiptKey();
  if (key.algorithm !== 'Ed25519')
    throw new EnvironmentError('Checkpoints need a receipt key of Ed25519: the signer has one of another algorithm.');
  const chains = await deps.store.auditChains();
  const at = deps.currentDate();
  const lines = chains.map(({ chain, seq, hash }) => `${chain} ${seq} ${Buffer.from(hash).toString('base64')}`);
  const note = await signNote(`${[ORIGIN, at.toISOString(), ...lines].join('\n')}\n`, id, key);
  await deps.store.addCheckpoint({ at, note }, by);
  return { at, note };
}

/**
 * Where the chains ended, by a checkpoint that is signed by one of the keys. Undefined for any other text.
 *
 * @param keys COSE_Keys of /v1/receipt-keys
 */
export function readCheckpoint(note: string, keys: readonly Uint8Array[]): readonly ChainEnd[] | undefined {
  const [origin, , ...lines] = openNote(note, keys)?.trimEnd().split('\n') ?? [];
  if (origin !== ORIGIN) return undefined;
  const ends = lines.map((line) => CHAIN_LINE.exec(line)).filter((match) => match !== null);
  if (ends.length !== lines.length) return undefined;
  return ends.map(([, chain, seq, hash]) => ({
    chain: Number(chain),
    seq: Number(seq),
    hash: new Uint8Array(Buffer.from(hash as string, 'base64')),
  }));
}
