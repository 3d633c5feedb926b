/** The checks of one verification, in their order: the first that fails names the verdict, the rest are not made. */
export const CHECK_NAMES = [
  'format',
  'issuer',
  'signature',
  'scope',
  'binding',
  'validity',
  'status',
  'freshness',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];
export type CheckOutcome = 'passed' | 'failed' | 'not_checked';
export type Checks = Readonly<Record<CheckName, CheckOutcome>>;

/** Keeps the outcome of each check while the story is told. */
export class CheckRecord {
  readonly #outcomes = Object.fromEntries(CHECK_NAMES.map((name) => [name, 'not_checked'])) as Record<
    CheckName,
    CheckOutcome
  >;
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
