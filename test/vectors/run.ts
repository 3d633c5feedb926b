import type { RevocationSnapshot, verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import type * as Core from '@zhengma/credential-core/verify';
import type {
  CredentialCase,
  Outcome,
  SnapshotCase,
  StatusListCase,
  TrustListCase,
  VectorCase,
  VectorFile,
} from './format.ts';

/** What is tested: the entries `/verify` and `/snapshot`, from wherever they were loaded. Nothing of Node is used here; browsers run it too. */
export type Verifier = Pick<
  typeof Core,
  'verifyCredential' | 'verifyTrustList' | 'verifyStatusList' | 'CHECK_NAMES'
> & {
  readonly verifyRevocationSnapshot: typeof verifyRevocationSnapshot;
};

export interface RanCase {
  readonly id: string;
  readonly outcome: Outcome;
}

/** Runs every case of a file and says what came out, in the form of `expect`. */
export async function runVectors(core: Verifier, file: VectorFile): Promise<RanCase[]> {
  const runner = new Runner(core, file);
  const ran: RanCase[] = [];
  for (const vector of file.cases) ran.push({ id: vector.id, outcome: await runner.run(vector) });
  return ran;
}

class Runner {
  readonly #core: Verifier;
  readonly #file: VectorFile;
  readonly #trust = new Map<string, Promise<Core.TrustList>>();
  readonly #lists = new Map<string, Promise<Map<string, Core.StatusList>>>();
  readonly #snapshots = new Map<string, Promise<RevocationSnapshot>>();

  constructor(core: Verifier, file: VectorFile) {
    this.#core = core;
    this.#file = file;
  }

  run(vector: VectorCase): Promise<Outcome> {
    if (vector.kind === 'credential') return this.#runCredential(vector);
    if (vector.kind === 'snapshot') return this.#runSnapshot(vector);
    return vector.kind === 'trust-list' ? this.#runTrustList(vector) : this.#runStatusList(vector);
  }

  async #runCredential({ text, bytes, trust, lists, now, options = {} }: CredentialCase): Promise<Outcome> {
    const { challenge, ...rest } = options;
    const result = await this.#core.verifyCredential(text ?? fromHex(bytes ?? ''), await this.#getTrust(trust), {
      ...rest,
      currentDate: new Date(now),
      status: lists === 'not_checked' ? lists : await this.#getEvidence(lists),
      ...(challenge !== undefined && { challenge: fromHex(challenge) }),
    });
    if (!result.ok) {
      const check = this.#core.CHECK_NAMES.find((name) => result.checks[name] === 'failed') ?? '';
      return { ok: false, code: result.code, check, conclusive: result.conclusive };
    }
    const { bearer, status, credential, delegate, presentation, replay } = result;
    return toPlain({
      ok: true,
      bearer,
      status,
      claims: credential.claims,
      replayKey: replay.key,
      undisclosed: credential.undisclosed,
      delegate,
      presentation,
    });
  }

  async #runTrustList({ bytes, roots, previous, now, clockSkewSeconds }: TrustListCase): Promise<Outcome> {
    const result = await this.#core.verifyTrustList(fromHex(bytes), roots.map(fromHex), {
      currentDate: new Date(now),
      ...(clockSkewSeconds !== undefined && { clockSkewSeconds }),
      ...(previous !== undefined && { previous: await this.#getTrust(previous) }),
    });
    if (!result.ok) return { ok: false, code: result.code };
    const { sequence, issuers, roots: next } = result.list;
    return { ok: true, sequence, issuers: issuers.map(({ id }) => id), roots: next.map(toHex) };
  }

  async #runStatusList(vector: StatusListCase): Promise<Outcome> {
    const { bytes, trust, uri, previous, indexes = [], now, clockSkewSeconds } = vector;
    const held = previous === undefined ? undefined : (await this.#getLists(previous)).get(uri);
    const result = await this.#core.verifyStatusList(fromHex(bytes), await this.#getTrust(trust), {
      currentDate: new Date(now),
      uri,
      ...(clockSkewSeconds !== undefined && { clockSkewSeconds }),
      ...(held && { previous: held }),
    });
    if (!result.ok) return { ok: false, code: result.code };
    const { list } = result;
    return { ok: true, size: list.size, statuses: indexes.map((index) => list.get(index)) };
  }

  async #runSnapshot(vector: SnapshotCase): Promise<Outcome> {
    const { bytes, trust, base, previous, indexes = {}, now, clockSkewSeconds } = vector;
    const result = await this.#core.verifyRevocationSnapshot(fromHex(bytes), await this.#getTrust(trust), {
      currentDate: new Date(now),
      ...(clockSkewSeconds !== undefined && { clockSkewSeconds }),
      ...(base !== undefined && { base: await this.#getSnapshot(base) }),
      ...(previous !== undefined && { previous: await this.#getSnapshot(previous) }),
    });
    if (!result.ok) return { ok: false, code: result.code };
    const { sequence, lists } = result.snapshot;
    const statuses = Object.entries(indexes).map(([uri, asked]) => [
      uri,
      asked.map((index) => lists.get(uri)?.get(index) ?? 'no such list'),
    ]);
    return {
      ok: true,
      sequence,
      sizes: Object.fromEntries([...lists].map(([uri, { size }]) => [uri, size])),
      statuses: Object.fromEntries(statuses),
    };
  }

  async #getEvidence(name: string): Promise<Core.VerifyOptions['status']> {
    return name in this.#file.lists ? this.#getLists(name) : (await this.#getSnapshot(name)).lists;
  }

  #getSnapshot(name: string): Promise<RevocationSnapshot> {
    const material = this.#file.snapshots?.[name];
    if (!material) throw new Error(`there is no snapshot ${name}`);
    const { trust, receivedAt, snapshot, base } = material;
    return remember(this.#snapshots, name, async () => {
      const result = await this.#core.verifyRevocationSnapshot(fromHex(snapshot), await this.#getTrust(trust), {
        currentDate: new Date(receivedAt),
        ...(base !== undefined && { base: await this.#getSnapshot(base) }),
      });
      return unwrap(name, result.ok ? { ok: true, list: result.snapshot } : result);
    });
  }

  #getTrust(name: string): Promise<Core.TrustList> {
    const { list, roots, receivedAt } = this.#file.trust[name] as VectorFile['trust'][string];
    return remember(this.#trust, name, async () => {
      const currentDate = new Date(receivedAt);
      return unwrap(name, await this.#core.verifyTrustList(fromHex(list), roots.map(fromHex), { currentDate }));
    });
  }

  #getLists(name: string): Promise<Map<string, Core.StatusList>> {
    const { trust, receivedAt, lists } = this.#file.lists[name] as VectorFile['lists'][string];
    return remember(this.#lists, name, async () => {
      const held = new Map<string, Core.StatusList>();
      for (const [uri, bytes] of Object.entries(lists)) {
        const options = { currentDate: new Date(receivedAt), uri };
        const result = await this.#core.verifyStatusList(fromHex(bytes), await this.#getTrust(trust), options);
        held.set(uri, unwrap(name, result));
      }
      return held;
    });
  }
}

function remember<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const held = known.get(name) ?? make();
  known.set(name, held);
  return held;
}

function unwrap<T>(name: string, result: { readonly ok: true; readonly list: T } | Core.Failure): T {
  if (result.ok) return result.list;
  throw new Error(`the list ${name} was refused: ${result.code}, ${result.detail}`);
}

/** Dates become text, and what is undefined is left out, as in the files. */
function toPlain(outcome: object): Outcome {
  return JSON.parse(JSON.stringify(outcome)) as Outcome;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
