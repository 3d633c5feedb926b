import { Buffer } from 'node:buffer';
import { readCode } from '../../conformance/independent/content.ts';
import { readText } from '../../conformance/independent/read.ts';
import { findReplayKey } from '../../conformance/independent/replay.ts';
import type {
  CredentialCase,
  CredentialSuccess,
  ListMaterial,
  SnapshotCase,
  SnapshotMaterial,
  StatusListCase,
  TrustListCase,
  TrustMaterial,
  VectorCase,
  VectorFile,
} from '../format.ts';
import { qrText } from './carrier.ts';
import { cbor } from './cbor.ts';
import { hex, listMaterial, STATUS_URI, trustMaterial } from './lists.ts';
import { CLAIMS, NOW, root } from './people.ts';

/** The check that a code belongs to; where it is another one, the case says so. */
const CHECK_OF: Readonly<Record<string, string>> = {
  not_zhengma: 'format',
  unsupported_version: 'format',
  too_large: 'format',
  malformed: 'format',
  unsupported_algorithm: 'format',
  unsupported_type: 'format',
  unknown_issuer: 'issuer',
  unknown_key: 'issuer',
  bad_signature: 'signature',
  key_not_valid: 'scope',
  key_compromised: 'scope',
  type_not_allowed: 'scope',
  region_not_allowed: 'scope',
  not_presented: 'binding',
  bad_delegation: 'binding',
  delegation_not_allowed: 'binding',
  bad_presentation: 'binding',
  wrong_audience: 'binding',
  wrong_challenge: 'binding',
  issued_in_future: 'validity',
  not_yet_valid: 'validity',
  expired: 'validity',
  delegation_expired: 'validity',
  presentation_in_future: 'validity',
  presentation_expired: 'validity',
  business_not_allowed: 'purpose',
  revoked: 'status',
  suspended: 'status',
  status_unknown: 'status',
  clock_behind: 'freshness',
  trust_list_stale: 'freshness',
  status_list_stale: 'freshness',
};

const INCONCLUSIVE = new Set(['status_unknown', 'clock_behind', 'trust_list_stale', 'status_list_stale']);

/** Where and when a code is shown. */
export interface Situation {
  readonly now?: Date;
  readonly trust?: string;
  readonly lists?: string;
  readonly options?: CredentialCase['options'];
}

/** The cases of one file while they are written. */
export class Group {
  readonly name: string;
  readonly #comment: string;
  readonly #flags: Readonly<Record<string, string>>;
  readonly #cases: VectorCase[] = [];
  readonly #trust: Record<string, TrustMaterial> = {};
  readonly #lists: Record<string, ListMaterial> = {};
  readonly #snapshots: Record<string, SnapshotMaterial> = {};

  constructor(name: string, comment: string, flags: Readonly<Record<string, string>>) {
    this.name = name;
    this.#comment = comment;
    this.#flags = flags;
  }

  trust(name: string, material: TrustMaterial): void {
    this.#trust[name] = material;
  }

  lists(name: string, material: ListMaterial): void {
    this.#lists[name] = material;
  }

