import { chooseLanguage, type Language } from '../words/language.ts';

const KEY = 'zhengma.language';

/** The language chosen last on this device, or the browser's. */
export function recallLanguage(): Language {
  const chosen = localStorage.getItem(KEY);
  return chooseLanguage(chosen ? [chosen] : navigator.languages);
}

/** Remembers the choice and tells the browser which language the page is in. */
export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
