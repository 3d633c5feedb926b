import type { Operator } from '@zhengma/verifier-service/client';
import { createServiceClient } from '@zhengma/verifier-service/client';
import { checkClock, type ServiceClock } from '../lists/clock-check.ts';
import { holdsLists, pickListFiles } from '../lists/list-files.ts';
import type { ListImport } from '../lists/list-import.ts';
import type { HeldLists, ListKeeper } from '../lists/list-keeper.ts';
import { ask } from '../look/ask.ts';
import { createOperatorSession, type Shift, type ShiftEnd } from '../operator/operator-session.ts';
import { createOperatorStore } from '../operator/operator-store.ts';
import { createServiceAsker, type ServiceWord } from '../operator/service-word.ts';
import { createReceiptQueue, type Trouble } from '../receipts/receipt-queue.ts';
import { createReceiptStore } from '../receipts/receipt-store.ts';
import { createReceiptSync } from '../receipts/receipt-sync.ts';
import { createRecorder } from '../receipts/recorder.ts';
import type { Acceptance, AcceptedCode } from '../scanner/judge.ts';
import type { Language } from '../words/language.ts';
import { recallBusinessType, rememberBusinessType } from './business-choice.ts';
import { createClockWarning } from './clock-warning.ts';
import { createDeskBar } from './desk-bar.ts';
import { createDeskDialog } from './desk-dialog.ts';
import type { DeskState } from './desk-state.ts';
import { deskWordsOf, type Mark } from './desk-words.ts';
import './desk.css';

/** What the page asks of its operator's desk, and tells it. */
export interface Desk {
  /** The line that never leaves the screen, and the warning of a wrong clock below it. */
  readonly parts: readonly HTMLElement[];
  /** What codes are scanned for while somebody is signed in. */
  readonly businessType: string | undefined;
  /** Who works here; nothing while nobody is signed in. */
  readonly operator: Operator | undefined;
  /** What codes are scanned for from now on; nothing changes while nobody is signed in, or for what is not the operator's to do. */
  chooseBusinessType(code: string): void;
  /** What else an operator can do: signing in and out, the queue, lists from a stick. */
  open(): void;
  show(view: { readonly language: Language; readonly currentDate: Date; readonly lists: HeldLists }): void;
  /**
   * A code was good by the lists here. While somebody is signed in, the service is asked whether it was used before, where it
   * can be and for no longer than somebody at a counter waits; where it says nothing, a receipt is signed and kept here, and
   * the page says so once it is on the disk.
   */
  accept(accepted: AcceptedCode): Promise<Acceptance>;
  /** The answer to a code is off the screen. */
  clearMark(): void;
}

/** What a desk needs of the page. */
export interface DeskParts {
  readonly keeper: Promise<ListKeeper | undefined>;
  readonly clock: ServiceClock;
  readonly language: Language;
  /** Lists came from a file. */
  readonly onLists: () => void;
  /** After every change of who works here or for what. */
  readonly onShift: () => void;
}

const REVIEW_SECONDS = 60;

const SILENT: ServiceWord = { kind: 'silent' };

