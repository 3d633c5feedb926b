import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gunInput } from '../src/embed/gun-input.ts';
import type { InputRoom } from '../src/embed/input-room.ts';
import { serialInput } from '../src/embed/serial-input.ts';
import type { SerialPortLike } from '../src/input/serial-gun.ts';
import { FRENCH, type Gun, sendKeys } from './keyboards.ts';

const CODE = 'ZM1:6BFOXN$%*+-./: 0A';

/** What stands for an element, and for a field. */
class FakeElement extends EventTarget {
  readonly isContentEditable: boolean = false;
  readonly isField: boolean;
  constructor(isField: boolean) {
    super();
    this.isField = isField;
  }
  matches(): boolean {
    return this.isField;
  }
}

let read: string[];
let room: InputRoom;
let page: EventTarget;

beforeEach(() => {
  read = [];
  const unused = () => Promise.reject(new Error('not of this input'));
  room = { readText: (text) => read.push(text), readImage: unused, readFrame: unused, reportCamera: unused };
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('document', { querySelector: () => null });
  vi.stubGlobal('HTMLElement', FakeElement);
  vi.stubGlobal('HTMLInputElement', class {});
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Types as a gun does. @returns how many keys were left to whoever has the focus */
function type(text: string, gun: Gun, inner: EventTarget = page): number {
  let left = 0;
  for (const event of sendKeys(text, gun)) {
    if (event.kind !== 'key') continue;
    const { key, code, isShifted: shiftKey, isCapsLocked } = event;
    const press = Object.assign(new Event('keydown', { cancelable: true }), {
      key,
      code,
      shiftKey,
      getModifierState: (name: string) => name === 'CapsLock' && isCapsLocked,
      composedPath: () => [inner],
    });
    if (page.dispatchEvent(press) && key.length === 1) left++;
  }
  return left;
}

test('gunInput: a code is read once, also by another keyboard, and its keys do nothing else', () => {
  const connection = gunInput().connect(room);
  expect(type(CODE, { suffix: 'Enter' })).toBe(1);
  expect(read).toEqual([CODE]);
  type(CODE, { suffix: 'Enter' });
  expect(read).toEqual([CODE]);
  type(`${CODE}B`, { suffix: 'Enter', layout: FRENCH, isCapsLocked: true });
  expect(read).toEqual([CODE, `${CODE}B`]);
  connection.disconnect();
  expect(type(`${CODE}C`, { suffix: 'Enter' })).toBe(`${CODE}C`.length);
  expect(read).toHaveLength(2);
});

test('gunInput: what is typed into a field stays there, also into one within a custom element', () => {
  gunInput().connect(room);
  expect(type(CODE, { suffix: 'Enter' }, new FakeElement(true))).toBe(CODE.length);
  expect(read).toEqual([]);
  type(CODE, { suffix: 'Enter' }, new FakeElement(false));
  expect(read).toEqual([CODE]);
});

test('gunInput: after disconnect a field for guns is an ordinary one: what is written there is neither read nor taken away', () => {
  class GunField extends FakeElement {
    value = '';
    hasAttribute(name: string): boolean {
      return name === 'data-gun';
    }
  }
  class FakeInput extends Event {
    readonly data = CODE;
    readonly inputType = 'insertText';
    readonly isComposing = false;
  }
  vi.stubGlobal('HTMLInputElement', GunField);
  vi.stubGlobal('InputEvent', FakeInput);
  vi.useFakeTimers();
  const field = new GunField(true);
  const told = (event: Event, inner: EventTarget) => Object.assign(event, { composedPath: () => [inner] });
  const write = (kind: 'input' | 'compositionend') => {
    field.value = CODE;
    page.dispatchEvent(told(new FakeInput(kind), field));
    vi.advanceTimersByTime(1_000);
    return field.value;
  };
  try {
    const connection = gunInput().connect(room);
    expect(write('input')).toBe('');
    expect(read).toEqual([CODE]);
    const press = { key: 'Z', code: 'KeyZ', getModifierState: () => false };
    page.dispatchEvent(told(Object.assign(new Event('keydown', { cancelable: true }), press), field));
    connection.disconnect();
    page.dispatchEvent(new Event('compositionstart'));
    expect(['input', 'compositionend'].map((kind) => write(kind as 'input'))).toEqual([CODE, CODE]);
    expect(read).toEqual([CODE]);
    const release = Object.assign(new Event('keyup', { cancelable: true }), { code: 'KeyZ' });
    expect(page.dispatchEvent(release), 'the key is let go in peace').toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

/** A port that is plugged in, with what it was opened and closed with. */
function plugIn(known: boolean) {
  const log: string[] = [];
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const port = Object.assign(new EventTarget(), {
    readable,
    open: async ({ baudRate }: { readonly baudRate: number }) => void log.push(`open ${baudRate}`),
    close: async () => void log.push('close'),
  }) satisfies SerialPortLike;
  const serial = Object.assign(new EventTarget(), {
    getPorts: async () => (known ? [port] : []),
    requestPort: async () => port,
  });
  vi.stubGlobal('navigator', { serial });
  const writer = writable.getWriter();
  return { log, send: (text: string) => writer.write(new TextEncoder().encode(text)) };
}

test('serialInput: the port of an earlier day is opened, its lines are read, and it is closed with the scanner', async () => {
  const { log, send } = plugIn(true);
  const states: string[] = [];
  const connection = serialInput({ baudRate: 115_200, onState: (state) => states.push(state) }).connect(room);
  await vi.waitFor(() => expect(states).toEqual(['opening', 'open']));
  await send(`${CODE}\r\n${CODE}\r`);
  await send('ZM1:SECOND\n');
  await vi.waitFor(() => expect(read).toEqual([CODE, 'ZM1:SECOND']));
  connection.disconnect();
  await vi.waitFor(() => expect(log).toEqual(['open 115200', 'close']));
  expect(states).toEqual(['opening', 'open']);
});

test('serialInput: a port is chosen while the scanner runs, and only then', async () => {
  const { log } = plugIn(false);
  const input = serialInput();
  await expect(input.choosePort()).rejects.toThrow(TypeError);
  const connection = input.connect(room);
  await input.choosePort();
  expect(log).toEqual(['open 9600']);
  connection.disconnect();
  await vi.waitFor(() => expect(log).toEqual(['open 9600', 'close']));
  await expect(input.choosePort()).rejects.toThrow(TypeError);
});

test('serialInput: where the browser has no serial ports nothing is read, and a rate that is none is refused', () => {
  vi.stubGlobal('navigator', {});
  serialInput().connect(room).disconnect();
  expect(() => serialInput({ baudRate: 0 })).toThrow(TypeError);
});
