/** What this device remembers under a name; nothing where the browser keeps no data. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers it, or with `undefined` forgets it. Blocked or full, the choice holds until the page is closed. */
export function remember(key: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {}
}
