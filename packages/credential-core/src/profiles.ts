export { type CborKey, type CborMap, CborTag, type CborValue } from './cbor/value.ts';
export { CHECK_NAMES, type CheckName, type CheckOutcome, type Checks } from './checks.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
export {
  type Claim169Result,
  type VerifiedClaim169,
  verifyClaim169,
} from './profiles/claim-169.ts';
export type { BiometricPresence, Claim169Identity, ImagePresence } from './profiles/claim-169-fields.ts';
export { type CwtLists, type CwtResult, type VerifiedCwt, type VerifyCwtOptions, verifyCwt } from './profiles/cwt.ts';
export type { CwtClaims } from './profiles/cwt-claims.ts';
export { type HcertResult, type VerifiedHcert, verifyHcert } from './profiles/hcert.ts';
export type { HcertKind, HealthCertificate, JsonObject, JsonValue } from './profiles/hcert-content.ts';
export { importKeySet, type KeySet, type TrustedPublicKey } from './profiles/key-set.ts';
export type { ProfileOptions } from './profiles/options.ts';
export type { PublicJwk, PublicKeyForm } from './profiles/public-key.ts';
export {
  type TokenStatusList,
  type TokenStatusReference,
  verifyTokenStatusList,
} from './profiles/token-status-list.ts';
export {
  type Failure,
  type ProfileCode,
  type ProfileFailure,
  VERIFICATION_CODES,
  type VerificationCode,
} from './result.ts';
export type { CredentialStatus } from './status/evidence.ts';
