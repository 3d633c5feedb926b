import { recall, remember } from '../storage/remembered.ts';
import { chooseLanguage, type Language } from '../words/language.ts';

const KEY = 'zhengma.language';

/** The language chosen last on this device, or the browser's. */
export function recallLanguage(): Language {
  const chosen = recall(KEY);
  return chooseLanguage(chosen ? [chosen] : navigator.languages);
}

/** Remembers the choice, where the browser keeps data. */
export function rememberLanguage(language: Language): void {
  remember(KEY, language);
}
