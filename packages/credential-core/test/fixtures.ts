import { isInRepertoire } from '../src/cbor/repertoire.ts';
import {
  type CredentialContent,
  exportPublicKey,
  type IssuerKey,
  importIssuerKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
  type SoftwareKey,
  type StatusList,
  type StatusListContent,
  type TrustList,
  type TrustListContent,
  verifyStatusList,
  verifyTrustList,
} from '../src/index.ts';

/** All tests happen at this instant; the people are fictional and their ID numbers have valid check digits. */
export const NOW = new Date('2026-11-22T08:00:00Z');
export const ISSUER = '370200';
export const STATUS_BASE = 'https://lists.example/status';
export const STATUS_URI = `${STATUS_BASE}/1`;
export const LIST_INDEX = 4711;

/** What of a text the format has characters for. */
export function keepKnown(text: string): string {
  return [...text].filter(isInRepertoire).join('');
}

const day = 86_400;

export function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

export const rootKey: SoftwareKey = await importIssuerKey(new Uint8Array(32).fill(1));
export const issuerKey: SoftwareKey = await importIssuerKey(new Uint8Array(32).fill(2));
export const otherKey: SoftwareKey = await importIssuerKey(new Uint8Array(32).fill(3));
export const ROOTS = [exportPublicKey(rootKey)];

export function credentialContent(change: Partial<CredentialContent> = {}): CredentialContent {
  return {
    type: 'medical-insurance',
    issuer: ISSUER,
    expiresAt: after(3600),
    id: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    status: { list: 1, index: LIST_INDEX },
    claims: {
      name: '欧阳明月',
      idNumber: '11010519491231002X',
      region: '370202',
      scheme: '310',
      personClass: '11',
      enrolment: '1',
      businessTypes: ['01101', '01301'],
    },
    ...change,
  };
}

export function issue(change: Partial<CredentialContent> = {}, key: IssuerKey = issuerKey, currentDate = NOW) {
  return issueCredential(credentialContent(change), key, { currentDate });
}

export function trustContent(
  issuer: Partial<TrustListContent['issuers'][number]> = {},
  change: Partial<TrustListContent> = {},
): TrustListContent {
  return {
    sequence: 1,
    publisher: 'test root',
    expiresAt: after(day),
    issuers: [
      {
        id: ISSUER,
        name: '青岛市',
        keys: [{ publicKey: exportPublicKey(issuerKey) }],
        types: ['medical-insurance'],
        regions: ['3702'],
        statusBaseUri: STATUS_BASE,
        ...issuer,
      },
    ],
    ...change,
  };
}

export async function trustList(...content: Parameters<typeof trustContent>): Promise<TrustList> {
  const bytes = await issueTrustList(trustContent(...content), rootKey, { currentDate: NOW });
  const result = await verifyTrustList(bytes, ROOTS, { currentDate: NOW });
  if (!result.ok) throw new Error(result.code);
  return result.list;
}

export function statusContent(change: Partial<StatusListContent> = {}): StatusListContent {
  return { issuer: ISSUER, uri: STATUS_URI, expiresAt: after(day), size: 8192, entries: [], ...change };
}

export async function statusLists(
  trust: TrustList,
  change: Partial<StatusListContent> = {},
  key = issuerKey,
): Promise<Map<string, StatusList>> {
  const bytes = await issueStatusList(statusContent(change), key, { currentDate: NOW });
  const result = await verifyStatusList(bytes, trust, { currentDate: NOW, uri: change.uri ?? STATUS_URI });
  if (!result.ok) throw new Error(result.code);
  return new Map([[result.list.uri, result.list]]);
}
