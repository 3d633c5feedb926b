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
  for (const { key, name, label, cddl } of FIELDS) {
    expect(FORMAT).toContain(`| ${key} | \`${name}\` | ${label.zh} | ${label.en} | \`${cddl}\` |`);
    expect(CDDL_LINES).toContain(`${key} => ${cddl}, ; ${name}`);
  }
});

test('the worked example is what the library makes', async () => {
  const example = await makeWorkedExample();
  for (const [name, shown] of Object.entries(example)) expect(FORMAT, name).toContain(shown);
});

test('the sizes are what the library makes', async () => {
  for (const { credential, bytes, characters, version } of await benchSizes()) {
    expect(FORMAT).toContain(`| ${credential} | ${bytes} | ${characters} | ${version} |`);
  }
});

test('every check and every code is in the tables', () => {
  for (const name of CHECK_NAMES) expect(FORMAT).toContain(`\n| ${name} | \``);
  for (const code of VERIFICATION_CODES) expect(FORMAT).toContain(`\`${code}\``);
});
