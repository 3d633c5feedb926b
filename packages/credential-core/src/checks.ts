/** The checks of one verification, in their order: the first that fails names the verdict, the rest are not made. */
export const CHECK_NAMES = [
  'format',
  'issuer',
  'signature',
  'scope',
  'binding',
  'validity',
  'purpose',
  'status',
  'freshness',
] as const;

/** One of {@link CHECK_NAMES}. */
export type CheckName = (typeof CHECK_NAMES)[number];
/** How one check ended; `not_checked` after the first that failed, and where the caller gave nothing to check against. */
export type CheckOutcome = 'passed' | 'failed' | 'not_checked';
/** The outcome of each check. */
export type Checks = Readonly<Record<CheckName, CheckOutcome>>;

const NONE_CHECKED: Checks = {
  format: 'not_checked',
  issuer: 'not_checked',
  signature: 'not_checked',
  scope: 'not_checked',
  binding: 'not_checked',
  validity: 'not_checked',
  purpose: 'not_checked',
  status: 'not_checked',
  freshness: 'not_checked',
};

/** Keeps the outcome of each check while the story is told. */
export class CheckRecord {
  readonly #outcomes: Record<CheckName, CheckOutcome> = { ...NONE_CHECKED };
  #current: CheckName | undefined;

  /** The check before has passed; this one is being made. */
  begin(name: CheckName): void {
    this.pass();
    this.#current = name;
  }

  /** The current check has passed. */
  pass(): Checks {
    return this.#end('passed');
  }

  /** The current check has failed. */
  fail(): Checks {
    return this.#end('failed');
  }

  #end(outcome: CheckOutcome): Checks {
    if (this.#current) this.#outcomes[this.#current] = outcome;
    this.#current = undefined;
    return this.#outcomes;
  }
}
