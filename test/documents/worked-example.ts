import { encodeHex } from '../../packages/credential-core/src/bytes/hex.ts';
import { decodeCbor } from '../../packages/credential-core/src/cbor/decode.ts';
import { decodeSign1 } from '../../packages/credential-core/src/cose/sign1.ts';
import {
  type CredentialContent,
  exportPublicKey,
  importIssuerKey,
  issueCredential,
  presentCredential,
} from '../../packages/credential-core/src/index.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { FICTIONAL_PERSON } from '../fictional-person.ts';
import { printEdn } from './edn.ts';

/** The worked example of docs/format.md: Ed25519 is deterministic, so everybody gets these very bytes. */
export async function makeWorkedExample() {
  const key = await importIssuerKey(new Uint8Array(32).fill(2));
  const device = await importIssuerKey(new Uint8Array(32).fill(7));
  const currentDate = new Date('2026-11-22T08:00:00Z');
  const content: CredentialContent = {
    type: 'medical-insurance',
    issuer: '370200',
    expiresAt: new Date('2026-11-22T09:00:00Z'),
    id: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    status: { list: 1, index: 4711 },
    claims: FICTIONAL_PERSON,
  };
  const credential = await issueCredential(content, key, { currentDate });
  const bound = await issueCredential({ ...content, holderKey: exportPublicKey(device) }, key, { currentDate });
  const presentation = await presentCredential(bound.bytes, device, { currentDate });
  const { payload } = decodeSign1(presentation.bytes, CODE_LIMITS);
  return {
    seed: encodeHex(key.exportSeed()),
    coseKey: encodeHex(exportPublicKey(key)),
    kid: encodeHex(key.kid),
    edn: printMessage(credential.bytes),
    hex: printHex(credential.bytes),
    text: credential.text,
    deviceSeed: encodeHex(device.exportSeed()),
    presentationPayload: printEdn(decodeCbor(payload, CODE_LIMITS)),
    presentationHex: printHex(presentation.bytes),
    presentationText: presentation.text,
  };
}

function printMessage(bytes: Uint8Array): string {
  const message = decodeSign1(bytes, CODE_LIMITS);
  return [
    '18([',
    `  / protected / << ${printEdn(message.protectedHeader, '  ')} >>,`,
    '  / unprotected / {},',
    `  / payload / << ${printEdn(decodeCbor(message.payload, CODE_LIMITS), '  ')} >>,`,
    `  / signature / h'${encodeHex(message.signature)}'`,
    '])',
  ].join('\n');
}

function printHex(bytes: Uint8Array): string {
  return encodeHex(bytes).replace(/.{64}/g, '$&\n').trim();
}
