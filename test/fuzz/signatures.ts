import { createECDH, webcrypto } from 'node:crypto';

/**
 * What a code costs by the algorithm of its keys: as many signatures as it can have, an issuer's, a holder's and a delegate's, and
 * how much more that is than checking one signature and nothing else. A process of its own, since the library asks only once what
 * the runtime can do.
 *
 * `node signatures.ts native | noble`; ends with 1 where one takes more than 5 ms.
 */
const path = process.argv[2];
const RUNS = 40;
const MAX_MILLISECONDS = 5;
const { subtle } = webcrypto;

// Without node:crypto and WebCrypto, as on a page that did not come by https.
if (path === 'noble') {
  Object.defineProperty(process, 'getBuiltinModule', { value: undefined });
  Object.defineProperty(globalThis, 'crypto', {
    value: { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) },
  });
}

const core = await import('@zhengma/credential-core');
const { importSm2Key, sm2 } = await import('@zhengma/credential-core/sm2');
type Signer = Parameters<typeof core.createIssuerKey>[0];

const SECONDS = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 8) + seconds * 1000);
const currentDate = SECONDS(0);

async function makeP256(seed: number): Promise<Signer> {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(Buffer.alloc(32, seed));
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((bytes) => bytes.toString('base64url'));
  const jwk = { kty: 'EC', crv: 'P-256', d: Buffer.alloc(32, seed).toString('base64url'), x: x ?? '', y: y ?? '' };
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
  return {
    algorithm: 'ES256',
    publicKey: new Uint8Array(point),
    sign: async (message) => new Uint8Array(await subtle.sign(algorithm, key, Uint8Array.from(message))),
  };
}

const MAKERS: Readonly<Record<string, (seed: number) => Promise<Signer>>> = {
  Ed25519: (seed) => core.importIssuerKey(new Uint8Array(32).fill(seed)),
  ES256: makeP256,
  SM2: async (seed) => importSm2Key(new Uint8Array(32).fill(seed)),
};

/** The least of several runs: what is more is the machine's. */
async function time(run: () => Promise<{ readonly ok: boolean }>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const begin = performance.now();
    const { ok } = await run();
    least = Math.min(least, performance.now() - begin);
    if (!ok) throw new Error('refused');
  }
  return least;
}

for (const [name, make] of Object.entries(MAKERS)) {
  const [root, issuer, holder, delegate] = (await Promise.all([1, 2, 3, 4].map(make))) as [
    Signer,
    Signer,
    Signer,
    Signer,
  ];
  const issuerKey = core.createIssuerKey(issuer);
  const entry = {
    id: '370200',
    name: 'example',
    keys: [{ publicKey: core.exportPublicKey(issuer) }],
    types: ['medical-insurance'],
    regions: ['3702'],
    statusBaseUri: 'https://lists.example/1',
  };
  const content = { sequence: 1, publisher: 'example', expiresAt: SECONDS(86_400), issuers: [entry] };
  const list = await core.issueTrustList(content, core.createIssuerKey(root), { currentDate });
  const trusted = await core.verifyTrustList(list, [core.exportPublicKey(root)], { currentDate, algorithms: [sm2] });
  if (!trusted.ok) throw new Error(trusted.code);
  const said = { type: 'medical-insurance', issuer: '370200', expiresAt: SECONDS(3600) } as const;
  const single = await core.issueCredential({ ...said, claims: { region: '370202' } }, issuerKey, { currentDate });
  const bound = await core.issueCredential(
    { ...said, holderKey: core.exportPublicKey(holder), claims: { region: '370202', delegable: true } },
    issuerKey,
    { currentDate },
  );
  const lent = await core.delegateCredential(bound.bytes, holder, {
    currentDate,
    delegate: { name: '李**', relation: '2' },
    delegateKey: core.exportPublicKey(delegate),
    expiresAt: SECONDS(1800),
  });
  const chain = await core.presentCredential(lent.bytes, delegate, { currentDate, maxVersion: 40 });
  const { publicKey } = trusted.list.issuers[0]?.keys[0] ?? {};
  if (!publicKey) throw new Error('no key');
  const signature = await issuer.sign(single.bytes);
  const bare = await time(async () => ({ ok: await publicKey.verify(single.bytes, signature) }));
  const where = `${name}, ${path === 'noble' ? 'in JavaScript alone' : 'on this Node'}`;
  console.log(`${where}, a bare check: ${bare.toFixed(2)} ms`);
  for (const [comment, { bytes }] of [
    ['one signature', single],
    ['three signatures', chain],
  ] as const) {
    const took = await time(() => core.verifyCredential(bytes, trusted.list, { currentDate, status: 'not_checked' }));
    console.log(`${where}, ${comment}: ${took.toFixed(2)} ms, ${(took / bare).toFixed(1)} × a bare check`);
    if (took > MAX_MILLISECONDS) process.exitCode = 1;
  }
  // As many keys as an issuer may have.
  const some = await Promise.all(Array.from({ length: 15 }, (_, at) => make(at + 100)));
  const many = [issuer, ...some].map((key) => ({ publicKey: core.exportPublicKey(key) }));
  const long = { ...content, issuers: [{ ...entry, keys: many }] };
  const bytes = await core.issueTrustList(long, core.createIssuerKey(root), { currentDate });
  const roots = [core.exportPublicKey(root)];
  const read = () => core.verifyTrustList(bytes, roots, { currentDate, algorithms: [sm2] });
  const alone = await time(read);
  // The first code by a list finds the second coordinates of its keys: at its worst one of three signatures.
  const both = await time(async () => {
    const found = await read();
    if (!found.ok) return found;
    return core.verifyCredential(chain.bytes, found.list, { currentDate, status: 'not_checked' });
  });
  console.log(
    `${where}, a trust list of ${many.length} keys: ${alone.toFixed(2)} ms, and the first code by it, of three signatures: ${(both - alone).toFixed(2)} ms`,
  );
  if (Math.max(alone, both - alone) > MAX_MILLISECONDS) process.exitCode = 1;
}
