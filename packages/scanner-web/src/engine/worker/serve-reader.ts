import { type CodeReader, createCodeReader } from '../code-reader.ts';
import { judgeLight } from '../light.ts';
import { type NativeDetectorClass, openNativeDetector, readBeside } from '../native-reader.ts';
import type { PixelImage } from '../pixels.ts';
import type { UnreadCode } from '../reading.ts';
import type { Picture, ReadRequest, WorkerReply } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope & { readonly BarcodeDetector?: NativeDetectorClass };

/** The smallest module there is. A policy without 'wasm-unsafe-eval' refuses it as it would the reader, which is larger to fetch. */
const EMPTY_MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** Where the worker finds what it reads with. */
export interface ReaderFiles {
  readonly wasmUrl: string;
  /** The reader without WASM, a file of its own: nearly nobody needs it. */
  readonly loadPlainReader: () => Promise<Pick<typeof import('../plain-reader.ts'), 'createPlainReader'>>;
}

/** What a worker does for as long as it lives: it reads the pictures that the page sends. */
export function serveReader(files: ReaderFiles): void {
  let unread: readonly UnreadCode[] = [];
  const started = openReader(files, (codes) => {
    unread = codes;
  });
  started.then(({ isSlow }) => reply({ kind: 'started', isSlow }), fail);
  self.addEventListener('message', (event: MessageEvent<ReadRequest>) => {
    const { id, effort, picture } = event.data;
    started
      .then(async ({ reader }) => {
        unread = [];
        const pixels = await takePixels(picture).finally(() => picture.close());
        const reading = await (effort === 'frame' ? reader.readFrame(pixels) : reader.readStill(pixels));
        reply({ kind: 'read', id, reading, unread: reading ? [] : unread, light: judgeLight(pixels) });
      })
      .catch(fail);
  });
}

async function openReader(
  { wasmUrl, loadPlainReader }: ReaderFiles,
  noteUnread: (codes: readonly UnreadCode[]) => void,
): Promise<{ readonly reader: CodeReader; readonly isSlow: boolean }> {
  const isAllowed = allowsWasm();
  const [reader, detector] = await Promise.all([
    isAllowed
      ? createCodeReader({ url: wasmUrl }, noteUnread)
      : loadPlainReader().then((plain) => plain.createPlainReader()),
    openNativeDetector(self.BarcodeDetector),
  ]);
  return { reader: detector ? readBeside(reader, detector) : reader, isSlow: !isAllowed && !detector };
}

function allowsWasm(): boolean {
  try {
    return new WebAssembly.Module(EMPTY_MODULE) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/** A reader that threw has left its memory as it was at that moment: what it says afterwards cannot be relied on. */
function fail(): void {
  reply({ kind: 'failed' });
  self.close();
}

/** The native frame, never shrunk: a dense code needs every pixel the camera gave. */
async function takePixels(picture: Picture): Promise<PixelImage> {
  if (!('displayWidth' in picture)) return drawPixels(picture, picture);
  const size = { width: picture.displayWidth, height: picture.displayHeight };
  const data = new Uint8ClampedArray(size.width * size.height * BYTES_OF_PIXEL);
  try {
    await picture.copyTo(data, { format: 'RGBA' });
    return { data, ...size };
  } catch {
    // Some browsers hand out what the camera gave and convert nothing.
    return drawPixels(picture, size);
  }
}

const BYTES_OF_PIXEL = 4;
let canvas: OffscreenCanvas | undefined;
let context: OffscreenCanvasRenderingContext2D | null | undefined;

function drawPixels(
  picture: Picture,
  { width, height }: { readonly width: number; readonly height: number },
): PixelImage {
  if (!canvas || !context || canvas.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
    // Pixels are read back every frame: without this the canvas lives on the GPU and each read waits for it.
    context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  }
  if (!context) throw new Error('no 2d canvas in a worker');
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height);
}

function reply(message: WorkerReply): void {
  self.postMessage(message);
}
