import {
  type CredentialContent,
  type DeviceKey,
  type IssuerKey,
  type MedicalInsuranceClaims,
  type Presentation,
  presentCredential,
  renderQr,
  type Signer,
  type SoftwareKey,
  type StatusEvidence,
  type StatusList,
  type TrustList,
  type VerificationCode,
  type VerificationFailure,
  type VerificationResult,
  type VerifyOptions,
  verifyCredential,
} from '@zhengma/credential-core';
import { type BusinessType, RELATIONS, type Relation } from '@zhengma/credential-core/codes';
import type { TrustedKey as IssueTrustedKey } from '@zhengma/credential-core/issue';
import type { DelegateOptions, DelegationContent, SignatureAlgorithm } from '@zhengma/credential-core/present';
import type { ProfileCode } from '@zhengma/credential-core/profiles';
import { sm2 } from '@zhengma/credential-core/sm2';
import type {
  CredentialPayload,
  PresentationContent,
  PublicKey,
  Receipt,
  ReceiptContent,
  TrustedIssuer,
  TrustedKey,
  UnverifiedCredential,
} from '@zhengma/credential-core/verify';
import type {
  Answer,
  AuditQuery,
  IssueRequest,
  ServiceClient,
  ServiceFailure,
  VerificationResult as ServiceVerdict,
} from '@zhengma/verifier-service/client';
import { describe, expectTypeOf, test } from 'vitest';

/** Held by the compiler (`types: test` in the checks); running them shows only that the names are there. */

describe('results', () => {
  test('one boolean tells the branches apart', () => {
    expectTypeOf(verifyCredential).returns.resolves.toEqualTypeOf<VerificationResult>();
    type Success = Extract<VerificationResult, { ok: true }>;
    expectTypeOf<Success['credential']['claims']>().toEqualTypeOf<MedicalInsuranceClaims>();
    expectTypeOf<Success['replay']>().toEqualTypeOf<{ readonly key: string; readonly until: Date }>();
    expectTypeOf<VerificationFailure['code']>().toEqualTypeOf<VerificationCode>();
    // Claims of a failure are there only where the signature was good.
    expectTypeOf<VerificationFailure['credential']>().extract<undefined>().toEqualTypeOf<undefined>();
    // @ts-expect-error: a failure has no replay key, so nobody remembers it by accident
    expectTypeOf<VerificationFailure['replay']>();
  });

  test('codes are a closed set, so that a switch over them can be complete', () => {
    expectTypeOf<'revoked'>().toExtend<VerificationCode>();
    expectTypeOf<'invalid'>().not.toExtend<VerificationCode>();
    expectTypeOf<'encrypted'>().not.toExtend<VerificationCode>();
    expectTypeOf<'encrypted'>().toExtend<ProfileCode>();
  });
});

describe('what cannot be left out', () => {
  test('the clock and the status', () => {
    expectTypeOf<VerifyOptions>().toHaveProperty('currentDate').toEqualTypeOf<Date>();
    expectTypeOf<VerifyOptions>()
      .toHaveProperty('status')
      .toEqualTypeOf<ReadonlyMap<string, StatusEvidence> | 'not_checked'>();
    expectTypeOf<StatusList>().toExtend<StatusEvidence>();
    expectTypeOf<{ currentDate: Date }>().not.toExtend<VerifyOptions>();
    expectTypeOf<Omit<VerifyOptions, 'currentDate'>>().not.toExtend<VerifyOptions>();
  });

  test('the region of a credential, and nothing that is not in the registry', () => {
    expectTypeOf<{ name: string }>().not.toExtend<MedicalInsuranceClaims>();
    expectTypeOf<CredentialContent['claims']['paper']>().toEqualTypeOf<true | undefined>();
    // @ts-expect-error: a claim that is not in the registry
    const claims: MedicalInsuranceClaims = { region: '370202', phone: '1' };
    expectTypeOf(claims).toExtend<CredentialContent['claims']>();
  });

  test('trust that somebody verified', () => {
    expectTypeOf(verifyCredential).parameter(1).toEqualTypeOf<TrustList>();
    expectTypeOf<Omit<TrustList, 'checkSuccessorOf'>>().not.toExtend<TrustList>();
    expectTypeOf<Pick<TrustList, keyof TrustList>>().not.toExtend<TrustList>();
  });
});

test('what an embedding developer meets can be named, at the entry where it is met', () => {
  expectTypeOf<TrustedIssuer['keys'][number]>().toEqualTypeOf<TrustedKey>();
  expectTypeOf<TrustedKey['publicKey']>().toEqualTypeOf<PublicKey>();
  expectTypeOf<IssueTrustedKey>().toEqualTypeOf<TrustedKey>();
  expectTypeOf<UnverifiedCredential>().toExtend<CredentialPayload>();
  expectTypeOf<NonNullable<UnverifiedCredential['presentation']>>().toEqualTypeOf<PresentationContent>();
  expectTypeOf<DelegateOptions['delegate']>().toEqualTypeOf<DelegationContent['delegate']>();
  expectTypeOf<Receipt>().toExtend<ReceiptContent>();
  expectTypeOf(sm2).toEqualTypeOf<SignatureAlgorithm>();
});

describe('keys', () => {
  test('an issuer’s key signs presentations, a device’s key issues nothing', () => {
    expectTypeOf<SoftwareKey>().toExtend<IssuerKey>();
    expectTypeOf<IssuerKey>().toExtend<Signer>();
    expectTypeOf<DeviceKey>().toExtend<Signer>();
    expectTypeOf<DeviceKey>().not.toExtend<IssuerKey>();
    expectTypeOf(presentCredential).returns.resolves.toEqualTypeOf<Presentation>();
    expectTypeOf(sm2.createVerifier).returns.returns.resolves.toBeBoolean();
  });
});

test('codes of tables are known by name, and others pass', () => {
  expectTypeOf<'01301'>().toExtend<BusinessType>();
  expectTypeOf<'37001'>().toExtend<BusinessType>();
  expectTypeOf<number>().not.toExtend<Relation>();
  expectTypeOf(RELATIONS[0].code).toEqualTypeOf<'1'>();
});

test('pictures have the type of their format', () => {
  expectTypeOf(renderQr('x', { format: 'svg' })).resolves.toBeString();
  expectTypeOf(renderQr('x', { format: 'png' })).resolves.toEqualTypeOf<Uint8Array>();
});

describe('the client of the service', () => {
  test('what is sent and answered is what the schemas say, and a failure has a code of a closed set', () => {
    expectTypeOf<IssueRequest['claims']['region']>().toBeString();
    expectTypeOf<IssueRequest['expiresAt']>().toEqualTypeOf<string | undefined>();
    // @ts-expect-error: a claim that is not in the schema
    const request: IssueRequest = { claims: { region: '370202', phone: '1' } };
    expectTypeOf(request).toExtend<IssueRequest>();
    expectTypeOf<AuditQuery['limit']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<ServiceClient['verify']>().returns.resolves.toEqualTypeOf<Answer<ServiceVerdict>>();
    expectTypeOf<Extract<ServiceVerdict, { ok: true }>['receipt']['signed']>().toBeString();
    expectTypeOf<'already_revoked' | 'timed_out'>().toExtend<ServiceFailure['code']>();
    expectTypeOf<'nonsense'>().not.toExtend<ServiceFailure['code']>();
  });
});
