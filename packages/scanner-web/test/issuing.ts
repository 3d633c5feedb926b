import {
  type CredentialContent,
  exportPublicKey,
  generateIssuerKey,
  type IssueCredentialOptions,
  type IssuerKey,
  issueCredential,
  issueRevocationSnapshot,
  issueStatusList,
  issueTrustList,
} from '@zhengma/credential-core/issue';

interface TrustListChange {
  readonly lifeSeconds?: number;
  readonly signer?: IssuerKey;
  readonly roots?: readonly Uint8Array[];
}

interface CredentialChange extends Pick<IssueCredentialOptions, 'redact' | 'masks'> {
  readonly isRevocable?: boolean;
  readonly claims?: Partial<CredentialContent['claims']>;
  readonly holderKey?: Uint8Array;
}

/** A root, an issuer and what they sign: everything a scanner meets, made by the core itself. */
export async function createIssuing(statusBaseUri = 'https://lists.example/v1/status-lists') {
  const root = await generateIssuerKey();
  const issuer = await generateIssuerKey();
  const uri = `${statusBaseUri}/1`;

  return {
    uri,
    root: exportPublicKey(root),
    rootKey: root,
    signTrustList: (
      sequence: number,
      currentDate: Date,
      { lifeSeconds = 86_400, signer = root, roots }: TrustListChange = {},
    ) =>
      issueTrustList(
        {
          sequence,
          ...(roots && { roots }),
          publisher: 'root.example',
          expiresAt: new Date(currentDate.getTime() + lifeSeconds * 1000),
          issuers: [
            {
              id: '370200',
              name: '示例签发机构',
              keys: [{ publicKey: exportPublicKey(issuer) }],
              types: ['medical-insurance'],
              regions: ['3702'],
              statusBaseUri,
            },
          ],
        },
        signer,
        { currentDate },
      ),
    signStatusList: (entries: [number, 'revoked' | 'suspended'][], currentDate: Date, lifeSeconds = 3_600) =>
      issueStatusList(
        { issuer: '370200', uri, expiresAt: new Date(currentDate.getTime() + lifeSeconds * 1000), size: 64, entries },
        issuer,
        { currentDate },
      ),
    /** All lists, of which there is one; with `base`, what changed since that. */
    signSnapshot: (
      sequence: number,
      entries: [number, 'revoked' | 'suspended' | 'valid'][],
      currentDate: Date,
      base?: number,
      lifeSeconds = 3_600,
    ) =>
      issueRevocationSnapshot(
        {
          issuer: '370200',
          sequence,
          ...(base !== undefined && { base }),
          expiresAt: new Date(currentDate.getTime() + lifeSeconds * 1000),
          lists: [{ list: 1, size: 64, entries }],
        },
        issuer,
        { currentDate },
      ),
    signCredential: (
      currentDate: Date,
      { isRevocable = true, claims, redact, masks, ...content }: CredentialChange = {},
    ) =>
      issueCredential(
        {
          type: 'medical-insurance',
          issuer: '370200',
          expiresAt: new Date(currentDate.getTime() + 30 * 86_400_000),
          ...(isRevocable ? { status: { list: 1, index: 7 } } : {}),
          claims: {
            name: '张建国',
            idNumber: '370202196503120018',
            region: '370202',
            scheme: '310',
            personClass: '12',
            enrolment: '1',
            ...claims,
          },
          ...content,
        },
        issuer,
        { currentDate, ...(redact && { redact }), ...(masks && { masks }) },
      ),
  };
}
