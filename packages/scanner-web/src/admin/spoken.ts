import type { Language } from '../words/language.ts';
import { type AdminWords, adminWordsOf } from './admin-words.ts';

/** Something that is said in either language. */
export type Phrase = (words: AdminWords, language: Language) => string;

let current: Language = 'zh-CN';
const said = new WeakMap<Text, Phrase>();
const saidAttributes = new WeakMap<Element, Map<string, Phrase>>();

/** A text that changes with the language of the page: what was typed beside it stays. */
export function say(phrase: Phrase): Text {
  const text = document.createTextNode(sayOnce(phrase));
  said.set(text, phrase);
  return text;
}

/** The same for an attribute, such as `aria-label`. */
export function sayAttribute<Named extends Element>(element: Named, attribute: string, phrase: Phrase): Named {
  saidAttributes.set(element, new Map(saidAttributes.get(element)).set(attribute, phrase));
  element.setAttribute(attribute, sayOnce(phrase));
  return element;
}

/** What a phrase is at this moment, for what does not stay on the page. */
export function sayOnce(phrase: Phrase): string {
  return phrase(adminWordsOf(current), current);
}

/** Says everything on the page in this language from now on. */
export function speak(language: Language): void {
  current = language;
  document.documentElement.lang = language;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      const phrase = said.get(node);
      if (phrase) node.data = sayOnce(phrase);
    } else if (node instanceof Element) {
      for (const [attribute, phrase] of saidAttributes.get(node) ?? []) node.setAttribute(attribute, sayOnce(phrase));
    }
  }
}
