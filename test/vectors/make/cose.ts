import { Buffer } from 'node:buffer';
import { cbor, type Encoded, encoded, type Plain } from './cbor.ts';
import type { Key } from './keys.ts';

/** A COSE_Sign1 (RFC 9052 §4.2) with any part replaced. What is not replaced is right, also the signature over the rest. */
export interface MessageParts {
  readonly key: Key;
  readonly payload: Plain;
  /** The protected header; the algorithm is the key's unless it says another. */
  readonly header?: ReadonlyMap<Plain, Plain>;
  /** The bytes of the protected header. */
  readonly protectedBytes?: Uint8Array;
  /** The bytes of the payload. */
  readonly payloadBytes?: Uint8Array;
  readonly unprotected?: Plain;
  readonly signature?: Uint8Array;
  /** Changes the four parts after they were signed. */
  readonly change?: (parts: Plain[]) => Plain;
  /** The tag in front; null for none. */
  readonly tag?: Uint8Array | null;
}

export function message(parts: MessageParts): Uint8Array {
  const header = new Map([[1, parts.key.algorithm], ...(parts.header ?? [])] as [Plain, Plain][]);
  const protectedBytes = parts.protectedBytes ?? cbor(header);
  const payload = parts.payloadBytes ?? cbor(parts.payload);
  const signature = parts.signature ?? parts.key.sign(cbor(['Signature1', protectedBytes, Buffer.alloc(0), payload]));
  const four: Plain[] = [protectedBytes, parts.unprotected ?? new Map(), payload, signature];
  const tag = parts.tag === undefined ? Buffer.of(0xd2) : parts.tag;
  return Buffer.concat([tag ?? Buffer.alloc(0), cbor(parts.change ? parts.change(four) : four)]);
}

/** A message as a value of another one's header. */
export function embed(bytes: Uint8Array): Encoded {
  return encoded(bytes);
}

/** A header in which nothing is added to what stands there. */
export function bareHeader(entries: readonly (readonly [Plain, Plain])[]): Uint8Array {
  return cbor(new Map(entries));
}

/** A map of the format. */
export function mapFrom(entries: readonly (readonly [Plain, Plain])[]): Map<Plain, Plain> {
  return new Map(entries);
}

/** A map with entries replaced, or left out where the value is undefined. */
export function withEntries(
  map: ReadonlyMap<Plain, Plain>,
  change: readonly (readonly [Plain, Plain | undefined])[],
): Map<Plain, Plain> {
  const changed = new Map(map);
  for (const [key, value] of change) {
    if (value === undefined) changed.delete(key);
    else changed.set(key, value);
  }
  return changed;
}
