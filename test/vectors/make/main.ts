import type { VectorFile } from '../format.ts';
import { makeCarrier } from './cases-carrier.ts';
import { makeCbor } from './cases-cbor.ts';
import { makeClaims } from './cases-claims.ts';
import { makeCose } from './cases-cose.ts';
import { makeDelegations } from './cases-delegations.ts';
import { makeDisclosures } from './cases-disclosures.ts';
import { makePresentations } from './cases-presentations.ts';
import { makeSignatures } from './cases-signatures.ts';
import { makeSnapshots } from './cases-snapshots.ts';
import { makeStatusLists } from './cases-status-lists.ts';
import { makeTimes } from './cases-times.ts';
import { makeTrustLists } from './cases-trust-lists.ts';

const MAKERS = [
  makeCarrier,
  makeCbor,
  makeCose,
  makeClaims,
  makeSignatures,
  makePresentations,
  makeDelegations,
  makeDisclosures,
  makeTimes,
  makeTrustLists,
  makeStatusLists,
  makeSnapshots,
];

/** Every vector file by its name, as text: the same text each time, on every machine. */
export function makeVectorFiles(): Map<string, string> {
  return new Map(
    MAKERS.map((make) => {
      const group = make();
      return [`${group.name}.json`, `${write(group.file(), 0, 0)}\n`];
    }),
  );
}

const LINE_WIDTH = 120;

/** JSON as the project's formatter lays it out: objects on several lines, lists on one where they fit. */
function write(value: VectorFile | unknown, depth: number, column: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const indent = '  '.repeat(depth + 1);
  const end = `\n${'  '.repeat(depth)}`;
  if (Array.isArray(value)) {
    const isFlat = value.every((item) => typeof item !== 'object');
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (isFlat && column + line.length + 1 <= LINE_WIDTH) return line;
    if (isFlat && value.every((item) => typeof item === 'number')) return fill(value, indent, end);
    return `[\n${value.map((item) => indent + write(item, depth + 1, indent.length)).join(',\n')}${end}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const start = `${indent}${JSON.stringify(key)}: `;
    return start + write(item, depth + 1, start.length);
  });
  return `{\n${lines.join(',\n')}${end}}`;
}

/** Numbers, as many in a line as fit. */
function fill(numbers: readonly number[], indent: string, end: string): string {
  const lines: string[] = [];
  for (const number of numbers) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + `, ${number},`.length <= LINE_WIDTH)
      lines[lines.length - 1] = `${last}, ${number}`;
    else lines.push(indent + number);
  }
  return `[\n${lines.join(',\n')}${end}]`;
}
