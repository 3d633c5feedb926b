/** Whose turn it is among the scanners of one browser that could tell the second screen. */
const TURN = 'zhengma-patient-screen';

/**
 * Takes the turn whenever this page is in front, from whichever had it, and waits for it otherwise: it comes too when the page that has
 * it is closed. Where there are no locks (an insecure address) every page has it.
 *
 * @param onTurn told when it is this page's turn and when it is no more; waiting counts as not having it
 */
export function takeScreenTurns(onTurn: (hasTurn: boolean) => void): void {
  const { locks } = navigator;
  let waiting: AbortController | undefined;
  let hasTurn = false;

  function hold(): Promise<never> {
    waiting = undefined;
    hasTurn = true;
    onTurn(true);
    // Until the page ends, or another one takes it.
    return new Promise(() => undefined);
  }

  function wait(): void {
    hasTurn = false;
    onTurn(false);
    waiting = new AbortController();
    // Put off by the page itself when it comes to the front before its turn.
    locks.request(TURN, { signal: waiting.signal }, hold).catch(() => undefined);
  }

  function comeToFront(): void {
    if (hasTurn || document.hidden) return;
    waiting?.abort();
    locks.request(TURN, { steal: true }, hold).catch(wait);
  }

  // A page that is still being built is told when it stands.
  queueMicrotask(() => {
    if (!locks) return onTurn(true);
    addEventListener('focus', comeToFront);
    document.addEventListener('visibilitychange', comeToFront);
    if (document.hidden) wait();
    else comeToFront();
  });
}
