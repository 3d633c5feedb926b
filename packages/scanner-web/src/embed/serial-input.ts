import { createSerialGun, type SerialGun, type SerialLike, type SerialState } from '../input/serial-gun.ts';
import { createScanMemory } from '../scanner/scan-memory.ts';
import type { ScannerInput } from './input-room.ts';

/** What {@link serialInput} takes. */
export interface SerialInputOptions {
  /** As the gun is set to; 9600 unless given. */
  readonly baudRate?: number;
  /** Told how the port fares. */
  readonly onState?: (state: SerialState) => void;
}

/** A gun at a serial port as an input. */
export interface SerialInput extends ScannerInput {
  /**
   * Has the browser ask which port; only from within a click. It is opened by itself on later days.
   *
   * @throws TypeError while the scanner is stopped, and where the browser has no Web Serial
   */
  choosePort(): Promise<void>;
}

const BAUD_RATE = 9600;

/**
 * Codes of a scanner gun at a serial port (Web Serial: Chrome and Edge on a computer), one a line of UTF-8 that ends with CR or LF. In
 * a browser without it nothing is read.
 */
export function serialInput({ baudRate = BAUD_RATE, onState }: SerialInputOptions = {}): SerialInput {
  if (!Number.isInteger(baudRate) || baudRate <= 0) throw new TypeError('baudRate must be a number of bits per second');
  let gun: SerialGun | undefined;
  return {
    connect(room) {
      const memory = createScanMemory();
      if ('serial' in navigator) {
        gun = createSerialGun({
          serial: navigator.serial as SerialLike,
          baudRate,
          onText: (text) => memory.isNewCode(text, performance.now()) && room.readText(text),
          onState: (state) => onState?.(state),
        });
      }
      return {
        disconnect() {
          gun?.stop();
          gun = undefined;
        },
      };
    },
    async choosePort() {
      if (!gun) throw new TypeError('the scanner is stopped, or the browser has no serial ports');
      await gun.choosePort();
    },
  };
}
