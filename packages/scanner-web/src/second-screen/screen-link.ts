import { parseScreenMessage, type ScreenMessage } from './screen-message.ts';
import { takeScreenTurns } from './screen-turn.ts';

const CHANNEL = 'zhengma-patient-screen';
/** A lock that a scanner holds for as long as its page lives: a page that crashed says no goodbye, but lets go of it. */
const PRESENCE = 'zhengma-scanner';

/**
 * The scanner's end: tells the pages of this origin in this browser, and nobody else. Of several scanners the one in front tells; one
 * that comes to the front repeats what it told last.
 *
 * @param onTurn told whether it is this scanner that tells
 */
export function openScreenSender(onTurn: (hasTurn: boolean) => void): { tell(message: ScreenMessage): void } {
  const channel = new BroadcastChannel(CHANNEL);
  let last: ScreenMessage = { kind: 'waiting' };
  let mayTell = false;
  takeScreenTurns((hasTurn) => {
    mayTell = hasTurn;
    if (hasTurn) channel.postMessage(last);
    onTurn(hasTurn);
  });
  // An insecure address has no locks: a second screen there says that no scanner is there.
  navigator.locks?.request(PRESENCE, { mode: 'shared' }, () => new Promise(() => undefined)).catch(() => undefined);
  return {
    tell(message) {
      last = message;
      if (mayTell) channel.postMessage(message);
    },
  };
}

/** The second screen's end. @param onMessage takes what a scanner tells */
export function openScreenReceiver(onMessage: (message: ScreenMessage) => void): void {
  new BroadcastChannel(CHANNEL).addEventListener('message', ({ data }) => {
    const message = parseScreenMessage(data);
    if (message) onMessage(message);
  });
}

/** Whether a scanner of this browser is open. */
export async function isScannerOpen(): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === PRESENCE);
}
