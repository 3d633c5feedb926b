import type { Language } from '../words/language.ts';

/** What is known of a voice of the browser. */
export interface Voice {
  /** As `zh-CN`; some systems write `zh_CN`. */
  readonly lang: string;
  /** Whether it speaks on this very machine. */
  readonly localService: boolean;
}

/**
 * A voice that speaks the language on this machine: the others send what they read to whoever made the browser. Of Chinese, Mandarin as it
 * is spoken on the mainland comes first, and Cantonese not at all.
 */
export function chooseVoice<Known extends Voice>(voices: readonly Known[], language: Language): Known | undefined {
  const local = voices
    .filter(({ localService }) => localService)
    .map((voice) => ({ voice, tag: voice.lang.replaceAll('_', '-').toLowerCase() }));
  const wanted = language === 'en' ? [/^en\b/] : [/^(?:zh|cmn)(?:-hans)?-cn\b/, /^(?:zh|cmn)(?!-hk|-hant-hk|-yue)\b/];
  for (const tags of wanted) {
    const found = local.find(({ tag }) => tags.test(tag));
    if (found) return found.voice;
  }
  return undefined;
}
