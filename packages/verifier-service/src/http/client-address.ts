import { isIP } from 'node:net';
import type { Context } from 'koa';

/** The client's, as far as it is known: a proxy may write into its header what is none. */
export function readAddress({ ip, socket }: Pick<Context, 'ip' | 'socket'>): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
}
