/** The commands of W3C WebDriver that the stories need: what HTTP calls each, and what Marionette does. */
export const COMMANDS = {
  NewSession: { method: 'POST', path: '' },
  SetTimeouts: { method: 'POST', path: '/timeouts' },
  Navigate: { method: 'POST', path: '/url' },
  ExecuteAsyncScript: { method: 'POST', path: '/execute/async' },
  FindElement: { method: 'POST', path: '/element' },
  ElementSendKeys: { method: 'POST', path: '/element/{id}/value' },
  PerformActions: { method: 'POST', path: '/actions' },
  TakeScreenshot: { method: 'GET', path: '/screenshot' },
} as const;

/** A command by its name in the standard. */
export type CommandName = keyof typeof COMMANDS;

/** A running browser that takes commands. */
export interface WebDriver {
  /** What the browser calls itself, with its version. */
  readonly name: string;
  /** @returns the value of the answer; rejects with the browser's own words for an error */
  send(command: CommandName, parameters?: object): Promise<unknown>;
  /** What went wrong in its pages since the last time that it was asked: errors, warnings, violations of the policy. */
  takeFaults(): Promise<string[]>;
  quit(): Promise<void>;
}

/** Starts a browser; `undefined` where it is not installed. */
export interface BrowserKind {
  readonly name: string;
  /** What to do where it is not there. */
  readonly howToInstall: string;
  isInstalled(): boolean;
  start(): Promise<WebDriver>;
}
