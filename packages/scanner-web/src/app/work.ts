import type { Verdict } from '../verdict/verdict.ts';
import type { ScanNotice } from '../words/words.ts';

/** How long a verdict stays on a screen that nobody touches. */
export interface VerdictStay {
  readonly seconds: number;
  /** Also one that says nothing of a person. */
  readonly isForEach: boolean;
}

/** How long what a code carries in full stays readable after the operator asked for it. */
const REVEALED_SECONDS = 15;

/** What the page is doing: one code at a time, from the frame to the verdict and back. */
export type Work =
  | { readonly kind: 'looking'; readonly notice?: ScanNotice }
  /** `waiting` was handed over meanwhile and is checked next; of several the newest. */
  | { readonly kind: 'checking'; readonly text: string; readonly waiting?: string }
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
  /** A gun read it, or somebody brought it: it is the next person's. */
  | { readonly kind: 'code_handed_over'; readonly text: string }
  | { readonly kind: 'image_not_read'; readonly notice: ScanNotice }
  | { readonly kind: 'several_codes' }
  | { readonly kind: 'view_cleared' }
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  /** Something that the check needs could not be had. */
  | { readonly kind: 'check_failed' }
  | { readonly kind: 'next_person' }
  | { readonly kind: 'operator_active'; readonly currentDate: Date }
  | { readonly kind: 'person_revealed'; readonly currentDate: Date }
  | { readonly kind: 'person_masked' }
  | { readonly kind: 'clock_ticked'; readonly currentDate: Date };

/** The work after an event; the very same where nothing changed: a camera says so many times a second. */
export function advanceWork(work: Work, event: WorkEvent, stay: VerdictStay): Work {
  switch (event.kind) {
    case 'code_read':
      // A verdict stays until the operator has seen it, whatever passes before the camera.
      return work.kind === 'looking' ? { kind: 'checking', text: event.text } : work;
    case 'code_handed_over':
      if (work.kind !== 'checking') return { kind: 'checking', text: event.text };
      return event.text === work.text ? work : { ...work, waiting: event.text };
    case 'image_not_read':
      // The verdict before it must not pass for that of the image.
      return work.kind === 'checking' ? work : { kind: 'looking', notice: event.notice };
    case 'several_codes':
      return work.kind === 'looking' && work.notice !== 'several_codes'
        ? { kind: 'looking', notice: 'several_codes' }
        : work;
    case 'view_cleared':
      return work.kind === 'looking' && work.notice === 'several_codes' ? { kind: 'looking' } : work;
    case 'judged':
      if (work.kind !== 'checking') return work;
      if (work.waiting !== undefined) return { kind: 'checking', text: work.waiting };
      return { kind: 'verdict', verdict: event.verdict, touchedAt: event.verdict.checkedAt };
    case 'check_failed':
      if (work.kind === 'checking' && work.waiting !== undefined) return { kind: 'checking', text: work.waiting };
      return work.kind === 'verdict' ? work : { kind: 'looking', notice: 'check_failed' };
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
      if (isForgotten(work, event.currentDate, stay)) return { kind: 'looking' };
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

function isForgotten(work: Work, currentDate: Date, { seconds, isForEach }: VerdictStay): boolean {
  if (work.kind !== 'verdict' || !(work.verdict.person || isForEach)) return false;
  return currentDate.getTime() - work.touchedAt.getTime() >= seconds * 1000;
}

/** The code whose check begins with this change. */
export function findNewCheck(before: Work, now: Work): string | undefined {
  if (now.kind !== 'checking') return undefined;
  return before.kind === 'checking' && before.text === now.text ? undefined : now.text;
}
