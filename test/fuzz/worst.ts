import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { classifyCode } from '@zhengma/credential-core/codes';
import { verifyCredential, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { Random } from '../conformance/independent/mutate.ts';
import { bomb, qrText, zlib, zlibOfBits } from '../vectors/make/carrier.ts';
import { cbor, encoded, head, nested, type Plain } from '../vectors/make/cbor.ts';
import { embed, mapFrom } from '../vectors/make/cose.ts';
import { ed25519, p256 } from '../vectors/make/keys.ts';
import { p256Key, STATUS_URI, statusList, trustList } from '../vectors/make/lists.ts';
import {
  boundClaims,
  CNF,
  claims,
  cnf,
  credential,
  delegableClaims,
  delegation,
  delegationClaims,
  disclosure,
  disclosureHash,
  ISS,
  issuer,
  MAP,
  NOW,
  presentation,
  redactedMap,
  root,
  sdHeader,
} from '../vectors/make/people.ts';
import { mutate } from './fuzzer.ts';

/** Looks for inputs of at most 4 KiB that take long, and measures them against one bare Ed25519 check. */

const MAX_BYTES = 4096;
export const MAX_MILLISECONDS = 5;
const MAX_HEAP_BYTES = 8 * 1024 * 1024;

/** Marks that each have to find their place among the others. */
const MARKS = `a${'\u0345\u0316'.repeat(63)}`;

const texts = (count: number, text = MARKS): Plain[] => Array(count).fill(text);

/** Ways to keep a verifier busy. */
function makeCandidates(): Map<string, Uint8Array> {
  const device = p256(0x51);
  const other = p256(0x52);
  const onP256 = credential(delegableClaims([[CNF, cnf(device)]]));
  const lent = delegation(delegationClaims([[CNF, cnf(other)]]), embed(onP256), { key: device });
  const chain = presentation(embed(lent), undefined, { key: other });
  const noPoint = { ...device, coseKey: mapFrom([...device.coseKey, [-2, Buffer.alloc(32, 5)]]) };
  const onNoPoint = credential(delegableClaims([[CNF, cnf(noPoint)]]));
  const name = disclosure(1, '欧***', 2);
  const shown = Array.from({ length: 8 }, (_, at) => disclosure(at, texts(1), 2));
  const sd = credential(boundClaims([[MAP, redactedMap(shown.map(disclosureHash), [2])]]), {
    header: sdHeader(),
    unprotected: mapFrom([[17, shown]]),
  });
  const emptyBlocks = Array.from({ length: 3000 }, () => [0b010, 3] as const);
  return new Map(
    [
      ['a credential', credential()],
      ['a credential by P-256', credential(claims([[ISS, '440300']], [[1, undefined]]), { key: p256Key })],
      ['holder, delegate and issuer', presentation(embed(delegation()))],
      ['a chain of P-256 keys', chain],
      [
        'a chain of P-256 keys, wrongly signed',
        presentation(embed(lent), undefined, { key: other, signature: Buffer.alloc(64, 3) }),
      ],
      ['a chain of P-256 keys that are no points', presentation(embed(delegation(undefined, embed(onNoPoint))))],
      ['a kid of nobody', credential(claims(), { key: ed25519(0x44) })],
      ['eight disclosures of slow texts', presentation(embed(sd))],
      [
        'a presentation with a disclosure',
        presentation(
          embed(
            credential(boundClaims([[MAP, redactedMap([disclosureHash(name)], [2])]]), {
              header: sdHeader(),
              unprotected: mapFrom([[17, [name]]]),
            }),
          ),
        ),
      ],
      ['slow texts', credential(texts(15))],
      ['slow texts to the limit, compressed', zlib(credential(texts(60)))],
      [
        'slow texts as keys',
        credential(new Map(Array.from({ length: 14 }, (_, at) => [`${String.fromCharCode(97 + at)}${MARKS}`, 0]))),
      ],
      ['text that is nearly of Chinese', credential(texts(15, `${'欧'.repeat(84)}é`))],
      ['nested to the limit', credential(nested(4000))],
      ['256 items', credential(Array(256).fill(0))],
      ['127 keys', credential(new Map(Array.from({ length: 127 }, (_, at) => [at, 0])))],
      ['a long payload', credential(Buffer.alloc(3900, 7))],
      ['16 KiB, compressed', zlib(credential(Buffer.alloc(16_000, 7)))],
      ['16 KiB of zeros', bomb(16_384)],
      ['a million zeros', bomb(1_000_000)],
      [
        'codes for every block',
        Buffer.concat(Array(12).fill(zlib(Buffer.from('a'), { block: 'sent', isLast: false }))),
      ],
      ['blocks without content', zlibOfBits(emptyBlocks)],
      [
        'stored blocks without content',
        Buffer.concat([Buffer.of(0x78, 0xda), Buffer.concat(Array(800).fill(Buffer.from('000000ffff', 'hex')))]),
      ],
      ['zeros', Buffer.alloc(MAX_BYTES)],
      ['an array that is not there', encoded(Buffer.of(0xd2), head(4, 2 ** 32)).bytes],
    ].map(([comment, bytes]) => [comment as string, (bytes as Uint8Array).subarray(0, MAX_BYTES)]),
  );
}

export interface Worst {
  readonly lines: readonly string[];
  readonly isBounded: boolean;
  /** In milliseconds, the least of several runs. */
  readonly milliseconds: number;
  /** How many bare Ed25519 checks that is. */
  readonly ratio: number;
}

/** @param seconds for changing the slowest ones at random, in search of slower ones */
export async function findWorst(seconds: number): Promise<Worst> {
  const measure = await prepare();
  const candidates = [...makeCandidates()].map(([comment, bytes]) => ({ comment, bytes }));
  for (const { bytes } of candidates) await measure.time(bytes, 20);
  const bare = measure.bare(200);
  const timed: { comment: string; bytes: Uint8Array; milliseconds: number }[] = [];
  for (const each of candidates) timed.push({ ...each, milliseconds: await measure.time(each.bytes, 30) });
  const slowest = () => timed.sort((a, b) => b.milliseconds - a.milliseconds);

  const random = new Random(1);
  const words = candidates.map(({ bytes }) => bytes.subarray(0, 64));
  let tried = 0;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; tried++) {
    const best = slowest().slice(0, 8);
    const { comment, bytes } = random.pick(best);
    const changed = mutate(random, bytes, { maxBytes: MAX_BYTES, words }, random.pick(timed).bytes);
    const least = best.at(-1)?.milliseconds ?? 0;
    // A slow run may be noise of the machine: only what is slow each time counts.
    if ((await measure.time(changed, 2)) <= least) continue;
    const milliseconds = await measure.time(changed, 12);
    if (milliseconds > least)
      timed.push({ comment: `changed: ${comment.replace('changed: ', '')}`, bytes: changed, milliseconds });
  }
  const [worst] = slowest();
  if (!worst) throw new Error('nothing was measured');
  const milliseconds = await measure.time(worst.bytes, 60);
  const heaps: number[] = [];
  for (const { bytes } of timed) heaps.push(await measure.heap(bytes));
  const heap = Math.max(...heaps);
  const line = ({ comment, milliseconds }: { comment: string; milliseconds: number }) =>
    `${milliseconds.toFixed(3)} ms, ${(milliseconds / bare).toFixed(1)} × a bare check: ${comment}`;
  return {
    lines: [
      `a bare Ed25519 check: ${bare.toFixed(3)} ms; ${candidates.length} inputs made to be slow, ${tried} changed ones tried`,
      ...timed.slice(0, 12).map(line),
      `worst, least of 60: ${line({ ...worst, milliseconds })}`,
      `most heap for one input: ${(heap / 1024).toFixed(0)} KiB`,
    ],
    isBounded: milliseconds <= MAX_MILLISECONDS && heap <= MAX_HEAP_BYTES,
    milliseconds,
    ratio: milliseconds / bare,
  };
}

