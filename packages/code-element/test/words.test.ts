import { expect, test } from 'vitest';
import { PROBLEM_CODES } from '../src/problem.ts';
import { chooseLanguage } from '../src/words/language.ts';
import { wordsOf } from '../src/words/words.ts';

test('each problem has words of its own, and says what to do', () => {
  for (const language of ['zh-CN', 'en'] as const) {
    const { problems } = wordsOf(language);
    const titles = PROBLEM_CODES.map((code) => problems[code].title);
    expect(new Set(titles).size).toBe(PROBLEM_CODES.length);
    for (const code of PROBLEM_CODES) expect(problems[code].advice.length, code).toBeGreaterThan(6);
  }
});

test.each([
  [['zh-Hant-TW'], 'zh-CN'],
  [['en-GB', 'zh-CN'], 'en'],
  [[null, '', 'fr', 'en'], 'en'],
  [['de'], 'zh-CN'],
  [[], 'zh-CN'],
])('%j is spoken to in %s', (tags, language) => {
  expect(chooseLanguage(tags)).toBe(language);
});
