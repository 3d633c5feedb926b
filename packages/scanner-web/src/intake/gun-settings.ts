import { BAUD_RATES } from '../input/serial-gun.ts';

/** What a device remembers of its guns. */
export interface GunSettings {
  readonly baudRate: number;
  /** Whether the scan field is on. */
  readonly hasField: boolean;
}

const KEY = 'zhengma.guns';
const FACTORY: GunSettings = { baudRate: BAUD_RATES[0], hasField: false };

/** What was set on this device. */
export function recallGunSettings(): GunSettings {
  try {
    const { baudRate, hasField } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return { baudRate: BAUD_RATES.find((rate) => rate === baudRate) ?? FACTORY.baudRate, hasField: hasField === true };
  } catch {
    return FACTORY;
  }
}

/** Remembers it, where the browser keeps data. */
export function rememberGunSettings(settings: GunSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Blocked or full: it holds until the page is closed.
  }
}
