import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderQr } from '@zhengma/credential-core/qr';
import { expect, test } from 'vitest';
import { advanceWedge, type Burst, NO_KEYS } from '../src/input/wedge.ts';
import { CHECK_TEXT, checkGun } from '../src/scanner/gun-check.ts';
import { createScanMemory } from '../src/scanner/scan-memory.ts';
import { FRENCH, GERMAN, type Gun, sendKeys } from './keyboards.ts';

function scan(text: string, gun: Gun = { suffix: 'Enter' }): Burst {
  let state = NO_KEYS;
  const events = sendKeys(text, gun);
  for (const event of [...events, { kind: 'silence', at: 100_000 } as const]) {
    const step = advanceWedge(state, event);
    state = step.state;
    if (step.burst) return step.burst;
  }
  throw new Error('no gun');
}

test('the set-up code holds all 45 characters, and its picture is the one that the page shows', async () => {
  expect([...new Set(CHECK_TEXT)].sort().join('')).toBe(' $%*+-./0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const drawn = await readFile(join(import.meta.dirname, '../public/scan/gun-check.svg'), 'utf8');
  const path = /<path d="[^"]+"/.exec(await renderQr(CHECK_TEXT, { format: 'svg' }))?.[0];
  expect(drawn).toContain(path);
});

test('all right', () => {
  expect(checkGun(scan(CHECK_TEXT))).toEqual({
    isReadable: true,
    findings: [],
    changed: [],
    lost: [],
    suffix: 'Enter',
    charactersPerSecond: 125,
  });
});

test.each([
  ['input_method', { isComposing: true }],
  ['caps_lock', { isCapsLocked: true }],
  ['layout', { layout: GERMAN }],
  ['layout', { layout: FRENCH }],
] as const)('%s is said, and the gun can be used all the same', (finding, gun) => {
  expect(checkGun(scan(CHECK_TEXT, { ...gun, suffix: 'Tab' }))).toMatchObject({
    isReadable: true,
    findings: [finding],
    suffix: 'Tab',
  });
});

test('which characters arrive as others', () => {
  const { changed } = checkGun(scan(CHECK_TEXT, { layout: GERMAN, suffix: 'Enter' }));
  expect(changed).toContainEqual({ sent: 'Z', arrived: 'Y' });
  expect(changed).toContainEqual({ sent: ':', arrived: 'Ö' });
  expect(changed).not.toContainEqual(expect.objectContaining({ sent: 'A' }));
});

test('no suffix is said beside whatever else there is', () => {
  expect(checkGun(scan(CHECK_TEXT, {}))).toMatchObject({ isReadable: true, findings: ['no_suffix'], suffix: 'none' });
  expect(checkGun(scan(CHECK_TEXT, { isCapsLocked: true })).findings).toEqual(['caps_lock', 'no_suffix']);
});

test('a gun that makes capitals small, and one whose characters come full width', () => {
  expect(checkGun(scan(CHECK_TEXT.toLowerCase())).findings).toEqual(['small_letters']);
  const wide = CHECK_TEXT.replaceAll(':', '：');
  expect(checkGun({ ...scan(CHECK_TEXT), typed: wide, placed: wide }).findings).toEqual(['full_width']);
});

test('characters that were lost, by name', () => {
  const { isReadable, findings, lost } = checkGun(scan(CHECK_TEXT.replace('$', '').replace('Q', '')));
  expect({ isReadable, findings, lost }).toEqual({ isReadable: false, findings: ['lost'], lost: ['Q', '$'] });
});

test('a gun with a keyboard of its own that is not this computer’s cannot be used', () => {
  const wrong = CHECK_TEXT.replaceAll('Z', 'Y').replaceAll(':', '>');
  const { isReadable, findings, changed } = checkGun({ ...scan(CHECK_TEXT), typed: wrong, placed: wrong });
  expect({ isReadable, findings }).toEqual({ isReadable: false, findings: ['wrong_layout'] });
  expect(changed).toEqual([
    { sent: 'Z', arrived: 'Y' },
    { sent: ':', arrived: '>' },
  ]);
});

test('another code is another code, and nothing of it is repeated', () => {
  const report = checkGun(scan('3702021965031200184'));
  expect(report).toMatchObject({ isReadable: false, findings: ['other_code'], changed: [], lost: [] });
});

test('the same code once more counts once, for as long as the gun goes on; a few stray keys are none', () => {
  const memory = createScanMemory();
  expect([0, 900, 1_800, 2_700].map((at) => memory.isNewCode('ZM1:AB', at))).toEqual([true, false, false, false]);
  expect(memory.isNewCode('12345', 2_750)).toBe(false);
  expect(memory.isNewCode('ZM1:BB', 2_800)).toBe(true);
  expect(memory.isNewCode('ZM1:AB', 2_900)).toBe(true);
  expect(memory.isNewCode('ZM1:AB', 4_400)).toBe(true);
});
