import {
  type CredentialContent,
  delegateCredential,
  exportPublicKey,
  importDeviceKey,
  importIssuerKey,
  issueCredential,
  type MedicalInsuranceClaims,
  presentCredential,
  type SoftwareKey,
} from '@zhengma/credential-core';
import QRCode from 'qrcode';
import { FICTIONAL_PERSON } from '../fictional-person.ts';

/** One row of the size table in docs/format.md. */
export interface SizeRow {
  readonly credential: string;
  /** The COSE_Sign1 as carried. */
  readonly bytes: number;
  /** Characters in the code, prefix included. */
  readonly characters: number;
  /** QR version at error correction level M. */
  readonly version: number;
  /** The most bytes that the design allows, where it says so. */
  readonly limit?: number;
}

const currentDate = new Date('2026-11-22T08:00:00Z');
const EXPIRES_AT = new Date('2026-12-22T08:00:00Z');
const SCATTERED = Uint8Array.from({ length: 16 }, (_, at) => (at * 151 + 89) % 256);
const STATUS = { status: { list: 1, index: 1_000_000 } };
const DELEGATE = { name: '欧阳明珠', relation: '2' };

/** How large codes are: a Chinese name of four characters, ids and indexes of their full length. */
export async function benchSizes(): Promise<SizeRow[]> {
  // Fixed keys and ids: now and then zlib saves a byte or two of a code, and the table is not to depend on luck.
  const [issuer, device, delegate] = (await Promise.all(
    [1, 2, 3].map((fill) => importIssuerKey(new Uint8Array(32).fill(fill))),
  )) as [SoftwareKey, SoftwareKey, SoftwareKey];
  const p256 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const secureElement = await importDeviceKey(p256);
  const [holderKey, delegateKey] = [exportPublicKey(device), exportPublicKey(delegate)];

  const issue = (claims: MedicalInsuranceClaims, change: Partial<CredentialContent> = STATUS, redact?: 'all') =>
    issueCredential(
      {
        type: 'medical-insurance',
        issuer: '370200',
        id: SCATTERED.slice(0, 8),
        expiresAt: EXPIRES_AT,
        claims,
        ...change,
      },
      issuer,
      {
        currentDate,
        ...(redact && { redact: ['name', 'idNumber', 'scheme', 'personClass'] }),
      },
    );
  const bound = await issue(FICTIONAL_PERSON, { ...STATUS, holderKey });
  const elsewhere = await issue(FICTIONAL_PERSON, { ...STATUS, holderKey: exportPublicKey(secureElement) });
  const mediated = await issue({ ...FICTIONAL_PERSON, delegate: DELEGATE }, { ...STATUS, holderKey: delegateKey });
  const delegable = await issue({ ...FICTIONAL_PERSON, delegable: true }, { ...STATUS, holderKey });
  const redacted = await issue(FICTIONAL_PERSON, { ...STATUS, holderKey }, 'all');
  const chain = await delegateCredential(delegable.bytes, device, {
    currentDate,
    delegate: DELEGATE,
    delegateKey,
    expiresAt: EXPIRES_AT,
    businessTypes: ['01301'],
  });

  const rows: [string, { readonly text: string; readonly bytes: Uint8Array }, number?][] = [
    ['region only, not revocable', await issue({ region: '370202' }, {})],
    ['default fields', await issue(FICTIONAL_PERSON), 190],
    ['default fields, paper', await issue({ ...FICTIONAL_PERSON, paper: true })],
    ['default fields, bound to a device', bound],
    ['a presentation of it', await presentCredential(bound.bytes, device, { currentDate }), 349],
    ['a presentation by a P-256 device', await presentCredential(elsewhere.bytes, secureElement, { currentDate }), 349],
    [
      'a presentation to a named verifier, with a challenge',
      await presentCredential(bound.bytes, device, {
        currentDate,
        audience: 'H37020000001',
        challenge: SCATTERED,
      }),
      349,
    ],
    [
      'a presentation by a delegate of the issuer’s',
      await presentCredential(mediated.bytes, delegate, { currentDate }),
      349,
    ],
    [
      'a presentation by a delegate of the holder’s',
      await presentCredential(chain.bytes, delegate, { currentDate }),
      541,
    ],
    [
      'a presentation that shows 2 of 4 redacted claims',
      await presentCredential(redacted.bytes, device, { currentDate, disclose: ['name', 'idNumber'] }),
      541,
    ],
  ];
  return rows.map(([credential, { text, bytes }, limit]) => {
    const { version } = QRCode.create(text, { errorCorrectionLevel: 'M' });
    return { credential, bytes: bytes.length, characters: text.length, version, ...(limit && { limit }) };
  });
}
