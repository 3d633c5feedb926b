import { type ServiceFailure, titleProblem } from '@zhengma/verifier-service/client';
import { languageOfTables } from '../words/language.ts';
import type { ToldFailure } from './admin-words.ts';
import type { Phrase } from './spoken.ts';

/** What a failure is to the person in front of the page: in the page's own words, or else by the service's title of it. */
export function describeFailure({ code, retryAfterSeconds }: ServiceFailure): Phrase {
  return (words, language) => {
    const told = Object.hasOwn(words.failure, code) ? words.failure[code as ToldFailure] : undefined;
    const title = titleProblem(code, languageOfTables(language));
    const sentence = told ?? (title === undefined ? words.otherFailure(code) : `${words.otherFailure(title)}`);
    if (retryAfterSeconds === undefined || retryAfterSeconds === 0) return sentence;
    return `${sentence}${language === 'en' ? ' ' : ''}${words.retryAfter(retryAfterSeconds)}`;
  };
}
