import type { Words } from './vocabulary.ts';

export type { Explanation, Words } from './vocabulary.ts';
