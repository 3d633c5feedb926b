import { expect, test } from 'vitest';
import {
  describeResult,
  type FileReading,
  type FileResult,
  readFile,
  writeResults,
} from '../src/intake/file-results.ts';
import { intakeWordsOf } from '../src/intake/intake-words.ts';
import type { CodeChoice } from '../src/verdict/choose-code.ts';
import type { Verdict } from '../src/verdict/verdict.ts';

const checkedAt = new Date('2026-06-01T08:00:00Z');
const good: Verdict = {
  tone: 'valid',
  code: 'valid',
  checkedAt,
  bearer: true,
  repeated: false,
  statusUnchecked: false,
  person: { region: '370202', issuerName: '示例', expiresAt: checkedAt, name: '张建国', idNumber: '370202*0018' },
};

function reading(choice: CodeChoice | undefined): FileReading {
  return { readPicture: async () => choice, judge: async () => good };
}

const file = (name: string) => new File([new Uint8Array(3)], name, { type: 'image/png' });

test('what became of each file', async () => {
  const code: CodeChoice = { kind: 'code', text: 'ZM1:A', isForeign: false };
  expect(await readFile(file('a.png'), reading(code))).toEqual({ kind: 'verdict', fileName: 'a.png', verdict: good });
  for (const [choice, reason] of [
    [undefined, 'no_picture'],
    [{ kind: 'none' }, 'no_code'],
    [{ kind: 'several' }, 'several_codes'],
  ] as const)
    expect(await readFile(file('b.png'), reading(choice))).toEqual({ kind: 'unread', fileName: 'b.png', reason });
});

test('a file of more than 20 MB is not opened', async () => {
  const opened: Blob[] = [];
  const large = Object.defineProperty(file('c.png'), 'size', { value: 20 * 1024 * 1024 + 1 });
  const watching: FileReading = {
    ...reading(undefined),
    readPicture: async (image) => {
      opened.push(image);
      return undefined;
    },
  };
  expect(await readFile(large, watching)).toMatchObject({ reason: 'too_large' });
  expect(opened).toEqual([]);
});

test('the copied list holds numbers, words and masks, and no name of a file or of a person', () => {
  const results: FileResult[] = [
    { kind: 'verdict', fileName: '张建国.png', verdict: good },
    {
      kind: 'verdict',
      fileName: '2.png',
      verdict: { ...good, tone: 'foreign', code: 'not_zhengma', foreign: 'official' },
    },
    { kind: 'unread', fileName: '李秀英.png', reason: 'no_code' },
  ];
  const copied = writeResults(results, 'zh-CN');
  expect(copied.split('\n')[0]).toBe('1\t有效\t签名、有效期和状态都已核对。\t张** *0018');
  expect(copied.split('\n')[2]).toBe('3\t\t图片里没有找到二维码\t');
  expect(copied).not.toMatch(/建国|秀英|png/);
  expect(describeResult(results[1] as FileResult, 'en').word).toBe('Not a Zhengma code');
});

test('what is said of guns and files is said in both languages, each in its own', () => {
  const [chinese, english] = [intakeWordsOf('zh-CN'), intakeWordsOf('en')];
  expect(shapeOf(english)).toEqual(shapeOf(chinese));
  const han = /\p{Script=Han}/u;
  expect(JSON.stringify(english)).not.toMatch(han);
  for (const [name, { reason, next }] of Object.entries(chinese.check.finding))
    expect(reason + next, name).toMatch(han);
});

function shapeOf(words: object): unknown {
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [key, typeof value === 'object' ? shapeOf(value) : typeof value]),
  );
}
