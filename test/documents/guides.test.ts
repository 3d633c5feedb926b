import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../docs/embed/${name}`, import.meta.url), 'utf8');
const blocks = (document: string, language: string) =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);

const GUIDES = ['issuer', 'holder', 'verifier'];

test.each(GUIDES)('the guide for the %s runs from top to bottom and prints what it says', async (name) => {
  const script = blocks(read(`${name}.md`), 'ts').join('\n');
  const said = [...script.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
  expect(said.length).toBeGreaterThan(3);
  // Below this folder, so that the package is found as a dependency is.
  const folder = mkdtempSync(join(import.meta.dirname, '.guide-'));
  try {
    const file = join(folder, 'guide.ts');
    writeFileSync(file, script);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual(said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([...GUIDES, 'scanner'])('the Chinese guide for the %s has the same code', (name) => {
  const [english, chinese] = [read(`${name}.md`), read(`${name}.zh-CN.md`)];
  // Comments are words; what they say is printed is not.
  const bare = (document: string) => blocks(document, 'ts').map((block) => block.replaceAll(/ *\/\/ (?!→).*$/gm, ''));
  expect(bare(chinese)).toEqual(bare(english));
  for (const language of ['sh', 'html', 'js', 'jsx', 'vue']) {
    expect(blocks(chinese, language)).toEqual(blocks(english, language));
  }
});