  snapshots(
    name: string,
    snapshot: Uint8Array,
    { receivedAt = NOW, base }: { receivedAt?: Date; base?: string } = {},
  ): void {
    this.#snapshots[name] = {
      trust: 'default',
      receivedAt: receivedAt.toISOString(),
      snapshot: hex(snapshot),
      ...(base !== undefined && { base }),
    };
  }

  /** @param what the text of a code, or the bytes that a text is made of */
  refuse(
    code: string,
    flag: string,
    comment: string,
    what: string | Uint8Array,
    situation: Situation & { readonly check?: string; readonly conclusive?: boolean } = {},
  ): void {
    const check = situation.check ?? (CHECK_OF[code] as string);
    const conclusive = situation.conclusive ?? !INCONCLUSIVE.has(code);
    this.#add(flag, comment, what, situation, { ok: false, code, check, conclusive });
  }

  accept(
    flag: string,
    comment: string,
    what: string | Uint8Array,
    expected: Partial<Omit<CredentialSuccess, 'ok'>> = {},
    situation: Situation = {},
  ): void {
    const { bearer = true, status = 'valid', claims = CLAIMS, ...rest } = expected;
    // Not by the library: what it says is compared with this.
    const replayKey = findReplayKey(readCode(readText(typeof what === 'string' ? what : qrText(what))));
    this.#add(flag, comment, what, situation, { ok: true, bearer, status, claims, replayKey, ...rest });
  }

  #add(
    flag: string,
    comment: string,
    what: string | Uint8Array,
    { now = NOW, trust = 'default', lists = 'default', options }: Situation,
    expect: CredentialCase['expect'],
  ): void {
    this.#push({
      id: this.#id(comment),
      kind: 'credential',
      comment,
      flags: [flag],
      text: typeof what === 'string' ? what : qrText(what),
      trust,
      lists,
      now: now.toISOString(),
      ...(options && { options }),
      expect,
    });
  }

  /** A code handed over as bytes, which no text can carry. */
  refuseBytes(code: string, flag: string, comment: string, bytes: Uint8Array): void {
    this.#push({
      id: this.#id(comment),
      kind: 'credential',
      comment,
      flags: [flag],
      bytes: hex(bytes),
      trust: 'default',
      lists: 'default',
      now: NOW.toISOString(),
      expect: { ok: false, code, check: CHECK_OF[code] as string, conclusive: true },
    });
  }

  trustList(
    flag: string,
    comment: string,
    bytes: Uint8Array,
    expect: TrustListCase['expect'] | string,
    change: Partial<Pick<TrustListCase, 'roots' | 'previous' | 'clockSkewSeconds'>> & { readonly now?: Date } = {},
  ): void {
    const { now = NOW, roots = [hex(cbor(root.coseKey))], ...rest } = change;
    this.#push({
      id: this.#id(comment),
      kind: 'trust-list',
      comment,
      flags: [flag],
      bytes: hex(bytes),
      roots,
      ...rest,
      now: now.toISOString(),
      expect: typeof expect === 'string' ? { ok: false, code: expect } : expect,
    });
  }

  statusList(
    flag: string,
    comment: string,
    bytes: Uint8Array,
    expect: StatusListCase['expect'] | string,
    change: Partial<Pick<StatusListCase, 'uri' | 'previous' | 'indexes' | 'clockSkewSeconds' | 'trust'>> & {
      readonly now?: Date;
    } = {},
  ): void {
    const { now = NOW, uri = STATUS_URI, trust = 'default', ...rest } = change;
    this.#push({
      id: this.#id(comment),
      kind: 'status-list',
      comment,
      flags: [flag],
      bytes: hex(bytes),
      trust,
      uri,
      ...rest,
      now: now.toISOString(),
      expect: typeof expect === 'string' ? { ok: false, code: expect } : expect,
    });
  }

  snapshot(
    flag: string,
    comment: string,
    bytes: Uint8Array,
    expect: SnapshotCase['expect'] | string,
    change: Partial<Pick<SnapshotCase, 'base' | 'previous' | 'indexes' | 'clockSkewSeconds'>> & {
      readonly now?: Date;
    } = {},
  ): void {
    const { now = NOW, ...rest } = change;
    this.#push({
      id: this.#id(comment),
      kind: 'snapshot',
      comment,
      flags: [flag],
      bytes: hex(bytes),
      trust: 'default',
      ...rest,
      now: now.toISOString(),
      expect: typeof expect === 'string' ? { ok: false, code: expect } : expect,
    });
  }

  file(): VectorFile {
    return {
      $schema: './schema.json',
      format: 'ZM1',
      comment: this.#comment,
      flags: this.#flags,
      trust: { default: trustMaterial(), ...this.#trust },
      lists: { default: listMaterial(), ...this.#lists },
      ...(Object.keys(this.#snapshots).length > 0 && { snapshots: this.#snapshots }),
      cases: this.#cases,
    };
  }

  #push(vector: VectorCase): void {
    for (const flag of vector.flags) if (!(flag in this.#flags)) throw new Error(`${this.name}: no flag ${flag}`);
    this.#cases.push(vector);
  }

  #id(comment: string): string {
    const words =
      comment
        .toLowerCase()
        .normalize('NFKD')
        .match(/[a-z0-9]+/g) ?? [];
    const id = `${this.name}/${words.join('-')}`;
    // Comments may differ in what is no letter only.
    for (let count = 1; ; count++) {
      const unique = count === 1 ? id : `${id}-${count}`;
      if (!this.#cases.some((other) => other.id === unique)) return unique;
    }
  }
}

export function flip(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const flipped = Buffer.from(bytes);
  const index = at < 0 ? flipped.length + at : at;
  flipped[index] = (flipped[index] as number) ^ mask;
  return flipped;
}