async function prepare() {
  const at = { currentDate: NOW };
  const held = await verifyTrustList(trustList(), [cbor(root.coseKey)], at);
  if (!held.ok) throw new Error(held.code);
  const lists = await verifyStatusList(statusList(), held.list, { ...at, uri: STATUS_URI });
  if (!lists.ok) throw new Error(lists.code);
  const options = { ...at, status: new Map([[STATUS_URI, lists.list]]) };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  /** As bytes where that is a message, and as text in any case; both are asked what they are, too. */
  const run = async (bytes: Uint8Array, text: string) => {
    if (bytes[0] === 0xd2) await verifyCredential(bytes, held.list, options);
    else await verifyCredential(text, held.list, options);
    classifyCode(text);
  };
  return {
    async time(bytes: Uint8Array, times: number): Promise<number> {
      const text = qrText(bytes);
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < times; i++) {
        const begin = performance.now();
        await run(bytes, text);
        least = Math.min(least, performance.now() - begin);
      }
      return least;
    },
    bare(times: number): number {
      const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), issuer.coseKey.get(-2) as Uint8Array]);
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
      const message = Buffer.alloc(200, 1);
      const signature = issuer.sign(message);
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < times; i++) {
        const begin = performance.now();
        verify(null, message, key, signature);
        least = Math.min(least, performance.now() - begin);
      }
      return least;
    },
    async heap(bytes: Uint8Array): Promise<number> {
      const text = qrText(bytes);
      collect();
      const before = process.memoryUsage();
      await run(bytes, text);
      const after = process.memoryUsage();
      return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
    },
  };
}
