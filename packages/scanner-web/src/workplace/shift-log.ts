import type { Verdict } from '../verdict/verdict.ts';

/** One code that was scanned in this shift. Nothing of the code's text; the person as masked as the page showed them. */
export interface LogEntry {
  readonly at: Date;
  readonly tone: Verdict['tone'];
  readonly code: Verdict['code'];
  readonly name?: string;
  readonly idNumber?: string;
  readonly businessType?: string;
  readonly receipt?: string;
  /** A specimen: it says nothing of anybody. */
  readonly isTraining: boolean;
}

/** What was scanned in this shift, the newest first. */
export type ShiftLog = readonly LogEntry[];

/** More than anybody scans between two shifts. */
const MAX_ENTRIES = 2_000;

/** With one more; the oldest go where there are too many. */
export function addEntry(log: ShiftLog, entry: LogEntry): ShiftLog {
  return [entry, ...log.slice(0, MAX_ENTRIES - 1)];
}

/**
 * Those that say each word of a question, in any order and any case.
 *
 * @param tell what an entry says on the screen, so that what is read there is found
 */
export function searchLog(log: ShiftLog, question: string, tell: (entry: LogEntry) => readonly string[]): ShiftLog {
  const words = fold(question)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return log;
  return log.filter((entry) => {
    const told = fold(tell(entry).join('\n'));
    return words.every((word) => told.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
