export type { PublicKey } from './keys/cose-key.ts';
export { type Failure, VERIFICATION_CODES, type VerificationCode } from './result.ts';
export type { CredentialStatus, StatusEvidence } from './status/evidence.ts';
export type { RevocationSnapshot } from './status/snapshot.ts';
export type { TrustedIssuer, TrustedKey, TrustList } from './trust/trust-list.ts';
export { type VerifySnapshotOptions, verifyRevocationSnapshot } from './verification/verify-snapshot.ts';
