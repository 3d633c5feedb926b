import type { ListsProblem } from './lists-problem.ts';

/** What there is to say of the lists; the lists themselves stay with their keeper. */
export interface ListsSummary {
  /** Issue date of the oldest list in use: what the verdicts rest on. */
  readonly issuedAt?: Date;
  /** When the service last confirmed them. */
  readonly checkedAt?: Date;
  readonly problem?: ListsProblem;
}
