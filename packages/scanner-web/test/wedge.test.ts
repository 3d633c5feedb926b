import { expect, test } from 'vitest';
import { advanceWedge, type Burst, NO_KEYS, type WedgeEvent } from '../src/input/wedge.ts';
import { readBurst } from '../src/scanner/gun-text.ts';
import { FRENCH, GERMAN, sendKeys } from './keyboards.ts';

const CODE = 'ZM1:NCFOXN%TS3DHC$C.Q8-+O6 /Y*:4';
const OFFICIAL = '3201009876543210987654321098';

/** Feeds events, and a silence long after the last. */
function play(events: readonly WedgeEvent[], isFollowedBySilence = true) {
  const bursts: Burst[] = [];
  const taken: boolean[] = [];
  let state = NO_KEYS;
  const last = events.at(-1)?.at ?? 0;
  for (const event of isFollowedBySilence ? [...events, { kind: 'silence', at: last + 500 } as const] : events) {
    const step = advanceWedge(state, event);
    state = step.state;
    taken.push(step.isTaken);
    if (step.burst) bursts.push(step.burst);
  }
  return { bursts, taken, texts: bursts.map(readBurst), state };
}

test.each(['Enter', 'Tab'] as const)(
  'a code that ends with %s is whole at once, and its keys do nothing else',
  (suffix) => {
    const { texts, bursts, taken } = play(sendKeys(CODE, { suffix }), false);
    expect(texts).toEqual([CODE]);
    expect(bursts[0]).toMatchObject({ suffix, charactersPerSecond: 125, isComposed: false, isCapsLocked: false });
    expect(taken.at(-1)).toBe(true);
  },
);

test('a code without a suffix is whole after a silence', () => {
  expect(play(sendKeys(CODE), false).texts).toEqual([]);
  const { texts, bursts } = play(sendKeys(CODE));
  expect(texts).toEqual([CODE]);
  expect(bursts[0]?.suffix).toBe('none');
});

test('a code that pauses within stays one', () => {
  const pause = (index: number) => (index % 11 === 10 ? 450 : 12);
  expect(play(sendKeys(CODE, { pause, suffix: 'Enter' })).texts).toEqual([CODE]);
});

test('two codes without a suffix are two, also when a busy page hears of no silence', () => {
  const second = CODE.replace('NCFOXN', 'ABCDEF');
  expect(play([...sendKeys(CODE), ...sendKeys(second, { at: 3_000 })]).texts).toEqual([CODE, second]);
});

test.each([
  ['a Chinese input method', { isComposing: true }],
  ['Caps Lock', { isCapsLocked: true }],
  ['a German keyboard', { layout: GERMAN }],
  ['a French keyboard', { layout: FRENCH }],
  ['a French keyboard with Caps Lock', { layout: FRENCH, isCapsLocked: true }],
] as const)('%s changes nothing', (_, gun) => {
  for (const code of [CODE, OFFICIAL, '370202196503120018', 'https://example.org/x?a=1'])
    expect(play(sendKeys(code, { ...gun, suffix: 'Enter' })).texts[0]?.toUpperCase()).toBe(code.toUpperCase());
  expect(play(sendKeys(CODE, gun)).texts).toEqual([CODE]);
});

test('a gun that is set to the keyboard of the computer is read by what is typed', () => {
  // On a German keyboard the key between T and U writes Z.
  const german = sendKeys(CODE, { suffix: 'Enter' }).map((event) =>
    event.kind === 'key' && event.key === 'Z' ? { ...event, code: 'KeyY' } : event,
  );
  expect(play(german).texts).toEqual([CODE]);
});

test('a scanner that writes text: whole, in pieces, with its line end, full width', () => {
  const piece = (text: string, at: number): WedgeEvent => ({ kind: 'text', text, at });
  expect(play([piece(CODE, 1_000)]).texts).toEqual([CODE]);
  expect(play([piece(`${CODE}\r\n`, 1_000)], false).texts).toEqual([CODE]);
  expect(play([piece(CODE.slice(0, 9), 1_000), piece(`${CODE.slice(9)}\t`, 1_300)], false).bursts[0]?.suffix).toBe(
    'Tab',
  );
  expect(play([piece(CODE.replaceAll(':', '：').replace('$', '￥').replace('.', '。'), 1_000)]).texts).toEqual([CODE]);
});

test('a person at the keyboard is no gun, and keeps the keys', () => {
  const typed = play(sendKeys('zhang jianguo 370202', { suffix: 'Enter', pause: (index) => 90 + (index % 5) * 25 }));
  expect(typed.bursts).toEqual([]);
  expect(typed.taken).not.toContain(true);
});

test('Space and Enter for the next person, and Tab, are left to the page', () => {
  for (const key of [' ', 'Enter', 'Tab']) {
    const code = key === ' ' ? 'Space' : key;
    const [press] = sendKeys('A');
    const events = [{ ...press, key, code, at: 1_000 } as WedgeEvent, { ...press, key, code, at: 1_400 } as WedgeEvent];
    expect(play(events).taken, key).toEqual([false, false, false]);
  }
});

test('a key that is held down is no code, and neither is a shortcut', () => {
  const held = sendKeys('AAAAAAAAAAAA').map((event) => ({ ...event, isRepeated: true }) as WedgeEvent);
  expect(play(held).bursts).toEqual([]);
  const shortcuts = sendKeys('acvxfgacvx').map((event) => ({ ...event, isShortcut: true }) as WedgeEvent);
  expect(play(shortcuts)).toMatchObject({ bursts: [], taken: expect.not.arrayContaining([true]) });
});

test('too short to be a code: nothing is read, and its Enter calls nobody', () => {
  const { bursts, taken } = play(sendKeys('12345', { suffix: 'Enter' }));
  expect(bursts).toEqual([]);
  expect(taken.at(-2)).toBe(true);
});

test('a second line end belongs to the gun, a later Enter to the page', () => {
  const events = sendKeys(CODE, { suffix: 'Enter' });
  const end = events.at(-1) as WedgeEvent;
  const controlJ = { ...end, key: 'j', code: 'KeyJ', isShortcut: true, at: end.at + 9 } as WedgeEvent;
  const { texts, taken } = play([...events, controlJ, { ...end, at: end.at + 400 }], false);
  expect(texts).toEqual([CODE]);
  expect(taken.slice(-2)).toEqual([true, false]);
});

test('more than 8 KiB is no code, and does not end as several', () => {
  expect(play(sendKeys('A'.repeat(20_000), { suffix: 'Enter' })).bursts).toEqual([]);
  expect(play(sendKeys('A'.repeat(8_192), { suffix: 'Enter' })).texts).toEqual(['A'.repeat(8_192)]);
});

test('nothing readable is no text', () => {
  expect(readBurst({ typed: 'ÖÄÜ\uFFFD', placed: '\uFFFD\uFFFD\uFFFD\uFFFD' })).toBeUndefined();
});
