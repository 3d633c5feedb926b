import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, type SuiteFactory, test } from 'vitest';

/** Public test vectors lie beside a developer's checkout; a user's clone does without them. */
export const VECTORS = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));
const PRESENT = existsSync(VECTORS);

/** A suite over public vectors; where they are absent it says so in one skipped test. */
export function describeVectors(name: string, suite: SuiteFactory): void {
  if (PRESENT) describe(name, suite);
  else describe(name, () => test.skip('skipped: no vectors', () => {}));
}

export function readVectorText(path: string): string {
  return readFileSync(VECTORS + path, 'utf8');
}

export function readVectors<T>(path: string): T {
  return JSON.parse(readVectorText(path)) as T;
}

export function listVectors(folder: string): string[] {
  return readdirSync(VECTORS + folder).map((name) => `${folder}/${name}`);
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}
