import { fillTemplate } from './clipboard-template.ts';
import { type HandOverMessage, listValues } from './hand-over-message.ts';
import type { HandOver } from './workplace.ts';

/**
 * What became of it: `taken`; `refused`, the HIS answered otherwise; `silent`, nothing answered in time; `not_allowed`, the policy of
 * the service does not name the address; `not_copied`, the browser gave no clipboard.
 */
export type HandOverOutcome = 'taken' | 'refused' | 'silent' | 'not_allowed' | 'not_copied';

/** Somebody stands at the counter. */
const PATIENCE_MILLISECONDS = 3_000;

/** Hands over once: what did not arrive is for the operator to say again. Never rejects. */
export async function sendHandOver(handOver: HandOver, message: HandOverMessage): Promise<HandOverOutcome> {
  if (handOver.way === 'clipboard') return copy(fillTemplate(handOver.template, listValues(message)));
  const { way, address } = handOver;
  let isForbidden = false;
  const forbid = ({ blockedURI }: SecurityPolicyViolationEvent) => {
    isForbidden ||= blockedURI !== '' && address.startsWith(blockedURI);
  };
  document.addEventListener('securitypolicyviolation', forbid);
  const json = JSON.stringify(message);
  const outcome = await (way === 'http' ? post(address, json) : speak(address, json));
  // The browser says why it refused right after it has.
  if (outcome === 'silent') await new Promise((resolve) => setTimeout(resolve));
  document.removeEventListener('securitypolicyviolation', forbid);
  return isForbidden ? 'not_allowed' : outcome;
}

/** Taken is any status of 200 to 299; the body of the answer is not read. */
async function post(address: string, body: string): Promise<HandOverOutcome> {
  try {
    const { ok } = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    return ok ? 'taken' : 'refused';
  } catch {
    return 'silent';
  }
}

/** One text message there; taken is the text `ok` back, anything else is refused. */
function speak(address: string, text: string): Promise<HandOverOutcome> {
  return new Promise((resolve) => {
    let socket: WebSocket;
    try {
      socket = new WebSocket(address);
    } catch {
      return resolve('not_allowed');
    }
    const end = (outcome: HandOverOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
      socket.close();
    };
    const timer = setTimeout(() => end('silent'), PATIENCE_MILLISECONDS);
    socket.addEventListener('open', () => socket.send(text));
    socket.addEventListener('message', ({ data }) => end(data === 'ok' ? 'taken' : 'refused'));
    for (const kind of ['error', 'close']) socket.addEventListener(kind, () => end('silent'));
  });
}

async function copy(text: string): Promise<HandOverOutcome> {
  try {
    await navigator.clipboard.writeText(text);
    return 'taken';
  } catch {
    return 'not_copied';
  }
}
