import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import { ServiceError } from '../errors.ts';
import { parseJson } from '../http/json-bytes.ts';
import type { LargeBodies, LargeBodyKind } from '../http/large-bodies.ts';
import type { ImageBody, JsonBody, LinesBody, RequestState } from '../http/request-state.ts';

/** Caps at the door, in bytes and seconds. */
export interface BodyLimits {
  readonly jsonBytes: number;
  readonly imageBytes: number;
  /** Of all lines of a batch together. */
  readonly linesBytes: number;
  readonly arrivalSeconds: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = {
  jsonBytes: 64 * 1024,
  imageBytes: 10 * 1024 * 1024,
  linesBytes: 4 * 1024 * 1024,
  arrivalSeconds: 20,
};

const MAX_LINES = 1000;
const NEWLINE = 0x0a;

/** What a route takes: JSON, JSON or a picture, or lines of JSON alone. */
export type BodyKind = 'json' | 'json or image' | 'lines';

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;
const LINES_TYPE = /^application\/x-ndjson(?:\s*;\s*charset="?utf-8"?)?$/i;
const IMAGE_TYPE = /^image\/(?:png|jpeg|webp|gif)$/i;

/**
 * Reads a whole body or none of it: the route runs only after the last byte. Refuses, before a byte is read where a
 * header tells, what is too large, of another type, or compressed (a bomb weighs little on the wire).
 */
export function readBody(accepts: BodyKind, limits: BodyLimits, large: LargeBodies): Middleware<RequestState> {
  return async (context, next) => {
    // Until the answer is out: the lines of a batch are needed for as long.
    const hold = (kind: LargeBodyKind) => {
      const { operator } = context.state;
      if (operator) context.res.once('close', large.hold(operator.id, kind));
    };
    context.state.body = await read(context, accepts, limits, hold);
    await next();
  };
}

async function read(
  context: Context,
  accepts: BodyKind,
  limits: BodyLimits,
  hold: (kind: LargeBodyKind) => void,
): Promise<JsonBody | ImageBody | LinesBody> {
  const type = context.get('Content-Type').trim();
  const encoding = context.get('Content-Encoding');
  if (encoding !== '' && encoding !== 'identity') throw wrongType('The body must not be compressed.');
  if (accepts === 'lines') {
    if (!LINES_TYPE.test(type)) throw wrongType('The body must be application/x-ndjson.');
    hold('lines');
    const bytes = await collect(context.req, limits.linesBytes, limits.arrivalSeconds);
    return { kind: 'lines', lines: splitLines(bytes) };
  }
  if (JSON_TYPE.test(type)) {
    const bytes = await collect(context.req, limits.jsonBytes, limits.arrivalSeconds);
    return { kind: 'json', value: parseJson(bytes, 'body') };
  }
  if (accepts === 'json or image' && IMAGE_TYPE.test(type)) {
    hold('image');
    return { kind: 'image', bytes: await collect(context.req, limits.imageBytes, limits.arrivalSeconds) };
  }
  throw wrongType(
    accepts === 'json or image'
      ? 'The body must be application/json, image/png, image/jpeg, image/webp or image/gif.'
      : 'The body must be application/json.',
  );
}

/** The last line may go without its newline. An empty one is a line as well: each has its answer. */
function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    if (lines.length === MAX_LINES) {
      throw new ServiceError('body_too_large', `The body has more than ${MAX_LINES} lines.`);
    }
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (lines.length === 0) throw new ServiceError('malformed_json', 'The body has no line.');
  return lines;
}

function wrongType(message: string): ServiceError {
  return new ServiceError('unsupported_media_type', message);
}

function collect(request: IncomingMessage, maxBytes: number, arrivalSeconds: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const fail = (error: ServiceError) => {
    // What still arrives is thrown away, not refused: a caller that is busy sending would never hear the answer.
    request.resume();
    reject(error);
  };
  const tooLarge = () => fail(new ServiceError('body_too_large', `The body is larger than ${maxBytes} bytes.`));
  const incomplete = () => fail(new ServiceError('body_incomplete', 'The connection ended within the body.'));
  const late = () => fail(new ServiceError('body_timeout', `The body did not arrive within ${arrivalSeconds} s.`));
  const chunks: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) return tooLarge();
    chunks.push(chunk);
  };
  const finish = () => {
    // At once: `close` follows before a promise is heard, and would make an error for nobody.
    request.off('close', incomplete);
    resolve(Buffer.concat(chunks, length));
  };

  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    tooLarge();
    return promise;
  }
  const timer = setTimeout(late, arrivalSeconds * 1000);
  request.on('data', take).on('end', finish).on('error', incomplete).on('close', incomplete);
  return promise.finally(() => {
    clearTimeout(timer);
    request.off('data', take).off('end', finish).off('close', incomplete);
  });
}
