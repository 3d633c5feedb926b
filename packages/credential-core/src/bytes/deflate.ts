/**
 * Bytes as one zlib stream (RFC 1950). Node's own compressor at its best level where there is one; the platform's
 * `CompressionStream` elsewhere.
 */
export async function deflateZlib(bytes: Uint8Array): Promise<Uint8Array> {
  const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (zlib) return new Uint8Array(zlib.deflateSync(bytes, { level: 9 }));
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
