import { createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** One ASN.1 value in DER. */
function encode(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const sequence = (...contents: Uint8Array[]) => encode(0x30, ...contents);
const time = (date: Date) => encode(0x17, Buffer.from(`${date.toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));

const ECDSA_WITH_SHA256 = sequence(encode(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
const COMMON_NAME = Buffer.from('550403', 'hex');
const ALTERNATIVE_NAMES = Buffer.from('551d11', 'hex');
const DAY = 86_400_000;

/** A certificate for 127.0.0.1 that is signed by its own key, both in PEM. */
export function createCertificate(): { certificate: string; key: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(encode(0x31, sequence(encode(0x06, COMMON_NAME), encode(0x0c, Buffer.from('test')))));
  const address = sequence(encode(0x87, Buffer.from([127, 0, 0, 1])));
  const content = sequence(
    encode(0xa0, encode(0x02, Buffer.from([2]))),
    encode(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(Date.now() - DAY)), time(new Date(Date.now() + DAY))),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    encode(0xa3, sequence(sequence(encode(0x06, ALTERNATIVE_NAMES), encode(0x04, address)))),
  );
  const signature = encode(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const base64 = sequence(content, ECDSA_WITH_SHA256, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g)?.join('\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
