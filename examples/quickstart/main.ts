// Issue, render, read back from pixels, verify, revoke: the whole life of a code, offline, in one file.
import {
  exportPublicKey,
  generateIssuerKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
  readQr,
  renderQr,
  type StatusList,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core';
import { PNG } from 'pngjs';

const currentDate = new Date();
const inHours = (hours: number) => new Date(currentDate.getTime() + hours * 3_600_000);

// 1. Who is trusted: a root signs a list that says which issuer may sign what, and for which region.
const rootKey = await generateIssuerKey();
const issuerKey = await generateIssuerKey();
const statusBaseUri = 'https://lists.example/status';
const trustBytes = await issueTrustList(
  {
    sequence: 1,
    publisher: 'example root',
    expiresAt: inHours(24),
    issuers: [
      {
        id: '370200',
        name: 'Example city',
        keys: [{ publicKey: exportPublicKey(issuerKey) }],
        types: ['medical-insurance'],
        regions: ['3702'],
        statusBaseUri,
      },
    ],
  },
  rootKey,
  { currentDate },
);
const trust = await verifyTrustList(trustBytes, [exportPublicKey(rootKey)], { currentDate });
if (!trust.ok) throw new Error(trust.detail);

// 2. Issue. Name and ID number go in whole and are masked before anything is signed.
const { text, id } = await issueCredential(
  {
    type: 'medical-insurance',
    issuer: '370200',
    expiresAt: inHours(1),
    status: { list: 1, index: 4711 },
    claims: { name: '欧阳明月', idNumber: '11010519491231002X', region: '370202', scheme: '310' },
  },
  issuerKey,
  { currentDate },
);
console.log(`issued ${id}: ${text.length} characters`);

// 3. Render, and read it back from the pixels.
const { data, width, height } = PNG.sync.read(Buffer.from(await renderQr(text, { format: 'png', scale: 4 })));
const scanned = readQr({ data: new Uint8ClampedArray(data), width, height });
if (scanned !== text) throw new Error('the picture does not hold the text');
console.log(`read back from ${width} × ${height} pixels`);

// 4. Verify with the status list of today, then with one in which the credential is revoked.
console.log('verified:', await check([]));
console.log('revoked: ', await check([[4711, 'revoked']]));

async function check(entries: [number, 'revoked' | 'suspended'][]): Promise<string> {
  if (!trust.ok || !scanned) return 'nothing to check';
  const verdict = await verifyCredential(scanned, trust.list, { currentDate, status: await publish(entries) });
  return verdict.ok ? `ok, ${verdict.credential.claims.name} ${verdict.credential.claims.idNumber}` : verdict.code;
}

async function publish(entries: [number, 'revoked' | 'suspended'][]): Promise<Map<string, StatusList>> {
  if (!trust.ok) return new Map();
  const uri = `${statusBaseUri}/1`;
  const content = { issuer: '370200', uri, expiresAt: inHours(24), size: 8192, entries };
  const bytes = await issueStatusList(content, issuerKey, { currentDate });
  const result = await verifyStatusList(bytes, trust.list, { currentDate, uri });
  return result.ok ? new Map([[uri, result.list]]) : new Map();
}
