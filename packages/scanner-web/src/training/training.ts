import {
  encodeQrText,
  exportPublicKey,
  generateIssuerKey,
  type IssuerKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
} from '@zhengma/credential-core/issue';
import {
  type DeviceKey,
  exportPublicKey as exportDeviceKey,
  generateDeviceKey,
  presentCredential,
} from '@zhengma/credential-core/present';
import {
  type StatusList,
  type TrustList,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import { judgeForeign, judgeResult, nameForeignKind, type Verdict } from '../verdict/verdict.ts';
import type { SpecimenName } from './specimen-name.ts';

/** Specimen codes, and the judge of them. Nothing here knows the lists of the service, and no service knows this. */
export interface Training {
  makeSpecimen(name: SpecimenName): Promise<string>;
  /** A real code is of an unknown issuer here. */
  judge(text: string, businessType: string | undefined): Promise<Verdict>;
}

const ISSUER = '370200';
const STATUS_BASE = 'https://training/lists';
const DAY_MILLISECONDS = 86_400_000;

/** Who there is not, with the number of nobody. */
const CLAIMS = {
  name: '样例人',
  idNumber: '370202196503120018',
  region: '370202',
  scheme: '310',
  personClass: '12',
  enrolment: '1',
};

/** As long as an official code, and of nobody. */
const OFFICIAL_CODE = '0'.repeat(28);

const REVOKED_INDEX = 1;
const GOOD_INDEX = 2;

/** An issuer that ends with the page: its keys are made here, are in no list of the service, and cannot be read out. */
export async function openTraining(now: () => Date): Promise<Training> {
  const root = await generateIssuerKey();
  const issuer = await generateIssuerKey();
  const device = await generateDeviceKey();
  const startedAt = now();
  const uri = `${STATUS_BASE}/1`;
  const trust = await makeTrustList(root, issuer, startedAt);
  const status = await makeStatusList(issuer, trust, uri, startedAt);

  function issue(
    change: { readonly bound?: DeviceKey; readonly index?: number; readonly list?: number } = {},
    at = startedAt,
  ) {
    const { bound, index = GOOD_INDEX, list = 1 } = change;
    return issueCredential(
      {
        type: 'medical-insurance',
        issuer: ISSUER,
        expiresAt: new Date(at.getTime() + DAY_MILLISECONDS),
        status: { list, index },
        claims: CLAIMS,
        ...(bound && { holderKey: exportDeviceKey(bound) }),
      },
      issuer,
      { currentDate: at },
    );
  }

  const makers: Readonly<Record<SpecimenName, () => Promise<string>>> = {
    presented: async () =>
      (await presentCredential((await issue({ bound: device })).text, device, { currentDate: now() })).text,
    paper: async () => (await issue()).text,
    unchecked: async () => (await issue({ list: 2 })).text,
    copy: async () => (await issue({ bound: device })).text,
    expired: async () => (await issue({}, new Date(startedAt.getTime() - 2 * DAY_MILLISECONDS))).text,
    revoked: async () => (await issue({ index: REVOKED_INDEX })).text,
    async forged() {
      const { bytes } = await issue();
      const forged = Uint8Array.from(bytes);
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
      return encodeQrText(forged);
    },
    official: async () => OFFICIAL_CODE,
  };

  return {
    makeSpecimen: (name) => makers[name](),
    async judge(text, businessType) {
      const currentDate = now();
      const foreign = nameForeignKind(text);
      if (foreign) return judgeForeign(foreign, currentDate);
      const result = await verifyCredential(text, trust, {
        currentDate,
        status: new Map([[uri, status]]),
        ...(businessType !== undefined && { businessType }),
      });
      return judgeResult(result, currentDate);
    },
  };
}

async function makeTrustList(root: IssuerKey, issuer: IssuerKey, currentDate: Date): Promise<TrustList> {
  const bytes = await issueTrustList(
    {
      sequence: 1,
      publisher: 'training',
      expiresAt: new Date(currentDate.getTime() + DAY_MILLISECONDS),
      issuers: [
        {
          id: ISSUER,
          name: '培训用签发机构 Training issuer',
          // Those that have expired were signed before this page was opened.
          keys: [{ publicKey: exportPublicKey(issuer) }],
          types: ['medical-insurance'],
          regions: ['3702'],
          statusBaseUri: STATUS_BASE,
        },
      ],
    },
    root,
    { currentDate },
  );
  const verified = await verifyTrustList(bytes, [exportPublicKey(root)], { currentDate });
  if (!verified.ok) throw new Error(verified.code);
  return verified.list;
}

async function makeStatusList(
  issuer: IssuerKey,
  trust: TrustList,
  uri: string,
  currentDate: Date,
): Promise<StatusList> {
  const bytes = await issueStatusList(
    {
      issuer: ISSUER,
      uri,
      expiresAt: new Date(currentDate.getTime() + DAY_MILLISECONDS),
      size: 64,
      entries: [[REVOKED_INDEX, 'revoked']],
    },
    issuer,
    { currentDate },
  );
  const verified = await verifyStatusList(bytes, trust, { currentDate, uri });
  if (!verified.ok) throw new Error(verified.code);
  return verified.list;
}
