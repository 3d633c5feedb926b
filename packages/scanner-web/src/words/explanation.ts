/** Why, and what to do next. */
export interface Explanation {
  readonly reason: string;
  readonly next: string;
}
