import type { Language } from './language.ts';
import type { Words } from './words.ts';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** How long ago something was, in one unit, rounded down. */
export function describeAge(since: Date, currentDate: Date, words: Words): string {
  const seconds = Math.floor((currentDate.getTime() - since.getTime()) / 1000);
  if (seconds < MINUTE_SECONDS) return words.age.justNow;
  if (seconds < HOUR_SECONDS) return words.age.minutes(Math.floor(seconds / MINUTE_SECONDS));
  if (seconds < DAY_SECONDS) return words.age.hours(Math.floor(seconds / HOUR_SECONDS));
  return words.age.days(Math.floor(seconds / DAY_SECONDS));
}

/** A day and the minute of it, as a counter reads it. */
export function describeInstant(instant: Date, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(instant);
}
