import { recall, remember } from '../storage/remembered.ts';

const KEY = 'zhengma.business-type';

/** What codes are scanned for on this device; nothing where nobody has said. */
export function recallBusinessType(): string | undefined {
  const chosen = recall(KEY);
  return chosen !== null && /^\d{5}$/.test(chosen) ? chosen : undefined;
}

/** Remembers the choice, where the browser keeps data. */
export function rememberBusinessType(code: string | undefined): void {
  remember(KEY, code);
}
