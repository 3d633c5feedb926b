import { type CodeKind, classifyCode } from '@zhengma/credential-core/codes';
import type {
  MedicalInsuranceClaims,
  VerificationCode,
  VerificationResult,
  VerifiedDelegate,
} from '@zhengma/credential-core/verify';

/** Green, amber, red, grey. Never the only signal: each has its own icon and word. */
export type Tone = 'valid' | 'unsure' | 'refused' | 'foreign';

/** Why a verdict is what it is: the core's codes, what only a scanner can say, and what only the service can. */
export type VerdictCode = VerificationCode | 'valid' | 'no_lists' | 'lists_refused' | 'replayed';

/** What a code is that is not ours: a kind of the core's, or the enrolment code of somebody's phone. */
export type ForeignKind = CodeKind | 'enrolment';

/** What a counter may see of a person: as masked as the code carries it. */
export interface Person
  extends Pick<
    MedicalInsuranceClaims,
    'name' | 'idNumber' | 'region' | 'scheme' | 'personClass' | 'assistance' | 'enrolment' | 'businessTypes' | 'paper'
  > {
  /** To be served first: some assistance is given, whichever. For the operator, never for the patient's side. */
  readonly priority?: true;
  readonly issuerName: string;
  readonly expiresAt: Date;
  /** How many claims were kept back, at most. */
  readonly undisclosed?: number;
  /** Which claims these may be. */
  readonly withheld?: Credential['withheld'];
}

/** One answer, as it is put before the operator. It holds nothing of the code's text. */
export interface Verdict {
  readonly tone: Tone;
  readonly code: VerdictCode;
  readonly checkedAt: Date;
  /** Green, but the code proves no device: whoever has a copy can show it, so look at the person. */
  readonly bearer: boolean;
  /** Green, and the very presentation that was green here before: a second look, not a second visit. */
  readonly repeated: boolean;
  /** Green, but there is no list in which this credential could be revoked. */
  readonly statusUnchecked: boolean;
  readonly person?: Person;
  /** Who acts for the person. */
  readonly delegate?: VerifiedDelegate;
  /** Grey: what the code is. */
  readonly foreign?: ForeignKind;
}

/** The first bytes of a COSE_Key as the holder's page shows it: of Ed25519, and of P-256. */
const ENROLMENT = /^(?:owEBIAYhWC|pAECIAEhWC)[\w-]{44,128}$/;

/** What a code is that is not ours, by its form alone; nothing where it is ours. */
export function nameForeignKind(text: string): ForeignKind | undefined {
  if (ENROLMENT.test(text)) return 'enrolment';
  const { kind } = classifyCode(text);
  return kind === 'zhengma' || kind === 'zhengma-other-version' ? undefined : kind;
}

/**
 * Turns the core's answer into the operator's.
 *
 * @param refused whose newest form was refused: `trust`, or the URI of a status list
 */
export function judgeResult(result: VerificationResult, checkedAt: Date, refused: Refused = NOTHING): Verdict {
  const about = { ...blank(checkedAt), ...describePeople(result) };
  if (!result.ok) return { ...about, tone: toneOf(result.code, result.conclusive), code: result.code };
  if (restsOnRefused(result.lists, refused)) return { ...about, tone: 'unsure', code: 'lists_refused' };
  return { ...about, tone: 'valid', code: 'valid', bearer: result.bearer, statusUnchecked: result.status !== 'valid' };
}

/** Red: the code was good here, and the service knows more. */
export function refuseByService(good: Verdict, code: VerdictCode): Verdict {
  return { ...good, tone: 'refused', code, bearer: false, repeated: false, statusUnchecked: false };
}

/** Grey, whatever lists there are: the code is of another system. */
export function judgeForeign(foreign: ForeignKind, checkedAt: Date): Verdict {
  return { ...blank(checkedAt), tone: 'foreign', code: 'not_zhengma', foreign };
}

/** Amber: there is nothing to check against. */
export function judgeWithoutLists(checkedAt: Date): Verdict {
  return { ...blank(checkedAt), tone: 'unsure', code: 'no_lists' };
}

function blank(checkedAt: Date) {
  return { checkedAt, bearer: false, repeated: false, statusUnchecked: false };
}

type Refused = Pick<ReadonlyMap<string, unknown>, 'has'>;

const NOTHING: Refused = new Set<string>();

/** Whoever can spoil a list in transit could otherwise hold back a revocation behind a list that was good. */
function restsOnRefused({ status }: VerificationResult['lists'], refused: Refused): boolean {
  return refused.has('trust') || (status !== undefined && refused.has(status.uri));
}

function toneOf(code: VerificationCode, conclusive: boolean): Tone {
  if (code === 'not_zhengma') return 'foreign';
  return conclusive ? 'refused' : 'unsure';
}

function describePeople(result: VerificationResult): Pick<Verdict, 'person' | 'delegate'> {
  const { credential } = result;
  if (!credential) return {};
  const { claims, expiresAt } = credential;
  const named = claims.delegate && ({ ...claims.delegate, grantedBy: 'issuer', expiresAt } as const);
  const delegate = result.ok ? result.delegate : named;
  return { person: describePerson(credential), ...(delegate && { delegate }) };
}

type Credential = NonNullable<VerificationResult['credential']>;

function describePerson({ claims, issuerName, expiresAt, undisclosed = 0, withheld = [] }: Credential): Person {
  const { name, idNumber, region, scheme, personClass, assistance, enrolment, businessTypes, paper } = claims;
  return {
    region,
    issuerName,
    expiresAt,
    ...(name !== undefined && { name }),
    ...(idNumber !== undefined && { idNumber }),
    ...(scheme !== undefined && { scheme }),
    ...(personClass !== undefined && { personClass }),
    ...(assistance !== undefined && { assistance, priority: true as const }),
    ...(enrolment !== undefined && { enrolment }),
    ...(businessTypes && { businessTypes }),
    ...(paper && { paper }),
    // Decoys are counted too, so that there may be less behind them.
    ...(withheld.length > 0 && { undisclosed: Math.min(undisclosed, withheld.length), withheld }),
  };
}
