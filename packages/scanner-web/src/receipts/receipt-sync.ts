import type { Answer, OfflineReceiptResults, OfflineReceipts, ServiceFailure } from '@zhengma/verifier-service/client';
import type { ReceiptBatch, ReceiptQueue } from './receipt-queue.ts';

/** By whose leave receipts are uploaded: their own, and their colleagues'. */
export interface Uploader {
  readonly operator: string;
  readonly organisation: string;
  upload(receipts: OfflineReceipts): Promise<Answer<OfflineReceiptResults>>;
}

/** Sends what waits, in the background. */
export interface ReceiptSync {
  /** Why the last round has stopped before the end; ends with the next that does not. */
  readonly problem: ServiceFailure['code'] | undefined;
  /** Something waits: it is sent now, unless the last failure is to be waited out. Fulfils when the round is over. */
  wake(): Promise<void>;
  /** Sends now, whatever went wrong before. Fulfils when nothing more can be sent. */
  sendNow(): Promise<void>;
}

/** What a sync needs of its surroundings. */
export interface SyncParts {
  readonly queue: Pick<ReceiptQueue, 'takeBatch' | 'settle' | 'putOff' | 'refresh'>;
  /** Nothing while nobody is signed in. */
  readonly uploader: () => Uploader | undefined;
  /** Runs a step of which only one runs at a time in all tabs of this browser; it waits for the others. */
  readonly alone: (step: () => Promise<void>) => Promise<void>;
  /** Calls back after so long; gives what calls it off. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  readonly onProblem: (problem: ServiceFailure['code'] | undefined) => void;
}

/** Half of what the service takes: an upload that breaks off is not all lost. */
const BATCH = 50;
const FIRST_WAIT_MILLISECONDS = 5_000;
const LONGEST_WAIT_MILLISECONDS = 5 * 60_000;

/** What is the fault of one receipt, or of whoever signed it, and not of the way there. */
const OF_THE_BATCH: ReadonlySet<string> = new Set<ServiceFailure['code']>([
  'invalid_request',
  'operator_not_found',
  'body_too_large',
]);

/** A sync that waits to be woken. */
export function createReceiptSync({ queue, uploader, alone, after, onProblem }: SyncParts): ReceiptSync {
  let problem: ServiceFailure['code'] | undefined;
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  let waitMilliseconds = FIRST_WAIT_MILLISECONDS;
  let callOff: (() => void) | undefined;

  function note(found: ServiceFailure['code'] | undefined): void {
    if (found === problem) return;
    problem = found;
    onProblem(problem);
  }

  async function sendAll(): Promise<void> {
    let limit = BATCH;
    for (;;) {
      const by = uploader();
      if (!by) return note(undefined);
      const batch = await queue.takeBatch(by.organisation, limit);
      if (!batch) break;
      const answer = await by.upload(describeUpload(batch, by));
      if (answer.ok) {
        await queue.settle(batch, answer.value.results);
        limit = BATCH;
      } else if (!OF_THE_BATCH.has(answer.code)) {
        note(answer.code);
        retryAfter(answer.retryAfterSeconds);
        return;
      } else if (batch.receipts.length > 1 && answer.code !== 'operator_not_found') {
        // One of them spoils the others' upload: it is found by halves.
        limit = batch.receipts.length >> 1;
      } else {
        queue.putOff(batch);
        limit = BATCH;
      }
    }
    note(undefined);
    waitMilliseconds = FIRST_WAIT_MILLISECONDS;
  }

  function retryAfter(seconds?: number): void {
    callOff?.();
    // Many counters come back with the network: not all in the same second.
    const spread = waitMilliseconds * (0.75 + Math.random() / 2);
    callOff = after(Math.max(spread, (seconds ?? 0) * 1000), () => {
      callOff = undefined;
      run();
    });
    waitMilliseconds = Math.min(waitMilliseconds * 2, LONGEST_WAIT_MILLISECONDS);
  }

  function run(): Promise<void> {
    if (running) {
      // What was added meanwhile must not wait for the next occasion.
      isAskedAgain = true;
      return running;
    }
    isAskedAgain = false;
    running = alone(sendAll)
      .catch(() => {
        // The disk: what was sent is sent again, and known.
        retryAfter();
      })
      .finally(() => {
        running = undefined;
        if (isAskedAgain && !callOff) run();
      });
    return running;
  }

  return {
    get problem() {
      return problem;
    },
    async wake() {
      if (!callOff) await run();
    },
    async sendNow() {
      callOff?.();
      callOff = undefined;
      waitMilliseconds = FIRST_WAIT_MILLISECONDS;
      await run();
    },
  };
}

function describeUpload({ operator, receipts }: ReceiptBatch, by: Uploader): OfflineReceipts {
  return {
    ...(operator !== by.operator && { operator }),
    receipts: receipts.map(({ signed }) => signed),
  };
}
