import { expect, test } from 'vitest';
import type { Tone, VerdictCode } from '../src/verdict/verdict.ts';
import { lengthOf, SIGNALS } from '../src/voice/notes.ts';
import { sayVerdict } from '../src/voice/sentence.ts';
import { chooseVoice } from '../src/voice/voice-choice.ts';
import { wordsOf } from '../src/words/words.ts';

const TONES: readonly Tone[] = ['valid', 'unsure', 'refused', 'foreign'];

test('a verdict is said in a few words, with what to do where there is something', () => {
  expect(sayVerdict({ tone: 'valid', code: 'valid' }, 'zh-CN')).toBe('核验通过');
  expect(sayVerdict({ tone: 'valid', code: 'valid' }, 'en')).toBe('Checked');
  expect(sayVerdict({ tone: 'refused', code: 'bad_signature' }, 'zh-CN')).toBe(
    '这次没有通过。请到服务台，工作人员会帮您办理。',
  );
  expect(sayVerdict({ tone: 'refused', code: 'presentation_expired' }, 'en')).toBe(
    'Not this time. Please renew the code and show it on the screen of your phone.',
  );
});

test('the hall does not hear why somebody was refused', () => {
  for (const code of Object.keys(wordsOf('en').verdict) as VerdictCode[]) {
    for (const language of ['zh-CN', 'en'] as const) {
      expect(sayVerdict({ tone: 'refused', code }, language)).not.toContain(
        wordsOf(language).patient.verdict[code].reason,
      );
    }
  }
});

test('each tone has a signal of its own, by its rhythm as well as by its melody, and none keeps anybody waiting', () => {
  const rhythms = TONES.map((tone) => SIGNALS[tone].map(({ startSeconds, seconds }) => [startSeconds, seconds]));
  const melodies = TONES.map((tone) => SIGNALS[tone].map(({ hertz }) => hertz));
  expect(new Set(rhythms.map(String)).size).toBe(TONES.length);
  expect(new Set(melodies.map(String)).size).toBe(TONES.length);
  for (const tone of TONES) {
    expect(lengthOf(SIGNALS[tone]), tone).toBeLessThan(0.7);
    for (const { hertz } of SIGNALS[tone]) expect(hertz).toBeLessThan(1_000);
  }
  const [first, second] = SIGNALS.valid;
  expect(second?.hertz).toBeGreaterThan(first?.hertz ?? 0);
});

test('a voice of this machine is chosen by language; none of those that send what they read', () => {
  const voice = (lang: string, localService = true) => ({ lang, localService });
  const voices = [voice('zh-HK'), voice('zh-TW'), voice('en-GB'), voice('zh_CN'), voice('de-DE')];
  expect(chooseVoice(voices, 'zh-CN')?.lang).toBe('zh_CN');
  expect(chooseVoice(voices, 'en')?.lang).toBe('en-GB');
  expect(chooseVoice([voice('zh-HK'), voice('zh-TW')], 'zh-CN')?.lang).toBe('zh-TW');
  expect(chooseVoice([voice('cmn')], 'zh-CN')?.lang).toBe('cmn');
  expect(chooseVoice([voice('zh-HK'), voice('yue-CN')], 'zh-CN')).toBeUndefined();
  expect(chooseVoice([voice('zh-CN', false), voice('en-US', false)], 'zh-CN')).toBeUndefined();
  expect(chooseVoice([voice('zh-CN', false), voice('en-US', false)], 'en')).toBeUndefined();
  expect(chooseVoice([], 'en')).toBeUndefined();
});
