import { expect, test } from 'vitest';
import { addEntry, type LogEntry, type ShiftLog, searchLog } from '../src/workplace/shift-log.ts';

const entry = (name: string, more: Partial<LogEntry> = {}): LogEntry => ({
  at: new Date('2026-06-01T08:00:00Z'),
  tone: 'valid',
  code: 'valid',
  isTraining: false,
  name,
  ...more,
});
const tell = ({ name = '', tone, receipt = '' }: LogEntry) => [name, tone, receipt];

test('the newest is first, and the oldest goes after two thousand', () => {
  let log: ShiftLog = [];
  for (let number = 0; number < 2_001; number++) log = addEntry(log, entry(String(number)));
  expect(log).toHaveLength(2_000);
  expect(log[0]?.name).toBe('2000');
  expect(log.at(-1)?.name).toBe('1');
});

test('each word of a question is looked for in what a row says, in any order, case and width', () => {
  const log = [entry('张**'), entry('李*', { tone: 'refused', receipt: '00FF' })];
  const find = (question: string) => searchLog(log, question, tell).map(({ name }) => name);
  expect(find('  ')).toEqual(['张**', '李*']);
  expect(find('张')).toEqual(['张**']);
  expect(find('00ff 李')).toEqual(['李*']);
  expect(find('ＲＥＦＵＳＥＤ')).toEqual(['李*']);
  expect(find('张 refused')).toEqual([]);
});
