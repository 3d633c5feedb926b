import type { CborValue } from '../../packages/credential-core/src/cbor/decode.ts';

/** A CBOR value in extended diagnostic notation (RFC 8610 Appendix G), indented by two spaces. */
export function printEdn(value: CborValue, indent = ''): string {
  const inner = `${indent}  `;
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`;
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number | string, CborValue>)];
    const lines = entries.map(([key, item]) => `${inner}${printEdn(key)}: ${printEdn(item, inner)}`);
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => printEdn(item, inner)).join(', ')}]`;
  return JSON.stringify(value);
}
