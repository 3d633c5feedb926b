export { CredentialError, type CredentialErrorCode } from './errors.ts';
export { createIssuerKey, type IssuerKey } from './keys/issuer-key.ts';
export type { AlgorithmName, SignatureAlgorithm, Signer, SignMessage, VerifySignature } from './keys/signature.ts';
export { importSm2Key, sm2 } from './keys/sm2.ts';
