/** What kind of place a device stands at; each shows what is needed there and hides what is in the way. */
export type WorkplaceMode = 'counter' | 'hospital' | 'kiosk' | 'phone' | 'training';

export const WORKPLACE_MODES: readonly WorkplaceMode[] = ['counter', 'hospital', 'kiosk', 'phone', 'training'];

/** The settings of this device, the same for whoever works at it. */
export interface Workplace {
  readonly mode: WorkplaceMode;
  /** What stands above the window, at most 12 printable characters. */
  readonly windowNumber?: string;
  /** Larger type, plainer words. */
  readonly elder: boolean;
  /** The result is spoken. */
  readonly voice: boolean;
  /** The result is heard as a tone. */
  readonly sound: boolean;
  /** Where a result is handed over to; nothing where the page keeps it to itself. */
  readonly handOver?: HandOver;
}

/** A device that nobody has set up. */
export const DEFAULT_WORKPLACE: Workplace = { mode: 'counter', elder: false, voice: false, sound: false };

/** How a result gets to the HIS on the same machine. */
export type HandOverWay = 'http' | 'websocket' | 'clipboard';

/** Where a result is handed over to, and what of it. */
export type HandOver = HandOverTarget & {
  /** Without anybody asking for it, as soon as there is a result. */
  readonly automatic: boolean;
  /** With the text of the code, by which a HIS can ask the service itself. */
  readonly withCode: boolean;
};

/** A program that listens on this machine, or the clipboard. */
export type HandOverTarget =
  | { readonly way: 'http' | 'websocket'; readonly address: string }
  | { readonly way: 'clipboard'; readonly template: string };
