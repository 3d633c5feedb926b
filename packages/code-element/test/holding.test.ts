import { generateIssuerKey, issueCredential, issueStrips } from '@zhengma/credential-core/issue';
import { expect, test } from 'vitest';
import { readHolding } from '../src/holding/holding.ts';

const currentDate = new Date('2026-11-22T08:00:00Z');
const key = await generateIssuerKey();

/** Characters that no compression makes fewer. */
const text = (count: number) =>
  String.fromCodePoint(
    ...Array.from({ length: count }, (_, at) => 0x20000 + ((at * at * 7919 + count * 997) % 0xa000)),
  );

test('a code that would need a larger picture than is drawn is too large, as bytes and as a text', async () => {
  const { bytes, text: code } = await issueCredential(
    {
      type: 'medical-insurance',
      issuer: text(60),
      expiresAt: new Date('2026-11-22T09:00:00Z'),
      claims: {
        name: text(62),
        region: '370202',
        businessTypes: Array.from({ length: 16 }, (_, at) => String(10_301 + at * 4711)),
      },
    },
    key,
    { currentDate, maxVersion: 40, masks: { name: 'full' } },
  );
  expect(bytes.length).toBeGreaterThan(541);
  expect(await readHolding({ credential: bytes })).toEqual({ kind: 'unusable', problem: 'too_large' });
  expect(await readHolding({ credential: code })).toMatchObject({ kind: 'bearer', text: code });
});

test('a strip is of one person: with the codes of two, no name would be right under both', async () => {
  const strip = async (name: string, idNumber?: string) => {
    const claims = { name, region: '370202', ...(idNumber && { idNumber }) };
    const content = { type: 'medical-insurance', issuer: '370200', claims } as const;
    return (await issueStrips(content, key, { currentDate, count: 2, windowSeconds: 60 })).map((code) => code.text);
  };
  const [one, other, namesake] = [
    await strip('欧阳明月', '11010519491231002X'),
    await strip('李明珠'),
    await strip('欧阳明日', '440524188001010014'),
  ];
  expect(await readHolding({ credential: one })).toMatchObject({ kind: 'strips', holder: { name: '欧***' } });
  for (const mixed of [
    [...one, ...other],
    [...one, ...namesake],
  ]) {
    expect(await readHolding({ credential: mixed })).toEqual({ kind: 'unusable', problem: 'unreadable' });
  }
});
