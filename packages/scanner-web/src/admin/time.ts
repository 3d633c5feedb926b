import type { Language } from '../words/language.ts';

/** An instant to the second, in the time of this device: the same in every language, and never day and month mistaken. */
export function describeSecond(instant: Date): string {
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

/** The hour and minute alone. */
export function describeMinute(instant: Date, language: Language): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
}

/** When the day began, so many days ago, in the time of this device. */
export function startOfDay(now: Date, daysAgo: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
}
