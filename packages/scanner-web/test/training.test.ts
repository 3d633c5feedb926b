import { verifyCredential, verifyTrustList } from '@zhengma/credential-core/verify';
import { expect, test } from 'vitest';
import { SPECIMENS } from '../src/training/specimen-name.ts';
import { openTraining } from '../src/training/training.ts';
import { createIssuing } from './issuing.ts';

const start = new Date('2026-06-01T08:00:00Z');

test('every specimen has the verdict that it is for, and there is one of each tone', async () => {
  const training = await openTraining(() => start);
  const judged = await Promise.all(
    SPECIMENS.map(async (name) => {
      const { tone, code } = await training.judge(await training.makeSpecimen(name), undefined);
      return [name, tone, code];
    }),
  );
  expect(judged).toEqual([
    ['presented', 'valid', 'valid'],
    ['paper', 'valid', 'valid'],
    ['unchecked', 'unsure', 'status_unknown'],
    ['copy', 'refused', 'not_presented'],
    ['expired', 'refused', 'expired'],
    ['revoked', 'refused', 'revoked'],
    ['forged', 'refused', 'bad_signature'],
    ['official', 'foreign', 'not_zhengma'],
  ]);
});

test('a specimen is nothing to a counter, and a real code is not valid in training', async () => {
  const training = await openTraining(() => start);
  const issuing = await createIssuing();
  const trust = await verifyTrustList(await issuing.signTrustList(1, start), [issuing.root], { currentDate: start });
  if (!trust.ok) throw new Error(trust.code);
  const specimen = await verifyCredential(await training.makeSpecimen('paper'), trust.list, {
    currentDate: start,
    status: 'not_checked',
  });
  expect(specimen).toMatchObject({ ok: false });
  const { text } = await issuing.signCredential(start);
  expect((await training.judge(text, undefined)).tone).not.toBe('valid');
});

test('who opens the page again has other keys', async () => {
  const [one, other] = [await openTraining(() => start), await openTraining(() => start)];
  expect((await other.judge(await one.makeSpecimen('paper'), undefined)).tone).not.toBe('valid');
});