/** The desk of one page: who works here, what they accepted, and what of it waits for the network. */
export function createDesk({ keeper, clock, language, onLists, onShift }: DeskParts): Desk {
  const now = () => new Date();
  const tabs = new BroadcastChannel('zhengma-receipts');
  let troubles: readonly Trouble[] = [];
  let state: DeskState = {
    language,
    currentDate: now(),
    queue: { waiting: 0, unsaved: 0, troubles: 0 },
    isPersisted: true,
  };
  /** Which code a mark is of: that of one that was answered before is not shown beside the next. */
  let answered = 0;

  const queue = createReceiptQueue({
    store: createReceiptStore(),
    now,
    announce: () => tabs.postMessage('changed'),
    onChange(counted) {
      change({ queue: counted });
      if (counted.troubles > 0 || troubles.length > 0) readTroubles();
    },
  });
  const recorder = createRecorder(queue);
  const asker = createServiceAsker(now);
  const session = createOperatorSession({
    store: createOperatorStore(),
    createClient: (apiKey) => createServiceClient({ apiKey, fetch: clock.fetch }),
    now,
    onChange: changeShift,
  });
  const sync = createReceiptSync({
    queue,
    uploader() {
      const { shift } = session;
      if (!shift) return undefined;
      const { id, organisation } = shift.operator;
      return { operator: id, organisation, upload: (json) => session.hear(shift.client.uploadReceipts(json)) };
    },
    alone: async (step) => navigator.locks.request('zhengma-receipts-upload', step),
    after(milliseconds, call) {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    onProblem: (problem) => change({ problem }),
  });
  const dialog = createDeskDialog({
    async signIn(apiKey) {
      const outcome = await session.signIn(apiKey);
      return outcome.ok ? undefined : outcome.problem;
    },
    onSignOut: signOut,
    onBusinessType: chooseBusiness,
    async onSend() {
      await queue.refresh();
      await sync.sendNow();
    },
    onDismiss: (id) => queue.dismissTrouble(id).catch(() => undefined),
    takeFiles,
  });
  const bar = createDeskBar(dialog.open);
  const warning = createClockWarning();

  tabs.addEventListener('message', () => {
    queue.refresh();
    sync.wake();
  });
  addEventListener('online', () => {
    session.review();
    sync.sendNow();
  });
  // A page that the browser keeps for its Back button would keep the key with it.
  addEventListener('pagehide', session.signOut);
  addEventListener('beforeunload', (event) => {
    if (state.queue.unsaved > 0) event.preventDefault();
  });
  setInterval(() => {
    session.review();
    queue.refresh();
    sync.wake();
  }, REVIEW_SECONDS * 1000);
  queue.refresh();
  draw();

  function change(part: Partial<DeskState>): void {
    state = { ...state, ...part };
    draw();
  }

  function draw(): void {
    bar.show(state);
    warning.show(state);
    dialog.show(state, troubles);
  }

  function changeShift(shift: Shift | undefined, end?: ShiftEnd): void {
    change({ shift, end, businessType: shift && recallBusiness(shift) });
    onShift();
    if (!shift) return;
    keepStorage();
    sync.sendNow();
  }

  function chooseBusiness(code: string | undefined): void {
    rememberBusinessType(code);
    change({ businessType: code });
    onShift();
  }

  /** A browser that is short of space may drop what nobody asked it to keep. */
  async function keepStorage(): Promise<void> {
    change({ isPersisted: (await navigator.storage?.persist?.().catch(() => false)) ?? false });
  }

  async function readTroubles(): Promise<void> {
    const found = await queue.readTroubles().catch(() => troubles);
    if (nameAll(found) === nameAll(troubles)) return;
    troubles = found;
    draw();
  }

  async function signOut(): Promise<void> {
    const { waiting, unsaved } = state.queue;
    if (waiting > 0) {
      const { shift: words } = deskWordsOf(state.language);
      const answer = await ask(words.askSignOut(waiting), unsaved > 0 ? words.unsavedMeans : words.unsentMeans, [
        { answer: 'stay', words: words.stay },
        { answer: 'leave', words: words.signOutAnyway, isDangerous: true },
      ]);
      if (answer !== 'leave') return;
    }
    session.signOut();
  }

  async function takeFiles(files: readonly File[]): Promise<ListImport | undefined> {
    const found = pickListFiles(files);
    const lists = await keeper;
    if (!lists || !holdsLists(found)) return undefined;
    const report = await lists.takeFiles(found);
    onLists();
    return report;
  }

  function askService(shift: Shift, text: string, businessType: string | undefined): Promise<ServiceWord> {
    return asker.ask({ text, ...(businessType !== undefined && { businessType }) }, (request, options) =>
      session.hear(shift.client.verify(request, options)),
    );
  }

  async function keepReceipt(
    { operator, key }: Shift,
    { result, trust, verifiedAt }: Pick<AcceptedCode, 'result' | 'trust' | 'verifiedAt'>,
    businessType: string | undefined,
  ): Promise<{ readonly mark: Mark; readonly id?: string }> {
    const { id, name, organisation } = operator;
    const recorded = await recorder.record({
      result,
      trust,
      by: { id, name, organisation, key },
      verifiedAt,
      ...(businessType !== undefined && { businessType }),
    });
    sync.wake();
    // A bearer code is the same at every visit: it cannot have been used up.
    const mark = recorded.kind === 'saved' && !result.bearer ? 'saved_unique_unknown' : recorded.kind;
    return { mark, ...(recorded.id !== undefined && { id: recorded.id }) };
  }

  return {
    parts: [bar.root, warning.root],
    get businessType() {
      return state.businessType;
    },
    get operator() {
      return state.shift?.operator;
    },
    chooseBusinessType(code) {
      const scope = state.shift?.operator.scope;
      if (scope && (scope.businessTypes?.includes(code) ?? true)) chooseBusiness(code);
    },
    open: dialog.open,
    show({ lists, ...view }) {
      change({ ...view, clockFault: checkClock(lists, clock.reading, view.currentDate) });
    },
    async accept({ isOnline, businessType, ...accepted }) {
      const { shift } = session;
      if (!shift) return { word: SILENT };
      const mine = ++answered;
      const mark = (found: Mark | undefined) => mine === answered && change({ mark: found });
      mark('saving');
      const word = isOnline ? await askService(shift, accepted.text, businessType) : SILENT;
      // Who was shut out by that very question signs nothing more.
      if (word.kind === 'refused' || (word.kind === 'silent' && !session.shift)) {
        mark(undefined);
        return { word };
      }
      if (word.kind !== 'silent') {
        mark(word.kind === 'repeated' ? 'known' : accepted.result.bearer ? 'saved' : 'first');
        return { word, receipt: Promise.resolve(word.receipt) };
      }
      const kept = keepReceipt(shift, accepted, businessType);
      kept.then((found) => mark(found.mark));
      return { word, receipt: kept.then(({ id }) => id) };
    },
    clearMark() {
      answered++;
      if (state.mark !== undefined) change({ mark: undefined });
    },
  };
}

function nameAll(troubles: readonly Trouble[]): string {
  return troubles.map(({ id }) => id).join(' ');
}

/** Of an operator who may do certain business only, one of it: without any, each of their receipts would contradict. */
function recallBusiness({ operator }: Shift): string | undefined {
  const remembered = recallBusinessType();
  const { businessTypes } = operator.scope;
  if (!businessTypes) return remembered;
  return remembered !== undefined && businessTypes.includes(remembered) ? remembered : businessTypes[0];
}
