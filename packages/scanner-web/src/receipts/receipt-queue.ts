import type { OfflineReceiptResults } from '@zhengma/verifier-service/client';
import type { KeptTrouble, QueuedReceipt, ReceiptStore } from './receipt-store.ts';
import { seal, unseal } from './seal.ts';

/** What is to be uploaded, and what is said of it where the service contradicts. It names no person. */
export interface NewReceipt {
  readonly id: string;
  readonly at: Date;
  readonly operator: string;
  readonly organisation: string;
  /** The receipt as it was signed, in base64url. */
  readonly signed: string;
  /** Of the credential, 16 hexadecimal digits. */
  readonly credential: string;
  readonly businessType?: string;
  readonly operatorName: string;
}

type SealedReceipt = Pick<NewReceipt, 'signed' | 'credential' | 'businessType' | 'operatorName'>;

/** What the service answered of one receipt. */
export type ReceiptResult = OfflineReceiptResults['results'][number];

/** Why somebody has to look at a receipt: what the service found, or that its content cannot be read on this device. */
export type TroubleCode =
  | NonNullable<Extract<ReceiptResult, { conflict?: unknown }>['conflict']>['code']
  | Extract<ReceiptResult, { outcome: 'refused' }>['code']
  | 'unreadable';

/** A receipt that somebody has to look at. */
export interface Trouble {
  readonly id: string;
  /** When the code was verified here. */
  readonly at: Date;
  readonly code: TroubleCode;
  /** When it was first shown, or its status changed. */
  readonly since?: Date;
  /** Absent where nothing could be read. */
  readonly credential?: string;
  readonly businessType?: string;
  readonly operatorName?: string;
}

type SealedTrouble = Omit<Trouble, 'id' | 'at' | 'since'> & { readonly since?: string };

/** How much waits. */
export interface QueueState {
  readonly waiting: number;
  readonly oldestAt?: Date;
  /** Of those that wait, how many only this page holds, for the disk took none: they end with it. */
  readonly unsaved: number;
  /** How many somebody has to look at. */
  readonly troubles: number;
}

/** Receipts of one operator, to be sent together. */
export interface ReceiptBatch {
  readonly operator: string;
  readonly receipts: readonly (QueuedReceipt & { readonly signed: string })[];
}

/** Receipts that wait for the service, and what it said of those that it has. Shared by the tabs of this browser. */
export interface ReceiptQueue {
  readonly state: QueueState;
  /** `saved` only once it is on the disk; `unsaved` where this page alone holds it, and tries again. */
  add(receipt: NewReceipt): Promise<'saved' | 'unsaved'>;
  /** Writes what could not be written, and counts anew: another tab may have changed something. */
  refresh(): Promise<void>;
  /** The oldest of an organisation that are not put off, of one operator; nothing where none wait. */
  takeBatch(organisation: string, limit: number): Promise<ReceiptBatch | undefined>;
  /** Takes what the service answered, in its order. */
  settle(batch: ReceiptBatch, results: readonly ReceiptResult[]): Promise<void>;
  /** They wait, and others are sent before them. */
  putOff(batch: ReceiptBatch): void;
  /** Oldest first. */
  readTroubles(): Promise<readonly Trouble[]>;
  /** Somebody has looked at it. */
  dismissTrouble(id: string): Promise<void>;
}

/** What a queue needs of its surroundings. */
export interface QueueParts {
  readonly store: ReceiptStore;
  readonly now: () => Date;
  /** After every change of the state. */
  readonly onChange: (state: QueueState) => void;
  /** Tells the other tabs. */
  readonly announce: () => void;
}

/** How many are looked through for those that can be sent, besides those that are put off. */
const LOOKED_THROUGH = 1000;

/** What may be taken later: the clock is set right, the operator found again. */
const PUT_OFF_MILLISECONDS = 10 * 60_000;

