import { chooseLanguage, type Language } from '../words/language.ts';

const KEY = 'zhengma.language';

/** The language chosen last on this device, or the browser's. */
export function recallLanguage(): Language {
  const chosen = readChoice();
  return chooseLanguage(chosen ? [chosen] : navigator.languages);
}

/** Remembers the choice, where the browser keeps data. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Blocked or full: the choice holds until the page is closed.
  }
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
