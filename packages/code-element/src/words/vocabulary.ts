import type { ProblemCode } from '../problem.ts';

/** What is wrong, and what to do about it. */
export interface ProblemWords {
  readonly title: string;
  readonly advice: string;
}

/** Everything that the element says, in one language. */
export interface Words {
  readonly problems: Readonly<Record<ProblemCode, ProblemWords>>;
  readonly codeAlt: string;
  readonly people: string;
  person(number: number): string;
  /** @param relation of the delegate to the holder, in words */
  delegate(delegate: string, relation: string): string;
  /** @param names what the code may be used for */
  uses(names: readonly string[]): string;
  secondsLeft(seconds: number): string;
  renewedAt(time: string): string;
  readonly drawing: string;
  readonly paused: ProblemWords;
  availableFrom(time: string): string;
  validUntil(time: string): string;
  /** For a code that whoever has a copy can show. */
  readonly bearer: string;
  /** For one code of a strip. */
  strip(time: string): string;
  readonly retrying: string;
  readonly brightness: string;
  readonly enlarge: string;
  readonly shrink: string;
}
