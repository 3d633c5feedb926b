import type { Verdict } from '../verdict/verdict.ts';
import type { ScanNotice } from '../words/words.ts';

/** How long what a verdict says of a person stays on the screen of a counter that nobody touches; who reads slowly has longer. */
const VERDICT_SECONDS = 120;
const VERDICT_SECONDS_ELDER = 300;

/** How long what a code carries in full stays readable after the operator asked for it. */
const REVEALED_SECONDS = 15;

/** What the page is doing: one code at a time, from the frame to the verdict and back. */
export type Work =
  | { readonly kind: 'looking'; readonly notice?: ScanNotice }
  | { readonly kind: 'checking'; readonly text: string }
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      readonly touchedAt: Date;
      /** Until when names and number are shown as the code carries them; masked where absent. */
      readonly revealedUntil?: Date;
    };

/** What can happen to it. */
export type WorkEvent =
  | { readonly kind: 'code_read'; readonly text: string }
  | { readonly kind: 'image_without_code' }
  | { readonly kind: 'several_codes' }
  | { readonly kind: 'view_cleared' }
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  | { readonly kind: 'next_person' }
  | { readonly kind: 'operator_active'; readonly currentDate: Date }
  | { readonly kind: 'person_revealed'; readonly currentDate: Date }
  | { readonly kind: 'person_masked' }
  | { readonly kind: 'clock_ticked'; readonly currentDate: Date };

/** The work after an event; the very same where nothing changed: a camera says so many times a second. */
export function advanceWork(work: Work, event: WorkEvent, elder = false): Work {
  switch (event.kind) {
    case 'code_read':
      // A verdict stays until the operator has seen it, whatever passes before the camera.
      return work.kind === 'looking' ? { kind: 'checking', text: event.text } : work;
    case 'image_without_code':
      return work.kind === 'looking' ? { kind: 'looking', notice: 'no_code_in_image' } : work;
    case 'several_codes':
      return work.kind === 'looking' && work.notice !== 'several_codes'
        ? { kind: 'looking', notice: 'several_codes' }
        : work;
    case 'view_cleared':
      return work.kind === 'looking' && work.notice === 'several_codes' ? { kind: 'looking' } : work;
    case 'judged':
      return work.kind === 'checking'
        ? { kind: 'verdict', verdict: event.verdict, touchedAt: event.verdict.checkedAt }
        : work;
    case 'next_person':
      return work.kind === 'verdict' ? { kind: 'looking' } : work;
    case 'operator_active':
      return work.kind === 'verdict' ? { ...work, touchedAt: event.currentDate } : work;
    case 'person_revealed':
      return work.kind === 'verdict'
        ? { ...work, revealedUntil: addSeconds(event.currentDate, REVEALED_SECONDS) }
        : work;
    case 'person_masked':
      return mask(work);
    case 'clock_ticked':
      if (isForgotten(work, event.currentDate, elder)) return { kind: 'looking' };
      return countRevealed(work, event.currentDate) === 0 ? mask(work) : work;
  }
}

/** For how many seconds more names and number are readable; nothing where they are masked. */
export function countRevealed(work: Work, currentDate: Date): number | undefined {
  if (work.kind !== 'verdict' || !work.revealedUntil) return undefined;
  const seconds = Math.ceil((work.revealedUntil.getTime() - currentDate.getTime()) / 1000);
  // A clock that was set back must not lengthen it.
  return seconds > REVEALED_SECONDS ? 0 : Math.max(0, seconds);
}

function mask(work: Work): Work {
  if (work.kind !== 'verdict' || !work.revealedUntil) return work;
  const { revealedUntil: _, ...masked } = work;
  return masked;
}

function addSeconds(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

function isForgotten(work: Work, currentDate: Date, elder: boolean): boolean {
  if (work.kind !== 'verdict' || !work.verdict.person) return false;
  return currentDate.getTime() - work.touchedAt.getTime() >= (elder ? VERDICT_SECONDS_ELDER : VERDICT_SECONDS) * 1000;
}
