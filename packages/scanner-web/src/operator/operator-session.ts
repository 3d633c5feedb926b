import { createIssuerKey, type IssuerKey } from '@zhengma/credential-core/issue';
import { type DeviceKeyPair, exportPublicKey, importDeviceKey } from '@zhengma/credential-core/present';
import type { Answer, Operator, ServiceClient, ServiceFailure } from '@zhengma/verifier-service/client';
import { encodeBase64url } from '../bytes/base64url.ts';
import type { KnownOperator, OperatorStore } from './operator-store.ts';

/** An operator at work. The API key is in the client and nowhere else. */
export interface Shift {
  readonly operator: Operator;
  /** Of this device and this operator: signs receipts. */
  readonly key: IssuerKey;
  readonly client: ServiceClient;
  readonly startedAt: Date;
  /** False where the service could not be asked at the sign-in, and this device remembered the operator. */
  readonly isConfirmed: boolean;
}

/**
 * Why nobody was signed in: `key_format`, no API key; `not_known_here`, no network and never signed in at this device;
 * `lapsed`, too long since the service was last asked; `no_storage`, a browser that keeps no data or has no WebCrypto here; or
 * what the service answered.
 */
export type SignInProblem = 'key_format' | 'not_known_here' | 'lapsed' | 'no_storage' | ServiceFailure['code'];

/** Why a shift has ended: by hand, by the next operator, because the service lets the key in no more, or by its length. */
export type ShiftEnd = 'signed_out' | 'relieved' | 'shut_out' | 'over';

/** Who works at this device. */
export interface OperatorSession {
  /** Nothing while nobody is signed in: then codes are verified and nothing is recorded. */
  readonly shift: Shift | undefined;
  /** The former shift, if there is one, ends when the next begins, and goes on where it does not. */
  signIn(apiKey: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: SignInProblem }>;
  signOut(): void;
  /** Asks the service whether an operator who was let in without it may work; and ends a shift that is over. */
  review(): Promise<void>;
  /** Passes an answer on; the shift ends where the key is let in no more. */
  hear<Value>(answer: Promise<Answer<Value>>): Promise<Answer<Value>>;
}

/** What a session needs of its surroundings. */
export interface SessionParts {
  readonly store: OperatorStore;
  readonly createClient: (apiKey: string) => ServiceClient;
  readonly now: () => Date;
  /** After every change of the shift. */
  readonly onChange: (shift: Shift | undefined, end?: ShiftEnd) => void;
}

const API_KEY = /^zk_[A-Za-z0-9_-]{43}$/;
const HOUR_MILLISECONDS = 3_600_000;

/** Longer than anybody works: a device that was left signed in does not sign for them the next day. */
const MAX_SHIFT_MILLISECONDS = 16 * HOUR_MILLISECONDS;

/** So old a receipt may be when the service gets it; what is signed here later than that would be for nothing. */
const MAX_UNCONFIRMED_MILLISECONDS = 30 * 24 * HOUR_MILLISECONDS;

/** Answers after which nobody knows whether the key is good. */
const NO_ANSWER: ReadonlySet<string> = new Set<ServiceFailure['code']>([
  'unreachable',
  'timed_out',
  'unexpected_answer',
  'rate_limited',
  'store_unavailable',
  'internal_error',
  'draining',
]);

/** Answers after which whoever was here before is not let in without the service either. */
const SHUT_OUT: ReadonlySet<string> = new Set<ServiceFailure['code']>(['unauthenticated', 'forbidden']);

