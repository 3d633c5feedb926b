import { EMPTY_BUFFER, splitLines } from './serial-lines.ts';

/** What is used of a `SerialPort` (Web Serial API); TypeScript's own library does not know it. */
export interface SerialPortLike extends EventTarget {
  readonly readable: ReadableStream<Uint8Array> | null;
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
}

/** What is used of `navigator.serial`. Its `connect` is dispatched on the port and bubbles. */
export interface SerialLike extends EventTarget {
  getPorts(): Promise<SerialPortLike[]>;
  requestPort(): Promise<SerialPortLike>;
}

/** How a gun at a serial port fares. */
export type SerialState = 'none' | 'opening' | 'open' | 'unplugged' | 'busy';

/** A gun at a serial port. */
export interface SerialGun {
  /** Asks which port; only from within a click. */
  choosePort(): Promise<void>;
  /** Opens the port again at this rate. */
  setBaudRate(baudRate: number): Promise<void>;
  /** Closes the port and opens it no more. */
  stop(): Promise<void>;
}

/** The rates that scanners can be set to; 9600 is what they come with. */
export const BAUD_RATES = [9600, 19_200, 38_400, 57_600, 115_200] as const;

/** What a gun at a serial port needs, and tells. */
export interface SerialGunParts {
  readonly serial: SerialLike;
  readonly baudRate: number;
  readonly onText: (text: string) => void;
  readonly onState: (state: SerialState) => void;
}

/** Opens the port that was chosen on an earlier day, if there is one, and again whenever it is plugged in. */
export function createSerialGun({ serial, baudRate, onText, onState }: SerialGunParts): SerialGun {
  let rate = baudRate;
  let port: SerialPortLike | undefined;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let reading: Promise<void> | undefined;
  let hasStopped = false;

  serial.addEventListener('connect', reopen);
  reopen();

  async function reopen(): Promise<void> {
    const [known] = await serial.getPorts().catch(() => []);
    if (known && !port) await open(known);
  }

  async function open(chosen: SerialPortLike): Promise<void> {
    await close();
    if (hasStopped) return;
    port = chosen;
    onState('opening');
    try {
      await chosen.open({ baudRate: rate });
    } catch {
      // Another program or another tab has it, or it was pulled out while it was opened.
      if (port !== chosen) return;
      port = undefined;
      return onState('busy');
    }
    if (port !== chosen) return releasePort(chosen);
    onState('open');
    reading = read(chosen);
  }

  async function close(): Promise<void> {
    const closing = port;
    port = undefined;
    await reader?.cancel().catch(() => undefined);
    // A port is not closed while somebody has its stream.
    await reading;
    if (closing) await releasePort(closing);
  }

  async function read(opened: SerialPortLike): Promise<void> {
    // A line that was disturbed ends one stream, and the port has another; one that was pulled out has none.
    let isDisturbed = true;
    while (isDisturbed && port === opened && opened.readable) {
      const mine = opened.readable.getReader();
      reader = mine;
      isDisturbed = await readStream(mine).then(
        () => false,
        () => true,
      );
      mine.releaseLock();
      reader = undefined;
    }
    if (port !== opened) return;
    port = undefined;
    await releasePort(opened);
    onState('unplugged');
  }

  async function readStream(stream: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    let buffer = EMPTY_BUFFER;
    for (;;) {
      const { done, value } = await stream.read();
      if (done) return;
      const split = splitLines(buffer, value);
      buffer = split.buffer;
      for (const line of split.lines) if (line.kind === 'line') onText(line.text);
    }
  }

  return {
    async choosePort() {
      // Who puts the question away has chosen nothing.
      const chosen = await serial.requestPort().catch(() => undefined);
      if (chosen) await open(chosen);
    },
    async setBaudRate(chosen) {
      rate = chosen;
      if (port) await open(port);
    },
    async stop() {
      hasStopped = true;
      serial.removeEventListener('connect', reopen);
      await close();
    },
  };
}

/** One that was pulled out, or is still being opened, cannot be closed. */
async function releasePort(port: SerialPortLike): Promise<void> {
  await port.close().catch(() => undefined);
}
