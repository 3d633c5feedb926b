import { hash } from 'node:crypto';
import type { AuditEntry } from './audit.ts';

/** What the first row of a chain follows. */
export const CHAIN_START = new Uint8Array(32);

/**
 * The hash of a row: SHA-256 of the hash of the row before it and a JSON array of its values in UTF-8, `null` where it
 * has none. In the order of docs/audit.md, so that anybody can compute it again. Half characters count as U+FFFD, which is
 * what a database gives back for them.
 */
export function hashEntry(previous: Uint8Array, entry: Omit<AuditEntry, 'hash'>): Uint8Array {
  const values = [
    entry.chain,
    entry.seq,
    entry.at.getTime(),
    entry.operator,
    entry.organisation,
    entry.action,
    entry.credential ?? null,
    entry.businessType ?? null,
    entry.reason ?? null,
    entry.outcome ?? null,
    entry.receipt ?? null,
    entry.subject ?? null,
  ].map((value) => (typeof value === 'string' ? value.toWellFormed() : value));
  const bytes = Buffer.concat([previous, Buffer.from(JSON.stringify(values))]);
  return new Uint8Array(hash('sha256', bytes, 'buffer'));
}

/** How a row says where a chain was cut, and by which hash it goes on. */
export function describeCut({ chain, seq, hash: last }: { chain: number; seq: number; hash: Uint8Array }): string {
  return `chain ${chain} to ${seq} ${Buffer.from(last).toString('hex')}`;
}
