import { isGoodTemplate } from './clipboard-template.ts';
import type { HandOver } from './workplace.ts';

const MAX_ADDRESS = 200;

/**
 * Hosts that are this machine wherever the page is opened. `[::1]` is one too, but no content security policy can name it, so
 * that the browser would refuse every connection.
 */
const THIS_MACHINE: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

const PROTOCOLS = { http: 'http:', websocket: 'ws:' } as const;

/** What was kept of it; nothing where any of it is damaged: half a setting would send results to the wrong place. */
export function parseHandOver(value: unknown): HandOver | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { way, address, template, automatic, withCode } = value as Readonly<Record<string, unknown>>;
  const how = { automatic: automatic === true, withCode: withCode === true };
  if (way === 'clipboard') {
    return typeof template === 'string' && isGoodTemplate(template) ? { way, template, ...how } : undefined;
  }
  if ((way !== 'http' && way !== 'websocket') || typeof address !== 'string') return undefined;
  const checked = parseLocalAddress(address, way);
  return checked === undefined ? undefined : { way, address: checked, ...how };
}

/**
 * An address on this machine and no other: `http://127.0.0.1:9000/zhengma`, `ws://localhost:9000/zhengma`. Spelled out: what a browser would
 * read otherwise than it is written (`127.1`, a user before the host) is refused, and so is a query, which ends in logs.
 *
 * @returns the address as the browser writes it
 */
export function parseLocalAddress(text: string, way: 'http' | 'websocket'): string | undefined {
  if (text.length > MAX_ADDRESS || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port, href } = new URL(text);
  if (protocol !== PROTOCOLS[way] || !THIS_MACHINE.has(hostname) || port === '') return undefined;
  return (href === text || href === `${text}/`) && !/[?#@]/.test(href) ? href : undefined;
}
