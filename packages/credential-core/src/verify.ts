export { CHECK_NAMES, type CheckName, type CheckOutcome, type Checks } from './checks.ts';
export type { DelegationContent } from './credential/delegation.ts';
export {
  CREDENTIAL_TYPES,
  type CredentialType,
  type CredentialTypeName,
  type Delegate,
  FIELDS,
  type Field,
  type MedicalInsuranceClaims,
} from './credential/fields.ts';
export type { CredentialPayload, StatusReference } from './credential/payload.ts';
export type { PresentationContent } from './credential/presentation.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
export type { PublicKey } from './keys/cose-key.ts';
export type { AlgorithmName, SignatureAlgorithm, VerifySignature } from './keys/signature.ts';
export { decodeQrText } from './qr/text.ts';
export type { Receipt, ReceiptContent } from './receipt/receipt.ts';
export { type Failure, VERIFICATION_CODES, type VerificationCode } from './result.ts';
export type { CredentialStatus, StatusEvidence } from './status/evidence.ts';
export type { StatusList } from './status/status-list.ts';
export type { TrustedIssuer, TrustedKey, TrustList } from './trust/trust-list.ts';
export { peekCredential, type UnverifiedCredential } from './verification/peek-credential.ts';
export { createReplayGuard, type ReplayGuard, type Seen } from './verification/replay-guard.ts';
export type { Replay } from './verification/replay-key.ts';
export type {
  ListAges,
  VerificationFailure,
  VerificationResult,
  VerificationSuccess,
  VerifiedCredential,
  VerifiedDelegate,
  VerifiedPresentation,
  VerifyOptions,
} from './verification/verdict.ts';
export { verifyCredential } from './verification/verify-credential.ts';
export { type VerifyTrustListOptions, verifyStatusList, verifyTrustList } from './verification/verify-lists.ts';
export { type VerifyReceiptOptions, verifyReceipt } from './verification/verify-receipt.ts';
