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

test('the forms of the field table are those that the registry reads', () => {
  for (const [, key, form = ''] of FORMAT.matchAll(/^\| (\d+) \| `\w+` \| \S+ \| [\w ]+ \| `(.+)` \|$/gm)) {
    const [within, beyond] = valuesOf(form);
    const field = FIELDS.find((each) => each.key === Number(key));
    for (const value of within) expect(field?.decode(value), `${key}: ${String(value)}`).toBeDefined();
    for (const value of beyond) expect(field?.decode(value), `${key}: ${String(value)}`).toBeUndefined();
  }
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

type Value = Parameters<(typeof FIELDS)[number]['decode']>[0];

/** Values at the edge of a form, within and beyond it. */
function valuesOf(form: string): readonly [readonly Value[], readonly Value[]] {
  const array = /^\[1\*(\d+) (.+)\]$/.exec(form);
  if (array) {
    const most = Number(array[1]);
    const [[one], [beyond]] = valuesOf(array[2] ?? '') as readonly [readonly [Value], readonly [Value]];
    return [
      [[one], Array(most).fill(one)],
      [[], [beyond], Array(most + 1).fill(one), one],
    ];
  }
  const pair = /^\[name: .+, relation: .+\]$/.test(form);
  if (pair) return [[['李*', 2]], [['李*'], ['李*', 2, 0], ['', 2], ['李*', 1e9]]];
  const most = Number(/^uint \.lt (\d+)/.exec(form)?.[1]);
  if (most > 0)
    return [
      [most - 1, 0],
      [most, -1, true, ...(form.includes('tstr') ? ['A'.repeat(13)] : ['A'])],
    ];
  const bytes = Number(/^bstr \.size (\d+)$/.exec(form)?.[1]);
  if (bytes > 0) return [[new Uint8Array(bytes)], [new Uint8Array(bytes - 1), new Uint8Array(bytes + 1), 'A']];
  const range = /^(\d+)\.\.(\d+)$/.exec(form);
  if (range)
    return [
      [Number(range[1]), Number(range[2])],
      [Number(range[1]) - 1, Number(range[2]) + 1],
    ];
  if (form === 'true') return [[true], [false, 1]];
  if (form.includes('.{1,64}'))
    return [
      ['张', '张'.repeat(64)],
      ['', '张'.repeat(65), 7],
    ];
  if (form.includes('[*]'))
    return [
      ['*1', 'ABCDEF*002X'],
      ['*', '1234567*1', '*12345', 7],
    ];
  throw new Error(`no values are known of ${form}`);
}
