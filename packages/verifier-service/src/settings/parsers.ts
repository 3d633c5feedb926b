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
