import { checkDelegationTime } from '../credential/delegation.ts';
import type { OpenedCode } from '../credential/open.ts';
import { checkPresentationAge } from '../credential/presentation.ts';
import { checkValidity } from '../credential/validity.ts';
import { Refusal, type VerificationCode } from '../result.ts';
import type { ListAges } from './verdict.ts';

/** What a clock that is behind makes of a good code. */
const OF_THE_FUTURE: ReadonlySet<string> = new Set<VerificationCode>([
  'issued_in_future',
  'not_yet_valid',
  'presentation_in_future',
]);

/**
 * Whether all that the code carries is within its time. What seems to be of the future is blamed on the clock here where a
 * signed list shows that the clock is behind.
 */
export function checkTimes(code: OpenedCode, lists: ListAges, currentDate: Date, skewSeconds: number): void {
  const { credential, delegation, presentation } = code;
  try {
    checkValidity(credential.content, currentDate, skewSeconds);
    if (delegation) checkDelegationTime(delegation.content, currentDate, skewSeconds);
    if (presentation) {
      const { content } = credential;
      checkPresentationAge(presentation.content, content, delegation?.content, currentDate, skewSeconds);
    }
  } catch (error) {
    if (error instanceof Refusal && OF_THE_FUTURE.has(error.code)) checkClock(lists, currentDate, skewSeconds);
    throw error;
  }
}

/**
 * Last, so that what an old list refuses stays refused: only a good answer needs a fresh one, and a right clock.
 *
 * @throws Refusal `clock_behind`, `trust_list_stale` or `status_list_stale`
 */
export function checkFreshness(lists: ListAges, currentDate: Date, skewSeconds: number): void {
  checkClock(lists, currentDate, skewSeconds);
  if (lists.trust.expiresAt <= currentDate) throw new Refusal('trust_list_stale', 'the trust list has expired');
  if (lists.status && lists.status.expiresAt <= currentDate) {
    throw new Refusal('status_list_stale', 'the status list has expired');
  }
}

/** Nobody can hold a list before it was issued: then it is the clock that is wrong, and expiry cannot be told. */
function checkClock({ trust, status }: ListAges, currentDate: Date, skewSeconds: number): void {
  const latest = Math.max(trust.issuedAt.getTime(), status?.issuedAt.getTime() ?? 0);
  if (currentDate.getTime() + skewSeconds * 1000 < latest) {
    throw new Refusal('clock_behind', 'the clock here is behind the issue time of a list held here');
  }
}
