import {
  exportPublicKey,
  generateIssuerKey,
  issueCredential,
  type MedicalInsuranceClaims,
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
}

const SMALLEST: MedicalInsuranceClaims = { region: '370202' };
/** How large codes are: a Chinese name of four characters, ids and indexes of their full length. */
export async function benchSizes(): Promise<SizeRow[]> {
  const key = await generateIssuerKey();
  const currentDate = new Date('2026-11-22T08:00:00Z');
  const holderKey = exportPublicKey(await generateIssuerKey());
  const rows: [string, Parameters<typeof issueCredential>[0]][] = [
    ['region only, not revocable', content(SMALLEST)],
    ['default fields', { ...content(FICTIONAL_PERSON), status: { list: 1, index: 1_000_000 } }],
    [
      'default fields, paper',
      { ...content({ ...FICTIONAL_PERSON, paper: true }), status: { list: 1, index: 1_000_000 } },
    ],
    [
      'default fields, bound to a device',
      { ...content(FICTIONAL_PERSON), status: { list: 1, index: 1_000_000 }, holderKey },
    ],
  ];
  return Promise.all(
    rows.map(async ([credential, given]) => {
      const { text, bytes } = await issueCredential(given, key, { currentDate });
      const { version } = QRCode.create(text, { errorCorrectionLevel: 'M' });
      return { credential, bytes: bytes.length, characters: text.length, version };
    }),
  );
}

function content(claims: MedicalInsuranceClaims): Parameters<typeof issueCredential>[0] {
  return { type: 'medical-insurance', issuer: '370200', expiresAt: new Date('2026-12-22T08:00:00Z'), claims };
}