/** A device at which nobody is signed in yet. */
export function createOperatorSession({ store, createClient, now, onChange }: SessionParts): OperatorSession {
  let shift: Shift | undefined;
  /** Of whoever is signed in. */
  let current: KnownOperator | undefined;

  async function signIn(apiKey: string): Promise<SignInProblem | undefined> {
    if (!API_KEY.test(apiKey)) return 'key_format';
    const client = createClient(apiKey);
    const answer = await client.readOperator();
    const problem = answer.ok ? await begin(answer.value, client, apiKey) : answer.code;
    if (problem !== undefined && SHUT_OUT.has(problem)) await forget(apiKey);
    return problem !== undefined && NO_ANSWER.has(problem) ? resume(client, apiKey, problem) : problem;
  }

  /** The service knows the operator: the key of this device is registered for them before anything is signed by it. */
  async function begin(
    operator: Operator,
    client: ServiceClient,
    apiKey: string,
  ): Promise<ServiceFailure['code'] | undefined> {
    let keyPair = await store.takeKeyPair(operator.id);
    let registered = await register(keyPair, client);
    if (!registered.ok && registered.code === 'offline_key_taken') {
      // It was withdrawn, or is another operator's by a copied profile: what it signs is taken no more.
      keyPair = await store.replaceKeyPair(operator.id);
      registered = await register(keyPair, client);
    }
    if (!registered.ok) return registered.code;
    const known = { operator, keyPair, keyDigest: await digestKey(apiKey), confirmedAt: now() };
    await store.keepOperator(known);
    await start(known, client, true);
    return undefined;
  }

  /** The service cannot be asked: whoever worked here before is known by their key. */
  async function resume(
    client: ServiceClient,
    apiKey: string,
    code: ServiceFailure['code'],
  ): Promise<SignInProblem | undefined> {
    const known = await findKnown(apiKey);
    if (!known) return code === 'unreachable' || code === 'timed_out' ? 'not_known_here' : code;
    const { confirmedAt, operator } = known;
    const until = Math.min(
      confirmedAt.getTime() + MAX_UNCONFIRMED_MILLISECONDS,
      operator.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(operator.expiresAt),
    );
    if (now().getTime() >= until) return 'lapsed';
    await start(known, client, false);
    return undefined;
  }

  async function start(known: KnownOperator, client: ServiceClient, isConfirmed: boolean): Promise<void> {
    const { operator } = known;
    const key = createIssuerKey(await importDeviceKey(known.keyPair));
    if (shift && shift.operator.id !== operator.id) end('relieved');
    current = known;
    shift = { operator, key, client, startedAt: now(), isConfirmed };
    onChange(shift);
  }

  function end(why: ShiftEnd): void {
    if (!shift) return;
    shift = undefined;
    current = undefined;
    onChange(undefined, why);
  }

  async function findKnown(apiKey: string): Promise<KnownOperator | undefined> {
    const digest = encodeBase64url(await digestKey(apiKey));
    return (await store.listOperators()).find(({ keyDigest }) => encodeBase64url(keyDigest) === digest);
  }

  async function forget(apiKey: string): Promise<void> {
    const known = await findKnown(apiKey);
    if (known) await store.forgetOperator(known.operator.id);
  }

  const hear: OperatorSession['hear'] = async (answer) => {
    const asked = shift;
    const heard = await answer;
    if (!heard.ok && heard.code === 'unauthenticated' && asked && shift === asked) {
      await store.forgetOperator(asked.operator.id).catch(() => undefined);
      end('shut_out');
    }
    return heard;
  };

  return {
    get shift() {
      return shift;
    },
    async signIn(apiKey) {
      const problem = await signIn(apiKey).catch((): SignInProblem => 'no_storage');
      return problem === undefined ? { ok: true } : { ok: false, problem };
    },
    signOut: () => end('signed_out'),
    hear,
    async review() {
      const reviewed = shift;
      if (!reviewed) return;
      if (now().getTime() - reviewed.startedAt.getTime() >= MAX_SHIFT_MILLISECONDS) return end('over');
      if (reviewed.isConfirmed) return;
      const answer = await hear(reviewed.client.readOperator());
      if (!answer.ok || shift !== reviewed || !current) return;
      shift = { ...reviewed, operator: answer.value, isConfirmed: true };
      current = { ...current, operator: answer.value, confirmedAt: now() };
      // What the disk does not take is asked for again at the next sign-in.
      await store.keepOperator(current).catch(() => undefined);
      onChange(shift);
    },
  };
}

async function register(keyPair: DeviceKeyPair, client: ServiceClient) {
  const publicKey = encodeBase64url(exportPublicKey(await importDeviceKey(keyPair)));
  return client.addOfflineKey({ publicKey });
}

/** A plain hash will do: the key is 256 random bits, which nobody finds by trying. */
async function digestKey(apiKey: string): Promise<Uint8Array> {
  const text = new TextEncoder().encode(`zhengma sign-in ${apiKey}`);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', text));
}
