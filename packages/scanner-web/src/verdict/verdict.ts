import type { MedicalInsuranceClaims, VerificationCode, VerificationResult } from '@zhengma/credential-core/verify';

/** Green, amber, red, grey. Never the only signal: each has its own icon and word. */
export type Tone = 'valid' | 'unsure' | 'refused' | 'foreign';

/** Why a verdict is what it is: the core's codes and what only a scanner can say. */
export type VerdictCode = VerificationCode | 'valid' | 'official_code' | 'no_lists' | 'lists_refused';

/** What a counter may see of a person: as masked as the code carries it. */
export interface Person extends Omit<MedicalInsuranceClaims, 'maxPresentationAgeSeconds'> {
  readonly issuerName: string;
  readonly expiresAt: Date;
}

/** One answer, as it is put before the operator. It holds nothing of the code's text. */
export interface Verdict {
  readonly tone: Tone;
  readonly code: VerdictCode;
  readonly checkedAt: Date;
  /** The code shows no proof that the holder is present: look at the person. */
  readonly bearer: boolean;
  /** Green, but there is no list in which this credential could be revoked. */
  readonly statusUnchecked: boolean;
  readonly person?: Person;
}

/** The official code is 28 digits and opaque: it is told apart here, before anything else looks at it. */
export function isOfficialCode(text: string): boolean {
  return /^\d{28}$/.test(text);
}

/**
 * Turns the core's answer into the operator's.
 *
 * @param refused whose newest form was refused: `trust`, or the URI of a status list
 */
export function judgeResult(result: VerificationResult, checkedAt: Date, refused: Refused = NOTHING): Verdict {
  const person = result.credential ? describePerson(result.credential) : undefined;
  const about = { checkedAt, ...(person ? { person } : {}) };
  if (result.ok && restsOnRefused(result.lists, refused)) {
    return { tone: 'unsure', code: 'lists_refused', bearer: false, statusUnchecked: false, ...about };
  }
  if (result.ok) {
    return {
      tone: 'valid',
      code: 'valid',
      bearer: result.bearer,
      statusUnchecked: result.status !== 'valid',
      ...about,
    };
  }
  return {
    tone: toneOf(result.code, result.conclusive),
    code: result.code,
    bearer: false,
    statusUnchecked: false,
    ...about,
  };
}

/** A verdict that needs no credential: an official code, or no lists to check against. */
export function judgeWithoutCheck(code: 'official_code' | 'no_lists', checkedAt: Date): Verdict {
  return {
    tone: code === 'official_code' ? 'foreign' : 'unsure',
    code,
    checkedAt,
    bearer: false,
    statusUnchecked: false,
  };
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

type Credential = NonNullable<VerificationResult['credential']>;

function describePerson({ claims, issuerName, expiresAt }: Credential): Person {
  return {
    region: claims.region,
    issuerName,
    expiresAt,
    ...(claims.name === undefined ? {} : { name: claims.name }),
    ...(claims.idNumber === undefined ? {} : { idNumber: claims.idNumber }),
    ...(claims.scheme === undefined ? {} : { scheme: claims.scheme }),
    ...(claims.personClass === undefined ? {} : { personClass: claims.personClass }),
    ...(claims.enrolment === undefined ? {} : { enrolment: claims.enrolment }),
    ...(claims.businessTypes === undefined ? {} : { businessTypes: claims.businessTypes }),
    ...(claims.paper === undefined ? {} : { paper: claims.paper }),
  };
}
