import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECK_NAMES, FIELDS, VERIFICATION_CODES } from '../../packages/credential-core/src/index.ts';
import { benchSizes } from '../bench/sizes.ts';
import { makeWorkedExample } from './worked-example.ts';

const FORMAT = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');

/** The lines of the CDDL, without the mark of what is optional and with single spaces. */
const CDDL_LINES = FORMAT.split('\n').map((line) =>
  line
    .replace(/^ *\??/, '')
    .replaceAll(/ +/g, ' ')
    .trim(),
);

test('the field table and the CDDL are those of the registry', () => {
  const rows = [...FORMAT.matchAll(/^\| (\d+) \| `(\w+)` \| (\S+) \| ([\w ]+) \| `(.+)` \|$/gm)];
  expect(rows.map(([, key, name, zh, en]) => ({ key: Number(key), name, label: { zh, en } }))).toEqual(
    FIELDS.map(({ key, name, label }) => ({ key, name, label })),
  );
  for (const [, key, name, , , form] of rows) expect(CDDL_LINES).toContain(`${key} => ${form}, ; ${name}`);
});

test('the worked example is what the library makes', async () => {
  const example = await makeWorkedExample();
  for (const [name, shown] of Object.entries(example)) expect(FORMAT, name).toContain(shown);
});

test('the sizes are what the library makes', async () => {
  for (const { credential, bytes, characters, version, limit } of await benchSizes()) {
    expect(FORMAT).toContain(`| ${credential} | ${bytes} | ${characters} | ${version} |${limit ? ` ${limit}` : ''} |`);
    expect(bytes, credential).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY);
  }
});

test('the checks stand in their order, and with their codes every code once', () => {
  const rows = FORMAT.split('## 10.')[1]?.matchAll(/^\| (\w+) \| ((?:`\w+` ?)+) \|$/gm) ?? [];
  const table = [...rows].map(([, name, codes = '']) => [name, codes.replaceAll('`', '').split(' ')] as const);
  expect(table.map(([name]) => name)).toEqual(CHECK_NAMES);
  const listsOnly = /^For lists: (.*) besides\.$/m.exec(FORMAT)?.[1]?.replaceAll('`', '').split(' ') ?? [];
  expect([...table.flatMap(([, codes]) => codes), ...listsOnly]).toEqual(VERIFICATION_CODES);
});

test('the figures of the READMEs are those of the size table', () => {
  const row = /^\| default fields \| (\d+) \| \d+ \| (\d+) \|/m.exec(FORMAT);
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').replaceAll('\n', ' ');
  expect(read('README.md')).toContain(`takes ${row?.[1]} bytes and fits QR version ${row?.[2]}`);
  expect(read('README.zh-CN.md')).toContain(`为 ${row?.[1]} 字节，二维码版本 ${row?.[2]}`);
  const shown = /^\| a presentation of it \| (\d+) \| \d+ \| (\d+) \|/m.exec(FORMAT);
  expect(read('packages/credential-core/README.md')).toContain(`${shown?.[1]} bytes, QR version ${shown?.[2]}`);
});
