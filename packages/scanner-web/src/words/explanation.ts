/** Why, and what the operator does next. */
export interface Explanation {
  readonly reason: string;
  readonly next: string;
}
