import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What each example must have shown when it ends well. */
const SHOWN: Record<string, RegExp[]> = {
  quickstart: [
    /^issued [0-9a-f]{16}:/m,
    /^read back from/m,
    /^verified: ok, 欧\*{3} \*002X$/m,
    /^revoked: {2}revoked$/m,
  ],
  'external-signer': [
    /^signing at http:\/\/127\.0\.0\.1:\d+, token in/m,
    /^keys: root-1, issuer-1, receipt-1$/m,
    /^signature: 64 bytes$/m,
    /^without the token: 401$/m,
    /^audit: \{"at":"[^"]+","key":"issuer-1","bytes":9,"sha256":"[0-9a-f]{64}"\}$/m,
  ],
  forgery: [
    /unsigned code forged/,
    /the genuine code +→ ok$/m,
    /as its own phone shows it +→ ok$/m,
    /^36 of 36 attempts refused/m,
  ],
};

/** Pages, which a browser opens: by what. */
const OPENED_ELSEWHERE: Record<string, string> = { 'embed-scanner': 'test/e2e/embed-pages.test.ts' };

test('every example is run here', () => {
  expect(readdirSync(`${ROOT}/examples`).sort()).toEqual(Object.keys({ ...SHOWN, ...OPENED_ELSEWHERE }).sort());
});

test.each(Object.entries(SHOWN))('%s runs against the packed tarball', async (name, shown) => {
  const { stdout } = await run(process.execPath, ['scripts/example.mjs', name, '--built'], { cwd: ROOT });
  for (const line of shown) expect(stdout).toMatch(line);
});
