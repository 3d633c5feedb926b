import { createHash, X509Certificate } from 'node:crypto';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { decodeBase45 } from '../../packages/credential-core/src/bytes/base45.ts';
import { openHcert, verifyHcert } from '../../packages/credential-core/src/profiles/hcert.ts';
import { importKeySet, type TrustedPublicKey } from '../../packages/credential-core/src/profiles/key-set.ts';
import { readQr } from '../../packages/credential-core/src/qr/read.ts';
import { describeVectors, readVectors, VECTORS } from './vectors.ts';

interface HcertVector {
  JSON?: unknown;
  COSE?: string;
  COMPRESSED?: string;
  PREFIX: string;
  '2DCODE'?: string;
  TESTCTX: { CERTIFICATE: string; VALIDATIONCLOCK: string };
  EXPECTEDRESULTS: Record<string, boolean>;
}

interface Case {
  name: string;
  vector: HcertVector;
  text: string;
  verify(): ReturnType<typeof verifyHcert>;
}

/**
 * The file contradicts itself: it expects its JSON to be what its CBOR says, and has two times of the test otherwise there. What is
 * signed is the CBOR.
 */
const OTHER_JSON = 'FR/2DCode/raw/test_pcr_ok.json';

/** Signed in 2022, by a key that is in none of the files. */
const UNKNOWN_SIGNER = ['FI/png/TEST_FI.png', 'FI/png/VAC_FI.png'];

/** 1.3.6.1.4.1.1847.2021.1.1 to .3, and with the zero that early certificates have in it. */
const USES = [
  [/\.1847\.2021\.1\.1$/, 'test'],
  [/\.1847\.2021\.1\.2$/, 'vaccination'],
  [/\.1847\.2021\.1\.3$/, 'recovery'],
] as const;

const VALIDITY_CODES = ['issued_in_future', 'not_yet_valid', 'expired'];
const wrongPrefix = expect.objectContaining({ code: expect.stringMatching(/^(wrong_format|unsupported_version)$/) });

