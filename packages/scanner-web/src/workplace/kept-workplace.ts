import { parseHandOver } from './hand-over-setting.ts';
import { DEFAULT_WORKPLACE, WORKPLACE_MODES, type Workplace, type WorkplaceMode } from './workplace.ts';

const MAX_TEXT = 4_000;
const MAX_WINDOW_NUMBER = 12;

/**
 * What was kept of the settings. What is damaged, or of a version that knew more, is as if nobody had set it; the rest stays, so that one
 * bad field does not turn a kiosk into a counter.
 */
export function parseWorkplace(text: string | null): Workplace {
  const kept = readObject(text);
  const mode = WORKPLACE_MODES.find((known) => known === kept['mode']) ?? DEFAULT_WORKPLACE.mode;
  const windowNumber = parseWindowNumber(kept['windowNumber']);
  const handOver = parseHandOver(kept['handOver']);
  return {
    mode,
    elder: kept['elder'] === true,
    voice: kept['voice'] === true,
    sound: kept['sound'] === true,
    ...(windowNumber !== undefined && { windowNumber }),
    ...(handOver && { handOver }),
  };
}

/** The mode that the address of the page asks for, as the shortcut of a kiosk does: `?mode=kiosk`. */
export function readModeOf(query: string): WorkplaceMode | undefined {
  const asked = new URLSearchParams(query).get('mode');
  return WORKPLACE_MODES.find((mode) => mode === asked);
}

/** @returns the number without spaces around it; nothing for one that is empty, too long or not printable */
export function parseWindowNumber(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  const length = [...trimmed].length;
  return length > 0 && length <= MAX_WINDOW_NUMBER && !/[\p{C}\p{Zl}\p{Zp}]/u.test(trimmed) ? trimmed : undefined;
}

function readObject(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null || text.length > MAX_TEXT) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
