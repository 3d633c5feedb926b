import type { Answer, VerificationResult } from '@zhengma/verifier-service/client';
import { expect, test, vi } from 'vitest';
import { createServiceAsker } from '../src/operator/service-word.ts';

const start = new Date('2026-06-01T08:00:00Z');
const request = { text: 'ZM1:A', businessType: '01301' };
const answering = (value: object) => async () => ({ ok: true, value }) as Answer<VerificationResult>;
const failing = (failure: { code: string; status?: number }) => async () =>
  ({ ok: false, detail: '', faults: [], ...failure }) as Answer<never>;

test.each([
  [
    { ok: true, receipt: { id: '00ff' } },
    { kind: 'first', receipt: '00ff' },
  ],
  [
    { ok: true, repeated: true, receipt: { id: '00ff' } },
    { kind: 'repeated', receipt: '00ff' },
  ],
  [
    { ok: false, code: 'replayed', conclusive: true },
    { kind: 'refused', code: 'replayed' },
  ],
  [
    { ok: false, code: 'revoked', conclusive: true },
    { kind: 'refused', code: 'revoked' },
  ],
  [{ ok: false, code: 'status_unknown', conclusive: false }, { kind: 'silent' }],
])('%j is %j', async (value, word) => {
  expect(await createServiceAsker(() => start).ask(request, answering(value))).toEqual(word);
});

test('a service that does not answer is left alone for half a minute; one that names a problem is not', async () => {
  let now = start;
  const asker = createServiceAsker(() => now);
  const verify = vi.fn(failing({ code: 'out_of_scope', status: 403 }));
  expect(await asker.ask(request, verify)).toEqual({ kind: 'silent' });
  verify.mockImplementation(failing({ code: 'unreachable' }));
  expect(await asker.ask(request, verify)).toEqual({ kind: 'silent' });
  expect(verify).toHaveBeenCalledTimes(2);
  now = new Date(start.getTime() + 29_999);
  expect(await asker.ask(request, verify)).toEqual({ kind: 'silent' });
  expect(verify).toHaveBeenCalledTimes(2);
  now = new Date(start.getTime() + 30_000);
  await asker.ask(request, verify);
  expect(verify).toHaveBeenCalledTimes(3);
});

test('a clock that is set back an hour after a silence does not make it an hour long', async () => {
  let now = start;
  const asker = createServiceAsker(() => now);
  await asker.ask(request, failing({ code: 'unreachable' }));
  now = new Date(start.getTime() - 3_600_000);
  const refused = answering({ ok: false, code: 'replayed', conclusive: true });
  expect(await asker.ask(request, refused)).toEqual({ kind: 'refused', code: 'replayed' });
});

test('an answer that does not come in time is not waited for', async () => {
  const asker = createServiceAsker(() => start);
  const verify = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  expect(await asker.ask(request, verify)).toEqual({ kind: 'silent' });
});
