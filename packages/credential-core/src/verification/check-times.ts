import { checkDelegationTime } from '../credential/delegation.ts';
import type { OpenedCode } from '../credential/open.ts';
import { checkPresentationAge } from '../credential/presentation.ts';
import { checkValidity } from '../credential/validity.ts';
import { Refusal } from '../result.ts';
import { checkByClock, checkClock } from './check-clock.ts';
import type { ListAges } from './verdict.ts';

/** Whether all that the code carries is within its time. */
export function checkTimes(code: OpenedCode, lists: ListAges, currentDate: Date, skewSeconds: number): void {
  const { credential, delegation, presentation } = code;
  const check = () => {
    checkValidity(credential.content, currentDate, skewSeconds);
    if (delegation) checkDelegationTime(delegation.content, currentDate, skewSeconds);
    if (presentation) {
      const { content } = credential;
      checkPresentationAge(presentation.content, content, delegation?.content, currentDate, skewSeconds);
    }
  };
  checkByClock(check, [lists.trust, lists.status], currentDate, skewSeconds);
}

/**
 * Last, so that what an old list refuses stays refused: only a good answer needs a fresh one, and a right clock.
 *
 * @throws Refusal `clock_behind`, `trust_list_stale` or `status_list_stale`
 */
export function checkFreshness(lists: ListAges, currentDate: Date, skewSeconds: number): void {
  checkClock([lists.trust, lists.status], currentDate, skewSeconds);
  if (lists.trust.expiresAt <= currentDate) throw new Refusal('trust_list_stale', 'the trust list has expired');
  if (lists.status && lists.status.expiresAt <= currentDate) {
    throw new Refusal('status_list_stale', 'the status list has expired');
  }
}
