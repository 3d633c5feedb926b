const KEY = 'zhengma.business-type';

/** What codes are scanned for on this device; nothing where nobody has said. */
export function recallBusinessType(): string | undefined {
  try {
    const chosen = localStorage.getItem(KEY);
    return chosen !== null && /^\d{5}$/.test(chosen) ? chosen : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers the choice, where the browser keeps data. */
export function rememberBusinessType(code: string | undefined): void {
  try {
    if (code === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, code);
  } catch {
    // Blocked or full: the choice holds until the page is closed.
  }
}
