import { ServiceError } from '../errors.ts';

/** The value of JSON in UTF-8. Throws `ServiceError` `malformed_json`, which says of what and quotes nothing. */
export function parseJson(bytes: Uint8Array, what: 'body' | 'line'): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body.
    throw new ServiceError('malformed_json', `The ${what} is not JSON in UTF-8.`);
  }
}
