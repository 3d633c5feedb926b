import { expect, test } from 'vitest';
import { DEFAULT_TEMPLATE, fillTemplate, isGoodTemplate } from '../src/workplace/clipboard-template.ts';
import { parseLocalAddress } from '../src/workplace/hand-over-setting.ts';
import { parseWindowNumber, parseWorkplace, readModeOf } from '../src/workplace/kept-workplace.ts';
import { DEFAULT_WORKPLACE, type Workplace } from '../src/workplace/workplace.ts';

const SET: Workplace = {
  mode: 'hospital',
  windowNumber: 'A12',
  elder: true,
  voice: true,
  sound: true,
  handOver: { way: 'http', address: 'http://127.0.0.1:9000/zhengma', automatic: true, withCode: true },
};

test('what was kept comes back as it was', () => {
  expect(parseWorkplace(JSON.stringify(SET))).toEqual(SET);
  const clipboard: Workplace = {
    ...DEFAULT_WORKPLACE,
    handOver: { way: 'clipboard', template: DEFAULT_TEMPLATE, automatic: false, withCode: false },
  };
  expect(parseWorkplace(JSON.stringify(clipboard))).toEqual(clipboard);
});

test.each([
  ['nothing', null],
  ['no JSON', '{"mode":'],
  ['another kind of JSON', '"kiosk"'],
  ['null', 'null'],
  ['far too long', JSON.stringify({ ...SET, more: 'x'.repeat(5_000) })],
])('%s: a device that nobody has set up', (_, text) => {
  expect(parseWorkplace(text)).toEqual(DEFAULT_WORKPLACE);
});

test.each([
  ['a mode that there is not', { mode: 'bank' }, { mode: 'counter' }],
  ['a window number that is too long', { windowNumber: '1234567890123' }, {}],
  ['a window number of another kind', { windowNumber: 3 }, {}],
  ['a flag that is none', { elder: 'yes' }, {}],
  ['an address elsewhere', { handOver: { way: 'http', address: 'http://his.example:9000/' } }, {}],
  ['a way that there is not', { handOver: { way: 'mail', address: 'http://127.0.0.1:9000/' } }, {}],
])('%s is as if nobody had set it, and the rest stays', (_, damage, rest) => {
  expect(parseWorkplace(JSON.stringify({ mode: 'kiosk', sound: true, ...damage }))).toEqual({
    ...DEFAULT_WORKPLACE,
    mode: 'kiosk',
    sound: true,
    ...rest,
  });
});

test('a mode in the address of the page', () => {
  expect(readModeOf('?mode=kiosk')).toBe('kiosk');
  expect(readModeOf('?mode=Kiosk')).toBeUndefined();
  expect(readModeOf('')).toBeUndefined();
});

test('a window number is short and printable', () => {
  expect(parseWindowNumber(' 三号 ')).toBe('三号');
  expect(parseWindowNumber('一二三四五六七八九十甲乙')).toBe('一二三四五六七八九十甲乙');
  for (const bad of ['', '   ', 'A\u202eB', 'a\nb', '一二三四五六七八九十甲乙丙'])
    expect(parseWindowNumber(bad)).toBeUndefined();
});

test.each([
  ['http', 'http://127.0.0.1:9000/zhengma', 'http://127.0.0.1:9000/zhengma'],
  ['http', 'http://localhost:9000', 'http://localhost:9000/'],
  ['websocket', 'ws://127.0.0.1:9000/a/b', 'ws://127.0.0.1:9000/a/b'],
] as const)('%s to %s', (way, text, address) => {
  expect(parseLocalAddress(text, way)).toBe(address);
});

test.each([
  ['http', 'https://127.0.0.1:9000/'],
  ['http', 'ws://127.0.0.1:9000/'],
  ['websocket', 'http://127.0.0.1:9000/'],
  ['http', 'http://127.0.0.1/'],
  ['http', 'http://127.1:9000/'],
  ['http', 'http://2130706433:9000/'],
  ['http', 'http://[::1]:9000/'],
  ['http', 'http://127.0.0.1.his.example:9000/'],
  ['http', 'http://127.0.0.1:9000@his.example:80/'],
  ['http', 'http://user@127.0.0.1:9000/'],
  ['http', 'http://localhost.his.example:9000/'],
  ['http', 'http://192.168.1.2:9000/'],
  ['http', 'http://0.0.0.0:9000/'],
  ['http', 'http://127.0.0.1:9000/?a=1'],
  ['http', 'http://127.0.0.1:9000/#a'],
  ['http', 'javascript:alert(1)'],
  ['http', `http://127.0.0.1:9000/${'a'.repeat(200)}`],
] as const)('%s to %s is refused', (way, text) => {
  expect(parseLocalAddress(text, way)).toBeUndefined();
});

const VALUES = {
  receipt: '00ff',
  tone: 'valid',
  code: 'valid',
  checkedAt: '2026-06-01T08:00:00.000Z',
  businessType: '01301',
  operator: 'o1',
  window: '=1+1',
  name: '张"**',
  idNumber: '*0018',
  text: 'a\tb\r\nc',
};

test('a template is filled, and each value escaped for what it goes into', () => {
  expect(fillTemplate('{receipt} {name}', VALUES)).toBe('00ff 张"**');
  expect(fillTemplate('{window:csv},{name:csv}', VALUES)).toBe(`"'=1+1","张""**"`);
  expect(JSON.parse(fillTemplate('{"name":{name:json},"text":{text:json}}', VALUES))).toEqual({
    name: VALUES.name,
    text: VALUES.text,
  });
  expect(fillTemplate('{text}', VALUES), 'no key of a form is pressed').toBe('a b c');
});

test('a template that names nothing, or what there is not, is refused', () => {
  expect(isGoodTemplate(DEFAULT_TEMPLATE)).toBe(true);
  expect(isGoodTemplate('{"name":{name:json}}')).toBe(true);
  for (const bad of ['', 'name', '{ecToken}', '{name:xml}', '{name:constructor}', '{name} {x}', '{name}'.repeat(200)])
    expect(isGoodTemplate(bad), bad).toBe(false);
});