/** What each expectation of the set means for us. */
const HOLD: Record<string, (one: Case, expected: boolean) => unknown> = {
  async EXPECTEDUNPREFIX({ verify }, expected) {
    const result = await verify();
    if (expected) expect(result).not.toEqual(wrongPrefix);
    else expect(result).toEqual(wrongPrefix);
  },
  EXPECTEDB45DECODE({ text, vector }, expected) {
    const decode = () => Buffer.from(decodeBase45(text, 4)).toString('hex');
    if (!expected) expect(decode).toThrow(expect.objectContaining({ code: 'malformed' }));
    else if (vector.COMPRESSED) expect(decode()).toBe(vector.COMPRESSED.toLowerCase());
    else expect(decode()).toMatch(/^78/);
  },
  EXPECTEDCOMPRESSION({ text, vector }, expected) {
    if (expected && vector.COSE) {
      expect(inflateSync(decodeBase45(text, 4)).toString('hex')).toBe(vector.COSE.toLowerCase());
    }
    if (expected) expect(openHcert(text).message.signature.length).toBeGreaterThan(0);
    else expect(() => openHcert(text)).toThrow(/^zlib: /);
  },
  EXPECTEDDECODE({ text }, expected) {
    if (expected) expect(openHcert(text).content.certificate.version).toMatch(/^1\./);
    else expect(() => openHcert(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  },
  EXPECTEDVALIDJSON: expectContent,
  EXPECTEDVALIDOBJECT: expectContent,
  EXPECTEDRESULTS: expectContent,
  EXPECTEDSCHEMAVALIDATION({ text }, expected) {
    if (expected) expect(openHcert(text).content.certificate.kind).toBeDefined();
    else expect(() => openHcert(text)).toThrow(/^hcert: /);
  },
  async EXPECTEDVERIFY({ verify }, expected) {
    const { checks } = await verify();
    expect(checks.signature === 'passed').toBe(expected);
  },
  async EXPECTEDKEYUSAGE({ verify }, expected) {
    const result = await verify();
    expect(result.checks.scope).toBe(expected ? 'passed' : 'failed');
    if (!expected) expect(result).toMatchObject({ ok: false, code: 'type_not_allowed' });
  },
  EXPECTEDEXPIRATIONCHECK: expectTimes,
  // So spelled in seven files, all of which are within their time.
  EXPTECTEDEXPIRED: expectTimes,
  async EXPECTEDPICTUREDECODE({ vector, text }, expected) {
    // 22 files have their picture beside them only; those are all read below.
    if (!vector['2DCODE']) return;
    const picture = Buffer.from(vector['2DCODE'], 'base64');
    if (expected) expect(await readPicture(picture)).toBe(text);
    else await expect(readPicture(picture)).rejects.toThrow('unsupported image');
  },
};

/** Only for those that write certificates. */
const OUT_OF_SCOPE = ['EXPECTEDENCODE'];

function expectContent({ name, text, vector }: Case): void {
  const { content } = openHcert(text).content.certificate;
  if (name === OTHER_JSON) expect(content).toMatchObject({ ...(vector.JSON as object), t: [{ tr: '260415000' }] });
  else if (vector.JSON) expect(content).toEqual(vector.JSON);
}

async function expectTimes({ verify }: Case, expected: boolean): Promise<void> {
  const result = await verify();
  if (expected) expect(result.checks.validity).toBe('passed');
  else expect(result).toMatchObject({ ok: false, code: expect.toBeOneOf(VALIDITY_CODES) });
}

describeVectors('EU Digital COVID Certificates of the public test set', () => {
  const folder = join(VECTORS, 'hcert');
  const cases = globSync('**/*.json', { cwd: folder })
    .sort()
    .map((name) => prepareCase(name));

  test('there are 140 files', () => expect(cases).toHaveLength(140));

  test('every expectation is one that is held here, or said to be out of scope', () => {
    const named = new Set(cases.flatMap(({ vector }) => Object.keys(vector.EXPECTEDRESULTS)));
    expect([...named].sort()).toEqual([...Object.keys(HOLD), ...OUT_OF_SCOPE].sort());
  });

  test.each(cases)('$name', async (one) => {
    for (const [expectation, expected] of Object.entries(one.vector.EXPECTEDRESULTS)) {
      await HOLD[expectation]?.(one, expected);
    }
  });
});

describeVectors('pictures of the public test set', () => {
  const folder = join(VECTORS, 'hcert');
  const files = globSync('**/*.json', { cwd: folder });
  const pictures = globSync('**/*.png', { cwd: folder }).sort();
  let read: (string | null)[];
  let vectors: HcertVector[];

  beforeAll(async () => {
    vectors = files.map((name) => readVectors<HcertVector>(`hcert/${name}`));
    read = await Promise.all(pictures.map((name) => readPicture(join(folder, name))));
  }, 60_000);

  test('our reader reads all 81, and 75 are those of a file', () => {
    const texts = new Set(vectors.map(({ PREFIX }) => PREFIX));
    expect(read).toHaveLength(81);
    expect(read.filter((text) => text?.startsWith('HC1:'))).toHaveLength(81);
    expect(read.filter((text) => texts.has(text ?? ''))).toHaveLength(75);
  });

  test('all but two are signed by a key of the set', async () => {
    const keys = importKeySet(vectors.map(({ TESTCTX }) => readCertificate(TESTCTX.CERTIFICATE)));
    const unsigned: string[] = [];
    for (const [index, name] of pictures.entries()) {
      const result = await verifyHcert(read[index] ?? '', keys, { currentDate: new Date('2022-12-01T00:00:00Z') });
      if (result.checks.signature === 'passed') continue;
      expect(result).toMatchObject({ ok: false, code: 'unknown_key' });
      unsigned.push(name);
    }
    expect(unsigned).toEqual(UNKNOWN_SIGNER);
  });
});

async function readPicture(picture: string | Buffer): Promise<string | null> {
  const { data, info } = await sharp(picture)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return readQr({ data: new Uint8ClampedArray(data), width: info.width, height: info.height });
}

function prepareCase(name: string): Case {
  const vector = readVectors<HcertVector>(`hcert/${name}`);
  return {
    name,
    vector,
    text: vector.PREFIX,
    verify: () =>
      verifyHcert(vector.PREFIX, importKeySet([readCertificate(vector.TESTCTX.CERTIFICATE)]), {
        currentDate: new Date(vector.TESTCTX.VALIDATIONCLOCK),
      }),
  };
}

/** The key of a certificate, its kid and what it may sign. */
function readCertificate(base64: string): TrustedPublicKey {
  const der = Buffer.from(base64, 'base64');
  const { publicKey, keyUsage = [] } = new X509Certificate(der);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const kid = createHash('sha256').update(der).digest().subarray(0, 8);
  const uses = USES.filter(([oid]) => keyUsage.some((usage) => oid.test(usage))).map(([, use]) => use);
  return { spki, kid, ...(uses.length > 0 && { uses }) };
}
