import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import { ServiceError } from '../errors.ts';
import type { ImageBody, JsonBody, RequestState } from '../http/request-state.ts';

/** Caps at the door, in bytes and seconds. */
export interface BodyLimits {
  readonly jsonBytes: number;
  readonly imageBytes: number;
  readonly arrivalSeconds: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = {
  jsonBytes: 64 * 1024,
  imageBytes: 10 * 1024 * 1024,
  arrivalSeconds: 20,
};

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;
const IMAGE_TYPE = /^image\/(?:png|jpeg|webp)$/i;

/**
 * Reads a whole body or none of it: the route runs only after the last byte. Refuses, before a byte is read where a
 * header tells, what is too large, of another type, or compressed (a bomb weighs little on the wire).
 */
export function readBody(accepts: { image: boolean }, limits: BodyLimits): Middleware<RequestState> {
  return async (context, next) => {
    context.state.body = await read(context, accepts.image, limits);
    await next();
  };
}

async function read(context: Context, acceptsImage: boolean, limits: BodyLimits): Promise<JsonBody | ImageBody> {
  const type = context.get('Content-Type').trim();
  const encoding = context.get('Content-Encoding');
  if (encoding !== '' && encoding !== 'identity') throw wrongType('The body must not be compressed.');
  if (JSON_TYPE.test(type)) {
    const bytes = await collect(context.req, limits.jsonBytes, limits.arrivalSeconds);
    return { kind: 'json', value: parseJson(bytes) };
  }
  if (acceptsImage && IMAGE_TYPE.test(type)) {
    return { kind: 'image', bytes: await collect(context.req, limits.imageBytes, limits.arrivalSeconds) };
  }
  throw wrongType(
    acceptsImage
      ? 'The body must be application/json, image/png, image/jpeg or image/webp.'
      : 'The body must be application/json.',
  );
}

function wrongType(message: string): ServiceError {
  return new ServiceError('unsupported_media_type', message);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body.
    throw new ServiceError('malformed_json', 'The body is not JSON in UTF-8.');
  }
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
  const finish = () => resolve(Buffer.concat(chunks, length));

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