/** The queue of this browser. */
export function createReceiptQueue({ store, now, onChange, announce }: QueueParts): ReceiptQueue {
  let state: QueueState = { waiting: 0, unsaved: 0, troubles: 0 };
  /** What the disk held when it was last asked. */
  let counted: Awaited<ReturnType<ReceiptStore['count']>> = { waiting: 0, troubles: 0 };
  let key: Promise<CryptoKey> | undefined;
  /** What the disk did not take. */
  const unsaved = new Map<string, NewReceipt>();
  /** Until when which receipts are not sent. */
  const putOff = new Map<string, number>();

  function takeKey(): Promise<CryptoKey> {
    key ??= store.takeSealingKey().catch((error) => {
      key = undefined;
      throw error;
    });
    return key;
  }

  async function write(receipt: NewReceipt): Promise<void> {
    const { id, at, operator, organisation, signed, credential, businessType, operatorName } = receipt;
    const content: SealedReceipt = {
      signed,
      credential,
      operatorName,
      ...(businessType !== undefined && { businessType }),
    };
    const sealed = await seal(await takeKey(), nameContent('receipt', receipt), content);
    await store.addReceipt({ id, at, operator, organisation, sealed });
  }

  async function count(): Promise<void> {
    counted = await store.count().catch(() => counted);
    const times = [...unsaved.values()].map(({ at }) => at);
    if (counted.oldestAt) times.push(counted.oldestAt);
    const oldest = Math.min(...times.map((at) => at.getTime()));
    state = {
      waiting: counted.waiting + unsaved.size,
      unsaved: unsaved.size,
      troubles: counted.troubles,
      ...(times.length > 0 && { oldestAt: new Date(oldest) }),
    };
    onChange(state);
  }

  async function changed(): Promise<void> {
    announce();
    await count();
  }

  async function saveUnsaved(): Promise<boolean> {
    let isAnySaved = false;
    for (const receipt of [...unsaved.values()]) {
      try {
        await write(receipt);
      } catch {
        break;
      }
      unsaved.delete(receipt.id);
      isAnySaved = true;
    }
    return isAnySaved;
  }

  function isPutOff(id: string): boolean {
    const until = putOff.get(id);
    if (until === undefined) return false;
    if (until > now().getTime()) return true;
    putOff.delete(id);
    return false;
  }

  /** What was put in another's place, or sealed by a key that is gone, is said and not sent. */
  async function setAside(receipt: QueuedReceipt): Promise<void> {
    await keepTroubles([receipt.id], [{ receipt, trouble: { code: 'unreadable' } }]);
  }

  async function keepTroubles(
    ids: readonly string[],
    found: readonly { readonly receipt: QueuedReceipt; readonly trouble: SealedTrouble }[],
  ): Promise<void> {
    const kept: KeptTrouble[] = [];
    for (const { receipt, trouble } of found) {
      const { id, at, operator, organisation } = receipt;
      const sealed = await seal(await takeKey(), nameContent('trouble', receipt), trouble);
      kept.push({ id, at, operator, organisation, sealed });
    }
    await store.settleReceipts(ids, kept);
  }

  async function open(row: QueuedReceipt): Promise<SealedReceipt | undefined> {
    return unseal<SealedReceipt>(await takeKey(), nameContent('receipt', row), row.sealed).catch(() => undefined);
  }

  async function takeBatch(organisation: string, limit: number): Promise<ReceiptBatch | undefined> {
    // What the disk does not take is sent all the same.
    const rows = new Map<string, QueuedReceipt & { readonly signed?: string }>();
    // Those that are put off may be the oldest, however many: they hold back none of the others.
    const most = LOOKED_THROUGH + putOff.size;
    for (const row of await store.readReceipts(organisation, most).catch(() => [])) rows.set(row.id, row);
    for (const receipt of unsaved.values()) {
      if (receipt.organisation === organisation) rows.set(receipt.id, { ...receipt, sealed: new Uint8Array() });
    }
    const ready = [...rows.values()].filter(({ id }) => !isPutOff(id));
    const [first] = ready;
    const receipts: (QueuedReceipt & { readonly signed: string })[] = [];
    for (const row of ready) {
      if (row.operator !== first?.operator || receipts.length >= limit) continue;
      const signed = row.signed ?? (await open(row))?.signed;
      if (signed !== undefined) receipts.push({ ...row, signed });
      else await setAside(row);
    }
    if (!first) return undefined;
    return receipts.length > 0 ? { operator: first.operator, receipts } : takeBatch(organisation, limit);
  }

  return {
    get state() {
      return state;
    },
    async add(receipt) {
      try {
        await write(receipt);
        return 'saved';
      } catch {
        unsaved.set(receipt.id, receipt);
        return 'unsaved';
      } finally {
        changed();
      }
    },
    async refresh() {
      if (await saveUnsaved()) announce();
      await count();
    },
    takeBatch,
    async settle({ receipts }, results) {
      const ids: string[] = [];
      const troubles: { receipt: QueuedReceipt; trouble: SealedTrouble }[] = [];
      for (const [at, receipt] of receipts.entries()) {
        const result = results[at];
        // A receipt of the future is taken once the clocks agree.
        if (!result || (result.outcome === 'refused' && result.code === 'issued_in_future')) {
          putOff.set(receipt.id, now().getTime() + PUT_OFF_MILLISECONDS);
          continue;
        }
        ids.push(receipt.id);
        const trouble = describeTrouble(result);
        if (!trouble) continue;
        const { credential, businessType, operatorName } = unsaved.get(receipt.id) ?? (await open(receipt)) ?? {};
        troubles.push({
          receipt,
          trouble: {
            ...trouble,
            ...(credential !== undefined && { credential }),
            ...(businessType !== undefined && { businessType }),
            ...(operatorName !== undefined && { operatorName }),
          },
        });
      }
      // A disk that took nothing has nothing of them to give back.
      if (troubles.length > 0 || ids.some((id) => !unsaved.has(id))) await keepTroubles(ids, troubles);
      for (const id of ids) {
        unsaved.delete(id);
        putOff.delete(id);
      }
      await changed();
    },
    putOff({ receipts }) {
      const until = now().getTime() + PUT_OFF_MILLISECONDS;
      for (const { id } of receipts) putOff.set(id, until);
    },
    async readTroubles() {
      const rows = await store.readTroubles();
      return Promise.all(
        rows.map(async (row) => {
          const { since, ...found } = await unseal<SealedTrouble>(
            await takeKey(),
            nameContent('trouble', row),
            row.sealed,
          ).catch((): SealedTrouble => ({ code: 'unreadable' }));
          return { id: row.id, at: row.at, ...found, ...(since !== undefined && { since: new Date(since) }) };
        }),
      );
    },
    async dismissTrouble(id) {
      await store.deleteTrouble(id);
      await changed();
    },
  };
}

/** A row put into another's place, or another table, does not open. */
function nameContent(
  kind: 'receipt' | 'trouble',
  { id, operator, organisation }: Omit<QueuedReceipt, 'sealed'>,
): string {
  return JSON.stringify([kind, id, operator, organisation]);
}

function describeTrouble(result: ReceiptResult): SealedTrouble | undefined {
  if (result.outcome === 'refused') return { code: result.code };
  return result.conflict;
}
