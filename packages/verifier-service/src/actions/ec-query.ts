import { CODE_KINDS, classifyCode } from '@zhengma/credential-core/codes';
import { ServiceError } from '../errors.ts';
import type { Caller } from '../stores/access.ts';
import type { ActionDeps } from './deps.ts';
import { type EcCode, toEcCode } from './ec-codes.ts';
import { createEcToken, readEcToken } from './ec-token.ts';
import { type Identity, isSamePerson, openIdentity, readIdentity } from './identities.ts';
import { verifyOnce } from './verify-once.ts';

/** `idType` of a resident ID number. */
const RESIDENT_ID = '01';

/** The person, in the fields of `ec.query`; empty where nothing is known, or may not be told. */
export interface EcPerson {
  readonly userName: string;
  readonly idNo: string;
  readonly idType: string;
  readonly ecToken: string;
  readonly insuOrg: string;
  readonly authNo: string;
  readonly ecIndexNo: string;
  readonly gender: string;
  readonly birthday: string;
  readonly nationality: string;
  readonly email: string;
  readonly extra: Readonly<Record<string, never>>;
}

/** What `ec.query` or `localEcTokenCheck` ends with. */
export interface EcOutcome {
  readonly code: EcCode;
  readonly data: EcPerson | { readonly flag: 0 | 1 } | Readonly<Record<string, never>>;
  /** In our own words, beside those that a HIS knows. */
  readonly zhengma: Readonly<Record<string, unknown>> & { readonly code: string };
}

/**
 * Verifies a code for a HIS, as `verifyOnce` does, and answers with the person. Name and ID number are in full only where
 * the service keeps them, the caller's scope allows it, and the code itself shows them masked. Throws what `verifyOnce`
 * throws, and `ServiceError` `identity_unreadable`.
 */
export async function queryCode(
  { code, businessType, tokenSeconds }: { code: string; businessType?: string | undefined; tokenSeconds: number },
  by: Caller,
  deps: ActionDeps,
): Promise<EcOutcome> {
  const expectation = businessType === undefined ? {} : { businessType };
  const result = await verifyOnce(code, expectation, by, deps);
  if (!result.ok) return describeRefusal(code, result);
  const { credential, bearer, delegate, repeated, receipt, status } = result;
  const { claims, id } = credential;
  const kept = (await readIdentity({ credential: id, businessType }, by, deps)) ?? {};
  // What the holder did not disclose is not told behind their back.
  const identity: Identity = {
    ...(claims.name !== undefined && { name: kept.name ?? claims.name }),
    ...(claims.idNumber !== undefined && { idNumber: kept.idNumber ?? claims.idNumber }),
  };
  const expiresAt = new Date(deps.currentDate().getTime() + tokenSeconds * 1000);
  const place = { region: claims.region, organisation: by.organisation };
  const ecToken = await createEcToken({ credential: id, expiresAt }, place, (bytes) =>
    deps.keys.authenticateToken(bytes),
  );
  return {
    code: 0,
    data: describePerson(identity, { ecToken, region: claims.region, authNo: receipt.id, ecIndexNo: id }),
    zhengma: {
      code: 'valid',
      status,
      bearer,
      inFull: kept.idNumber !== undefined && claims.idNumber !== undefined,
      tokenExpiresAt: expiresAt,
      receipt: receipt.id,
      ...(repeated && { repeated }),
      ...(delegate && { delegate: { name: delegate.name, relation: delegate.relation } }),
    },
  };
}

/**
 * Says whether a token is about this person: `flag` 1 or 0. Each answer is audited, and only those whose scope lets them read
 * ID numbers get one, for whoever may ask often enough reads the number. Throws `ServiceError` `out_of_scope`,
 * `identity_unreadable`.
 */
export async function checkEcToken(
  { token, idType, person }: { token: string; idType: string; person: Required<Identity> },
  by: Caller,
  deps: ActionDeps,
): Promise<EcOutcome> {
  if (!by.scope.readIdNumbers)
    throw new ServiceError(
      'out_of_scope',
      'This operator may not compare ID numbers: their scope needs readIdNumbers.',
    );
  const found = await readEcToken(token, by.organisation, (bytes) => deps.keys.authenticateToken(bytes));
  const outcome = await judgeToken(found, { idType, person }, deps);
  await deps.store.recordIdentityUse({
    at: deps.currentDate(),
    by,
    action: 'check_identity',
    businessType: '',
    outcome,
    ...(found && { credential: found.credential }),
  });
  return { code: TOKEN_CODES[outcome], data: { flag: outcome === 'matched' ? 1 : 0 }, zhengma: { code: outcome } };
}

const TOKEN_CODES = {
  matched: 0,
  not_matched: 0,
  token_expired: -113,
  token_not_valid: -215,
  identity_not_kept: -1,
} as const satisfies Record<string, EcCode>;

async function judgeToken(
  token: Awaited<ReturnType<typeof readEcToken>>,
  { idType, person }: { idType: string; person: Required<Identity> },
  deps: ActionDeps,
): Promise<keyof typeof TOKEN_CODES> {
  if (!token) return 'token_not_valid';
  if (token.expiresAt <= deps.currentDate()) return 'token_expired';
  const credential = await deps.store.findCredential(token.credential);
  if (credential?.status !== 'valid' || credential.expiresAt <= deps.currentDate()) return 'token_not_valid';
  const identity = await openIdentity(token.credential, deps);
  if (!identity) return 'identity_not_kept';
  const isSame = isSamePerson(identity, person);
  return isSame && idType === RESIDENT_ID ? 'matched' : 'not_matched';
}

/** The person's fields, with what a resident ID number in full says besides (GB 11643). */
export function describePerson(
  { name = '', idNumber = '' }: Identity,
  { region, ...given }: { region: string; ecToken: string; authNo: string; ecIndexNo: string },
): EcPerson {
  const [, year, month, day, sequence] = /^\d{6}(\d{4})(\d\d)(\d\d)(\d{3})[\dX]$/.exec(idNumber) ?? [];
  return {
    userName: name,
    idNo: idNumber,
    idType: idNumber === '' ? '' : RESIDENT_ID,
    insuOrg: region,
    ...given,
    gender: sequence === undefined ? '' : Number(sequence) % 2 === 1 ? '男' : '女',
    birthday: year === undefined ? '' : `${year}.${month}.${day}`,
    nationality: '',
    email: '',
    extra: {},
  };
}

function describeRefusal(
  text: string,
  { code, detail, conclusive }: { code: Parameters<typeof toEcCode>[0]; detail: string; conclusive: boolean },
): EcOutcome {
  // Which kind of code it is, and what to do with it; nothing of the code itself.
  const kind = code === 'not_zhengma' ? classifyCode(text).kind : undefined;
  return {
    code: toEcCode(code, conclusive),
    data: {},
    zhengma: { code, detail, ...(kind && { kind, advice: CODE_KINDS[kind].advice }) },
  };
}
