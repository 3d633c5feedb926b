import { encodeQrText } from '@zhengma/credential-core/qr';
import {
  type Delegate,
  type MedicalInsuranceClaims,
  peekCredential,
  type UnverifiedCredential,
} from '@zhengma/credential-core/verify';
import type { ProblemCode } from '../problem.ts';
import type { Person } from './person.ts';
import type { Strip } from './strip.ts';

/** How wrong a phone's clock may be before it is said; verifiers allow as much. */
const CLOCK_SKEW_SECONDS = 60;

type ClaimName = keyof MedicalInsuranceClaims;

/** Whom a code is about, as far as the code says it. */
export interface Holder {
  readonly name?: string;
  readonly idNumber?: string;
  readonly scheme?: string;
  readonly delegate?: Delegate;
  /** What the code may be used for, where that is limited. */
  readonly businessTypes?: readonly string[];
}

/** What a person holds, taken apart once. */
export type Holding =
  | {
      readonly kind: 'bound';
      readonly holder: Holder;
      readonly credential: string | Uint8Array;
      /** Which of its redacted claims the code says. */
      readonly disclose: readonly ClaimName[];
      readonly times: Times;
    }
  | { readonly kind: 'bearer'; readonly holder: Holder; readonly text: string; readonly times: Times }
  | { readonly kind: 'strips'; readonly holder: Holder; readonly strips: readonly Strip[] }
  | { readonly kind: 'unusable'; readonly problem: ProblemCode };

/** Between which instants a code can be shown. */
export interface Times {
  readonly issuedAt: Date;
  readonly notBefore?: Date;
  readonly expiresAt: Date;
  /** When the holder's permission ends, for a delegation. */
  readonly delegatedUntil?: Date;
}

/** Takes apart what a person holds; nothing of it is verified, for the verifier does that. Never throws. */
export async function readHolding({ credential, disclose }: Person): Promise<Holding> {
  if (typeof credential !== 'string' && !(credential instanceof Uint8Array)) return readStrips(credential);
  const peeked = peekCredential(credential);
  if (!peeked.ok) return { kind: 'unusable', problem: nameFormatProblem(peeked.code) };
  const { unverified } = peeked;
  if (unverified.presentation) return { kind: 'unusable', problem: 'copy' };
  const times = readTimes(unverified);
  if (unverified.holderKey) {
    // What a delegation discloses was chosen when it was made.
    const redacted = unverified.delegation ? [] : (unverified.redacted ?? []);
    const [told, untold] = split(redacted, (name) => disclose?.includes(name) ?? true);
    return { kind: 'bound', holder: readHolder(unverified, untold), credential, disclose: told, times };
  }
  const holder = readHolder(unverified);
  try {
    const text = typeof credential === 'string' ? credential : await encodeQrText(credential);
    return { kind: 'bearer', holder, text, times };
  } catch {
    // It was just read: it can only be that no picture would hold it.
    return { kind: 'unusable', problem: 'too_large' };
  }
}

function readStrips(texts: readonly string[]): Holding {
  const strips: Strip[] = [];
  let holder: Holder | undefined;
  for (const text of texts) {
    const peeked = peekCredential(text);
    if (!peeked.ok) return { kind: 'unusable', problem: nameFormatProblem(peeked.code) };
    const { issuedAt, notBefore = issuedAt, expiresAt, holderKey } = peeked.unverified;
    // A code that a device must sign cannot be shown as it is.
    if (holderKey) return { kind: 'unusable', problem: 'no_key' };
    const own = readHolder(peeked.unverified);
    holder ??= own;
    // One name stands under all of them.
    if (own.name !== holder.name || own.idNumber !== holder.idNumber)
      return { kind: 'unusable', problem: 'unreadable' };
    strips.push({ text, notBefore, expiresAt });
  }
  strips.sort((left, right) => left.notBefore.getTime() - right.notBefore.getTime());
  return holder ? { kind: 'strips', holder, strips } : { kind: 'unusable', problem: 'strips_used_up' };
}

/** @param untold the claims that the counter does not get: what stands under a code is what the code says */
function readHolder({ claims, delegation }: UnverifiedCredential, untold: readonly ClaimName[] = []): Holder {
  const said: Partial<typeof claims> = { ...claims };
  for (const name of untold) delete said[name];
  const { name, idNumber, scheme, delegate = delegation?.delegate } = said;
  const businessTypes = delegation?.businessTypes ?? said.businessTypes;
  return {
    ...(name && { name }),
    ...(idNumber && { idNumber }),
    ...(scheme && { scheme }),
    ...(delegate && { delegate }),
    ...(businessTypes && { businessTypes }),
  };
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function readTimes({ issuedAt, notBefore, expiresAt, delegation }: UnverifiedCredential): Times {
  const latest = delegation && delegation.issuedAt > issuedAt ? delegation.issuedAt : issuedAt;
  return {
    issuedAt: latest,
    expiresAt,
    ...(notBefore && { notBefore }),
    ...(delegation && { delegatedUntil: delegation.expiresAt }),
  };
}

function nameFormatProblem(code: string): ProblemCode {
  if (code === 'too_large') return code;
  return code.startsWith('unsupported_') ? 'newer_version' : 'unreadable';
}

/** Whether a code can be shown now, and if not, why. */
export function checkTimes(
  { issuedAt, notBefore, expiresAt, delegatedUntil }: Times,
  now: Date,
): ProblemCode | undefined {
  if (now.getTime() < issuedAt.getTime() - CLOCK_SKEW_SECONDS * 1000) return 'clock_behind';
  if (now >= expiresAt) return 'expired';
  if (delegatedUntil && now >= delegatedUntil) return 'delegation_expired';
  return notBefore && now < notBefore ? 'not_yet_valid' : undefined;
}
