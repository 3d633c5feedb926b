import { randomInt } from 'node:crypto';
import {
  exportPublicKey,
  generateIssuerKey,
  issueRevocationSnapshot,
  issueTrustList,
  verifyRevocationSnapshot,
  verifyTrustList,
} from '@zhengma/credential-core';
import type { Goal } from './measure.ts';

/** Everybody in the country, each with one credential (DESIGN.md §4). */
const NATION = 1_360_000_000;
const LIST_SIZE = 2 ** 24;
const REVOKED = 0.005;
const MOST_BYTES = 7_900_000;
const LOOK_UPS = 2_000_000;

/** A snapshot of a nation: how large it is, beside what its entropy asks for, and what it takes to use it. */
export async function benchSnapshot(): Promise<{ goals: Goal[]; figures: Record<string, number>[] }> {
  const [root, issuer] = await Promise.all([generateIssuerKey(), generateIssuerKey()]);
  const currentDate = new Date('2026-11-27T00:00:00Z');
  const expiresAt = new Date('2026-12-27T00:00:00Z');
  const trustList = await issueTrustList(
    {
      sequence: 1,
      publisher: 'bench',
      expiresAt,
      issuers: [
        {
          id: '100000',
          name: '示例',
          keys: [{ publicKey: exportPublicKey(issuer) }],
          types: ['medical-insurance'],
          regions: ['37'],
          statusBaseUri: 'https://lists.example/status',
        },
      ],
    },
    root,
    { currentDate },
  );
  const trusted = await verifyTrustList(trustList, [exportPublicKey(root)], { currentDate });
  if (!trusted.ok) throw new Error(trusted.code);

  let revoked = 0;
  const lists = Array.from({ length: Math.ceil(NATION / LIST_SIZE) }, (_, list) => {
    const size = Math.min(LIST_SIZE, NATION - list * LIST_SIZE);
    return { list, size, entries: drawEntries(size, () => revoked++) };
  });
  const bytes = await issueRevocationSnapshot({ issuer: '100000', sequence: 1, expiresAt, lists }, issuer, {
    currentDate,
  });
  const share = revoked / NATION;
  const entropyBytes = (NATION * -(share * Math.log2(share) + (1 - share) * Math.log2(1 - share))) / 8;

  const began = performance.now();
  const result = await verifyRevocationSnapshot(bytes, trusted.list, { currentDate });
  const verifyMilliseconds = performance.now() - began;
  if (!result.ok) throw new Error(result.code);

  const held = [...result.snapshot.lists.values()].slice(0, -1);
  const places = Array.from({ length: 4096 }, () => [randomInt(held.length), randomInt(LIST_SIZE)] as const);
  let found = 0;
  // Of the processor, not of the clock: what runs beside this must not count.
  const start = process.cpuUsage();
  for (let at = 0; at < LOOK_UPS; at++) {
    const [list, index] = places[at % places.length] as (typeof places)[number];
    if (held[list]?.get(index) === 'revoked') found++;
  }
  const lookUpMicroseconds = process.cpuUsage(start).user / LOOK_UPS;
  if (found === 0) throw new Error('nothing was looked up');

  const ratio = bytes.length / entropyBytes;
  return {
    figures: [
      {
        indexes: NATION,
        lists: lists.length,
        revoked,
        bytes: bytes.length,
        'verify, ms': Math.round(verifyMilliseconds),
        'look-up, µs': lookUpMicroseconds,
      },
    ],
    goals: [
      { name: 'signed bytes / entropy', value: ratio, goal: 1.01, met: ratio <= 1.01 },
      { name: 'bytes / 7.9 MB', value: bytes.length / MOST_BYTES, goal: 1, met: bytes.length <= MOST_BYTES },
      { name: 'a look-up / 1 µs', value: lookUpMicroseconds, goal: 1, met: lookUpMicroseconds <= 1 },
    ],
  };
}

/** The next index by the gap that a coin of this chance leaves before it. */
function* drawEntries(size: number, count: () => void): Generator<readonly [number, 'revoked']> {
  const scale = Math.log1p(-REVOKED);
  for (let index = -1; ; ) {
    index += 1 + Math.floor(Math.log(1 - Math.random()) / scale);
    if (index >= size) return;
    count();
    yield [index, 'revoked'];
  }
}
