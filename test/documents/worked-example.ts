import { encodeHex } from '../../packages/credential-core/src/bytes/hex.ts';
import { decodeCbor } from '../../packages/credential-core/src/cbor/decode.ts';
import { decodeSign1 } from '../../packages/credential-core/src/cose/sign1.ts';
import { exportPublicKey, importIssuerKey, issueCredential } from '../../packages/credential-core/src/index.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { FICTIONAL_PERSON } from '../fictional-person.ts';
import { printEdn } from './edn.ts';

/** The worked example of docs/format.md: Ed25519 is deterministic, so everybody gets these very bytes. */
export async function makeWorkedExample() {
  const key = await importIssuerKey(new Uint8Array(32).fill(2));
  const { text, bytes } = await issueCredential(
    {
      type: 'medical-insurance',
      issuer: '370200',
      expiresAt: new Date('2026-11-22T09:00:00Z'),
      id: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      status: { list: 1, index: 4711 },
      claims: FICTIONAL_PERSON,
    },
    key,
    { currentDate: new Date('2026-11-22T08:00:00Z') },
  );
  const message = decodeSign1(bytes, CODE_LIMITS);
  const edn = [
    '18([',
    `  / protected / << ${printEdn(message.protectedHeader, '  ')} >>,`,
    '  / unprotected / {},',
    `  / payload / << ${printEdn(decodeCbor(message.payload, CODE_LIMITS), '  ')} >>,`,
    `  / signature / h'${encodeHex(message.signature)}'`,
    '])',
  ].join('\n');
  return {
    seed: encodeHex(key.exportSeed()),
    coseKey: encodeHex(exportPublicKey(key)),
    kid: encodeHex(key.kid),
    text,
    hex: encodeHex(bytes).replace(/.{64}/g, '$&\n').trim(),
    edn,
  };
}
