/** The languages the pages speak. */
export type Language = 'zh-CN' | 'en';

/** The first of the reader's preferred languages that the pages speak; Chinese where none is. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh-CN';
}

/** The other one. */
export function otherLanguage(language: Language): Language {
  return language === 'zh-CN' ? 'en' : 'zh-CN';
}

/** How the core's tables call it. */
export function languageOfTables(language: Language): 'zh' | 'en' {
  return language === 'en' ? 'en' : 'zh';
}
