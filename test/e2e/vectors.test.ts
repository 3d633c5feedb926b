import { expect, test } from 'vitest';
import { findDifferences, readVectorFiles, runInChromium } from '../vectors/runtimes.ts';

test.each(['secure', 'insecure'] as const)(
  'Chromium on a page that is %s gives every verdict of the vectors',
  async (kind) => {
    expect(findDifferences(await runInChromium(kind), readVectorFiles())).toEqual([]);
  },
);
