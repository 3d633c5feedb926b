import { type MedicalInsuranceClaims, presentCredential, type Signer } from '@zhengma/credential-core/present';
import { peekCredential, type UnverifiedCredential } from '@zhengma/credential-core/verify';

/** A claim by its name. */
export type ClaimName = keyof MedicalInsuranceClaims;

/**
 * Which claims the issuer redacted: those that a presentation that discloses none leaves out. The presentation is never
 * shown, so the device is not asked to sign it. Empty where the credential is bound to another key.
 */
export async function findRedacted(
  credential: string | Uint8Array,
  { algorithm, publicKey }: Signer,
  { claims, issuedAt }: UnverifiedCredential,
): Promise<readonly ClaimName[]> {
  const unsigned: Signer = { algorithm, publicKey, sign: async () => new Uint8Array(64) };
  const left = await presentCredential(credential, unsigned, { currentDate: issuedAt }).then(
    ({ bytes }) => peekCredential(bytes),
    () => undefined,
  );
  if (!left?.ok) return [];
  const { claims: open } = left.unverified;
  return (Object.keys(claims) as ClaimName[]).filter((name) => !(name in open));
}
