/** The languages that the element speaks. */
export type Language = 'zh-CN' | 'en';

/** The first tag that is Chinese or English; Chinese where none is. */
export function chooseLanguage(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    if (/^zh\b/i.test(tag ?? '')) return 'zh-CN';
    if (/^en\b/i.test(tag ?? '')) return 'en';
  }
  return 'zh-CN';
}
