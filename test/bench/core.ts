import { createPublicKey, verify } from 'node:crypto';
import {
  exportPublicKey,
  generateIssuerKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
  presentCredential,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core';
import { decodeSign1, encodeSigStructure } from '../../packages/credential-core/src/cose/sign1.ts';
import { createEd25519Verifier } from '../../packages/credential-core/src/keys/ed25519-verify.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { FICTIONAL_PERSON } from '../fictional-person.ts';
import { type Goal, measureInTurns } from './measure.ts';

/** Goals of this bench: figures are ratios within one run, since absolute times depend on the machine. */
export async function benchCore(): Promise<{ goals: Goal[]; perSecond: Record<string, number> }> {
  const { text, presentation, trust, status, publicKey, currentDate, credential, shown } = await prepare();
  const inJavaScript = createEd25519Verifier(publicKey, 'noble');

  const options = { currentDate, status };
  const perSecond = await measureInTurns({
    // One check after another, in the calling thread: the limit that the design names.
    'bare crypto.verify': async () => void verify(null, credential.signed, credential.key, credential.signature),
    'bare crypto.verify, 8 in flight': inFlight(8, () => verifyBare(credential)),
    'verifyCredential, one at a time': async () => void (await verifyCredential(text, trust, options)),
    'verifyCredential, 8 in flight': inFlight(8, () => verifyCredential(text, trust, options)),
    'two bare crypto.verify': async () => {
      for (const { signed, key, signature } of [credential, shown]) verify(null, signed, key, signature);
    },
    'two bare crypto.verify, 8 in flight': inFlight(8, () => verifyBare(credential).then(() => verifyBare(shown))),
    'verifyCredential of a presentation, 8 in flight': inFlight(8, () =>
      verifyCredential(presentation.text, trust, options),
    ),
    'noble alone': async () => void (await inJavaScript(credential.signed, credential.signature)),
  });

  const ratio = (a: keyof typeof perSecond, b: keyof typeof perSecond) => perSecond[a] / perSecond[b];
  return {
    perSecond,
    goals: [
      goal('verifyCredential / bare crypto.verify', ratio('verifyCredential, 8 in flight', 'bare crypto.verify'), 0.9),
      goal(
        'verifyCredential / bare crypto.verify, both 8 in flight',
        ratio('verifyCredential, 8 in flight', 'bare crypto.verify, 8 in flight'),
        0.9,
      ),
      goal(
        'presentation / two bare crypto.verify',
        ratio('verifyCredential of a presentation, 8 in flight', 'two bare crypto.verify'),
        0.9,
      ),
      goal(
        'presentation / two bare crypto.verify, both 8 in flight',
        ratio('verifyCredential of a presentation, 8 in flight', 'two bare crypto.verify, 8 in flight'),
        0.9,
      ),
      goal('verifyCredential / noble alone', ratio('verifyCredential, 8 in flight', 'noble alone'), 8),
    ],
  };
}

/** A message as node:crypto takes it, its key made beforehand. */
export type BareCheck = ReturnType<typeof takeApart>;

/** The two checks of a presentation: the issuer's signature and the device's. */
export async function prepareBareChecks(): Promise<readonly BareCheck[]> {
  const { credential, shown } = await prepare();
  return [credential, shown];
}

function takeApart(bytes: Uint8Array, publicKey: Uint8Array) {
  const message = decodeSign1(bytes, CODE_LIMITS);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return {
    signed: encodeSigStructure(message.protectedBytes, message.payload),
    signature: message.signature,
    key: createPublicKey({ key: jwk, format: 'jwk' }),
  };
}

export function verifyBare({ signed, key, signature }: BareCheck): Promise<boolean> {
  return new Promise((resolve) => verify(null, signed, key, signature, (_, ok) => resolve(ok)));
}

function goal(name: string, value: number, least: number): Goal {
  return { name, value: Math.round(value * 1000) / 1000, goal: least, met: value >= least };
}

/** Operations kept at `width` in flight, as under a steady load: each one that ends is followed by the next. */
export function inFlight(width: number, act: () => Promise<unknown>) {
  const followed = 25;
  const runOneLane = async () => {
    for (let i = 0; i < followed; i++) await act();
  };
  const runAll = async () => void (await Promise.all(Array.from({ length: width }, runOneLane)));
  return Object.assign(runAll, { count: width * followed });
}

async function prepare() {
  const currentDate = new Date('2026-11-22T08:00:00Z');
  const expiresAt = new Date('2026-11-23T08:00:00Z');
  const [rootKey, issuerKey] = await Promise.all([generateIssuerKey(), generateIssuerKey()]);
  const statusBaseUri = 'https://lists.example/status';
  const issuer = {
    id: '370200',
    name: 'bench',
    keys: [{ publicKey: exportPublicKey(issuerKey) }],
    types: ['medical-insurance'],
    regions: ['3702'],
    statusBaseUri,
  };
  const trustBytes = await issueTrustList({ sequence: 1, publisher: 'bench', expiresAt, issuers: [issuer] }, rootKey, {
    currentDate,
  });
  const trusted = await verifyTrustList(trustBytes, [exportPublicKey(rootKey)], { currentDate });
  if (!trusted.ok) throw new Error(trusted.code);
  const uri = `${statusBaseUri}/1`;
  const statusBytes = await issueStatusList(
    { issuer: '370200', uri, expiresAt, size: 2 ** 20, entries: [[5, 'revoked']] },
    issuerKey,
    { currentDate },
  );
  const listed = await verifyStatusList(statusBytes, trusted.list, { currentDate, uri });
  if (!listed.ok) throw new Error(listed.code);
  const content = {
    type: 'medical-insurance',
    issuer: '370200',
    expiresAt,
    status: { list: 1, index: 123_456 },
    claims: FICTIONAL_PERSON,
  } as const;
  const { text, bytes } = await issueCredential(content, issuerKey, { currentDate });
  const device = await generateIssuerKey();
  const bound = await issueCredential({ ...content, holderKey: exportPublicKey(device) }, issuerKey, { currentDate });
  const presentation = await presentCredential(bound.bytes, device, { currentDate });
  return {
    text,
    presentation,
    trust: trusted.list,
    status: new Map([[uri, listed.list]]),
    publicKey: issuerKey.publicKey,
    credential: takeApart(bytes, issuerKey.publicKey),
    shown: takeApart(presentation.bytes, device.publicKey),
    currentDate,
  };
}
