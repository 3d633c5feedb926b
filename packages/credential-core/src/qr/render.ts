import QRCode from 'qrcode';
import { encodePng } from './png.ts';
import { type CodeSizeOptions, readMaxVersion, tooLargeFor } from './version.ts';

/** How a code is drawn. */
export interface RenderOptions extends CodeSizeOptions {
  /** An SVG document, the bytes of a PNG, or lines for a terminal. */
  readonly format: 'svg' | 'png' | 'terminal';
  /** Width of the light border in modules; ISO/IEC 18004 §5.3.8 asks for 4, which is the default. */
  readonly margin?: number;
  /** PNG only: pixels per module, 8 by default. */
  readonly scale?: number;
}

/**
 * Draws `text` as a QR code (ISO/IEC 18004) at error correction level M.
 *
 * @returns an SVG document, the bytes of a PNG, or lines for a terminal with ANSI colours
 * @throws TypeError for wrong arguments; CredentialError `ERR_QR_CAPACITY` when the text needs a larger version than
 *   `maxVersion`
 */
export function renderQr(text: string, options: RenderOptions & { readonly format: 'png' }): Promise<Uint8Array>;
/** {@link renderQr} as text. */
export function renderQr(
  text: string,
  options: RenderOptions & { readonly format: 'svg' | 'terminal' },
): Promise<string>;
export async function renderQr(text: string, options: RenderOptions): Promise<string | Uint8Array> {
  if (typeof text !== 'string' || text.length === 0) throw new TypeError('text must be a string that is not empty');
  const margin = wholeNumber(options?.margin ?? 4, 'margin', 0, 64);
  const modules = createModules(text, readMaxVersion(options));
  switch (options?.format) {
    case 'svg':
      return drawSvg(modules, margin);
    case 'png':
      return drawPng(modules, margin, wholeNumber(options.scale ?? 8, 'scale', 1, 64));
    case 'terminal':
      return drawTerminal(modules, margin);
    default:
      throw new TypeError('format must be svg, png or terminal');
  }
}

/** ISO/IEC 18004 table 5. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/;

/** The square of modules; outside it everything is light. */
interface Modules {
  readonly size: number;
  isDark(x: number, y: number): boolean;
}

function createModules(text: string, maxVersion: number): Modules {
  let code: QRCode.QRCode | undefined;
  try {
    // A code of ours is one segment: as large as `requireVersion` says, and no way to split it is looked for.
    const whole = ALPHANUMERIC.test(text) ? [{ data: text, mode: 'alphanumeric' as const }] : text;
    code = QRCode.create(whole, { errorCorrectionLevel: 'M' });
  } catch {
    // Not even version 40 holds it.
  }
  if (!code || code.version > maxVersion) {
    throw tooLargeFor(maxVersion);
  }
  const { size, data } = code.modules;
  return {
    size,
    isDark: (x, y) => x >= 0 && y >= 0 && x < size && y < size && data[y * size + x] === 1,
  };
}

function drawSvg({ size, isDark }: Modules, margin: number): string {
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!isDark(x, y)) continue;
      const start = x;
      while (isDark(x, y)) x++;
      path += `M${start + margin} ${y + margin}h${x - start}v1h-${x - start}z`;
    }
  }
  const width = size + 2 * margin;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${width}v${width}H0z"/><path d="${path}"/></svg>`
  );
}

function drawPng({ size, isDark }: Modules, margin: number, scale: number): Promise<Uint8Array> {
  const width = (size + 2 * margin) * scale;
  return encodePng(width, width, (x, y) => !isDark(Math.floor(x / scale) - margin, Math.floor(y / scale) - margin));
}

/** Two rows of modules in one line of half blocks, on colours of its own: a dark terminal would invert the code. */
function drawTerminal({ size, isDark }: Modules, margin: number): string {
  const lines: string[] = [];
  for (let y = -margin; y < size + margin; y += 2) {
    let line = '';
    for (let x = -margin; x < size + margin; x++) {
      line += isDark(x, y) ? (isDark(x, y + 1) ? '█' : '▀') : isDark(x, y + 1) ? '▄' : ' ';
    }
    lines.push(`\u001b[30;107m${line}\u001b[0m`);
  }
  return lines.join('\n');
}

function wholeNumber(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name} must be a whole number from ${least} to ${most}`);
}
