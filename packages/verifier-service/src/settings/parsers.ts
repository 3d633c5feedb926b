import { isIP } from 'node:net';
import path from 'node:path';

/** Reads the text of a setting; undefined for one that is not acceptable. `folder`: what relative paths start from. */
export type Parse<T> = (text: string, folder: string) => T | undefined;

const HOST = /^[A-Za-z0-9.-]{1,253}$/;
const HEADER = /^[A-Za-z0-9-]{1,64}$/;

/** A whole number from `least` to `most`. */
export function parseNumber(least: number, most: number): Parse<number> {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
}

/** One of these words. */
export function parseChoice<const Word extends string>(...words: readonly Word[]): Parse<Word> {
  return (text) => words.find((word) => word === text);
}

/** A file or a folder, as an absolute path. */
export const parsePath: Parse<string> = (text, folder) => (text === '' ? undefined : path.resolve(folder, text));

/** A host name or an IP address. */
export const parseHost: Parse<string> = (text) => (HOST.test(text) || isIP(text) !== 0 ? text : undefined);

export const parseHeaderName: Parse<string> = (text) => (HEADER.test(text) ? text : undefined);

/** An http or https address without query, without a slash at its end. */
export const parseAddress: Parse<string> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password;
  return isPlain ? url.href.replace(/\/+$/, '') : undefined;
};

const DATABASE = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]+)(\/[^?#]*(?:\?[^#]*)?)$/;
const DATABASE_HOST = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/;

/** The address of PostgreSQL, several hosts with commas between as in libpq: an address for each. */
export const parseDatabase: Parse<readonly string[]> = (text) => {
  const [, start = '', hosts = '', end = ''] = DATABASE.exec(text) ?? [];
  const servers = hosts.split(',');
  const addresses = servers.map((host) => `${start}${host}${end}`);
  const isGood =
    servers.every((host) => DATABASE_HOST.test(host)) && addresses.every((address) => URL.canParse(address));
  return isGood ? addresses : undefined;
};

/** An issuer as its provider writes it, to the letter: https, or http on this machine; no query. */
export const parseIssuer: Parse<string> = (text) => {
  const isPlain = /^https?:\/\/[!-~]{1,500}$/.test(text) && parseAddress(text, '') !== undefined;
  if (!isPlain || /[?#@]/.test(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || LOOPBACK.test(hostname) ? text : undefined;
};

/** A word without spaces. */
export const parseWord: Parse<string> = (text) => (/^[!-~]{1,255}$/.test(text) ? text : undefined);

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const MAX_ORIGINS = 8;
/** `[::1]` is this machine too, but no policy can name it: the browser would leave the word out. */
const LOCAL_ORIGIN = /^(?:http|ws):\/\/(?:127\.0\.0\.1|localhost):(\d{1,5})$/;

/** Origins on the machine of whoever opens a page, with commas between. */
export const parseLocalOrigins: Parse<readonly string[]> = (text) => {
  const origins = text.split(',').map((origin) => origin.trim());
  const isGood = origins.every((origin) => {
    const port = Number(LOCAL_ORIGIN.exec(origin)?.[1] ?? 0);
    return port >= 1 && port <= 65_535;
  });
  return isGood && origins.length <= MAX_ORIGINS ? origins : undefined;
};

/** An https address, an http address on this machine, or a Unix socket; without a slash at its end. */
export const parseSigner: Parse<string> = (text) => {
  if (/^unix:\/[^\0]{1,100}$/.test(text)) return text;
  const address = parseAddress(text, '');
  const { protocol, hostname } = new URL(address ?? 'http://invalid.invalid');
  return protocol === 'https:' || LOOPBACK.test(hostname) ? address : undefined;
};
