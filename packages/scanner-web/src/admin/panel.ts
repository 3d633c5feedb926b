/** A part of the page; it is there as long as the session, so that what was typed stays. */
export interface Panel {
  readonly content: HTMLElement;
  /** When it comes into view. */
  show?(): void;
}

/** Where a panel leads to. */
export interface Ways {
  /** To what can be done with a credential, or is known of it. */
  readonly toCredential: (id: string) => void;
}
