import type { VerificationCode } from '@zhengma/credential-core/verify';
import type { AuditAction, ConnectionFailureCode, Operator, ServiceErrorCode } from '@zhengma/verifier-service/client';

/** The parts of the page. */
export type Section = 'overview' | 'issue' | 'status' | 'proposals' | 'search' | 'receipt';

/** What a status is changed to. */
export type StatusChange = 'revoked' | 'suspended' | 'valid';

/** How a verification ended, as the audit has it. */
export type Outcome = VerificationCode | 'accepted' | 'repeated' | 'replayed' | 'out_of_scope';

/** Failures of which the page says more than the service's own title. */
export type ToldFailure =
  | ConnectionFailureCode
  | Extract<
      ServiceErrorCode,
      | 'unauthenticated'
      | 'forbidden'
      | 'rate_limited'
      | 'invalid_request'
      | 'out_of_scope'
      | 'credential_not_found'
      | 'already_revoked'
      | 'receipt_not_found'
    >;

/** Everything the administration page says, in one language. A missing sentence does not compile. */
export interface AdminWords {
  readonly title: string;
  readonly section: Readonly<Record<Section, string>>;
  readonly role: Readonly<Record<Operator['role'], string>>;
  readonly failure: Readonly<Record<ToldFailure, string>>;
  readonly otherFailure: (code: string) => string;
  readonly retryAfter: (seconds: number) => string;
  readonly signIn: {
    readonly heading: string;
    readonly key: string;
    readonly keyHint: string;
    readonly keyFormat: string;
    readonly submit: string;
    readonly signOut: string;
    readonly signedOut: string;
    readonly ended: string;
    readonly idle: (minutes: number) => string;
  };
  readonly overview: {
    readonly period: string;
    readonly today: string;
    readonly yesterday: string;
    readonly week: string;
    readonly refresh: string;
    readonly asOf: (time: string) => string;
    readonly scope: string;
    readonly accepted: string;
    readonly repeated: string;
    readonly refused: string;
    readonly issued: string;
    readonly revoked: string;
    readonly suspended: string;
    readonly reasons: string;
    readonly noRefusals: string;
    readonly others: string;
    readonly lowerBound: string;
  };
  readonly issue: {
    readonly person: string;
    readonly name: string;
    readonly idNumber: string;
    readonly region: string;
    readonly regionHint: string;
    readonly scheme: string;
    readonly personClass: string;
    readonly assistance: string;
    readonly enrolment: string;
    readonly unsaid: string;
    readonly code: string;
    readonly expiresAt: string;
    readonly expiresAtHint: string;
    readonly form: string;
    readonly paper: string;
    readonly phone: string;
    readonly holderKey: string;
    readonly holderKeyHint: string;
    readonly submit: string;
    readonly nameMissing: string;
    readonly idNumberWrong: string;
    readonly regionWrong: string;
    readonly holderKeyWrong: string;
    readonly expiresAtWrong: string;
    readonly refusedField: string;
    readonly unknown: string;
    readonly done: string;
    readonly masked: string;
    readonly id: string;
    readonly print: string;
    readonly next: string;
    readonly phoneScan: string;
    readonly paperKeep: string;
    /** On the paper itself. */
    readonly paperTitle: string;
    readonly paperHolder: string;
    readonly alt: string;
    readonly onlyNow: string;
  };
  readonly status: {
    readonly credential: string;
    readonly credentialHint: string;
    readonly credentialWrong: string;
    readonly change: string;
    readonly to: Readonly<Record<StatusChange, string>>;
    readonly means: Readonly<Record<StatusChange, string>>;
    readonly reason: string;
    readonly reasonHint: string;
    readonly reasonMissing: string;
    readonly reasonNumber: string;
    readonly reasons: Readonly<Record<StatusChange, readonly string[]>>;
    readonly proceed: string;
    readonly ask: Readonly<Record<StatusChange, (id: string) => string>>;
    readonly cancel: string;
    readonly done: Readonly<Record<StatusChange, (id: string, time: string) => string>>;
    readonly history: string;
  };
  /** Where another operator has to agree. */
  readonly proposals: {
    readonly none: string;
    readonly refresh: string;
    readonly submitted: string;
    readonly what: Readonly<Record<'issue' | 'revoked' | 'valid', string>>;
    readonly by: string;
    readonly until: string;
    readonly approved: string;
    readonly own: string;
    readonly approve: string;
    readonly reject: string;
    readonly execute: string;
    readonly askApproval: string;
    readonly askRejection: string;
    readonly means: string;
    readonly approvedNow: string;
    readonly rejectedNow: string;
  };
  readonly search: {
    readonly heading: string;
    readonly receipt: string;
    readonly credential: string;
    readonly operator: string;
    readonly organisation: string;
    readonly action: string;
    readonly outcome: string;
    readonly from: string;
    readonly to: string;
    readonly any: string;
    readonly receiptWrong: string;
    readonly credentialWrong: string;
    readonly submit: string;
    readonly clear: string;
    readonly more: string;
    readonly nothing: string;
    readonly goesOn: (count: number) => string;
    readonly shown: (count: number, isAll: boolean) => string;
    readonly time: string;
    readonly details: string;
    readonly showCredential: (id: string) => string;
    readonly showReceipt: (id: string) => string;
    readonly owner: string;
    readonly subject: (name: string) => string;
  };
  readonly action: Readonly<Record<AuditAction, string>>;
  readonly outcome: Readonly<Record<Outcome, string>>;
  readonly receipt: {
    readonly id: string;
    readonly idHint: string;
    readonly submit: string;
    readonly genuine: string;
    readonly notGenuine: string;
    readonly verifiedAt: string;
    readonly businessType: string;
    readonly noBusinessType: string;
    readonly shownBy: string;
    readonly byHolder: string;
    readonly byBearer: string;
    readonly byDelegate: string;
    readonly service: string;
    readonly scanner: string;
  };
}
