import { type IssuerKey, issueReceipt, type ReceiptContent } from '@zhengma/credential-core/issue';
import { createReplayGuard, type TrustList, type VerificationSuccess } from '@zhengma/credential-core/verify';
import { encodeBase64url } from '../bytes/base64url.ts';
import type { ReceiptQueue } from './receipt-queue.ts';

/** Who verified, and by which key of this device they sign. */
export interface Signatory {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly key: IssuerKey;
}

/**
 * What became of the receipt of a code, and its id: `saved` on this device; `known`, for the same operator had it recorded for the same
 * business here before, by the receipt of that id; `unsaved`, the disk took nothing and this page alone holds it; `failed`, there is none.
 */
export type Recorded =
  | { readonly kind: 'saved' | 'known' | 'unsaved'; readonly id: string }
  | { readonly kind: 'failed'; readonly id?: never };

/** Signs receipts of what was accepted here. */
export interface Recorder {
  /** Fulfils when the receipt is on the disk, or cannot be; never rejects. */
  record(accepted: Accepted): Promise<Recorded>;
}

/** A code that was accepted, by which trust list, by whom, for what and when. */
export interface Accepted {
  readonly result: VerificationSuccess;
  readonly trust: Pick<TrustList, 'publisher' | 'sequence'>;
  readonly by: Signatory;
  readonly businessType?: string;
  readonly verifiedAt: Date;
}

const MOST_REMEMBERED = 10_000;

/** The recorder of one page. */
export function createRecorder(queue: Pick<ReceiptQueue, 'add' | 'state'>): Recorder {
  /** A code that is left before the camera is read again and again, and is one event. */
  const recorded = createReplayGuard({ maxEntries: MOST_REMEMBERED });
  /** By code and context, in the order in which they were recorded. */
  const receiptIds = new Map<string, string>();

  /** The guard knows as many presentations and as many codes without a device: none of what it knows is forgotten here. */
  function remember(event: string, id: string): void {
    receiptIds.delete(event);
    for (const oldest of receiptIds.keys()) {
      if (receiptIds.size < 2 * MOST_REMEMBERED) break;
      receiptIds.delete(oldest);
    }
    receiptIds.set(event, id);
  }

  return {
    async record(accepted) {
      const { result, by, businessType = '', verifiedAt } = accepted;
      try {
        const { bytes, id } = await issueReceipt(describeAccepted(accepted), by.key, { currentDate: verifiedAt });
        const context = JSON.stringify([by.id, businessType]);
        const event = `${result.replay.key} ${context}`;
        const seen = recorded.admit(result, context, verifiedAt);
        const known = receiptIds.get(event);
        // Of what the disk did not take, nobody says that it is recorded.
        if (seen === 'repeated' && known) return { kind: queue.state.unsaved > 0 ? 'unsaved' : 'known', id: known };
        remember(event, id);
        const kind = await queue.add({
          id,
          at: verifiedAt,
          operator: by.id,
          organisation: by.organisation,
          operatorName: by.name,
          signed: encodeBase64url(bytes),
          credential: result.credential.id,
          ...(businessType !== '' && { businessType }),
        });
        return { kind, id };
      } catch {
        return { kind: 'failed' };
      }
    },
  };
}

/** @throws for what was accepted without its status being asked: of that there is no receipt */
function describeAccepted({ result, trust, by, businessType }: Accepted): ReceiptContent {
  const { credential, status, bearer, delegate, replay, lists } = result;
  if (status === 'not_checked') throw new TypeError('the status was not checked');
  return {
    // Whoever publishes the trust list is the service that the receipt goes to.
    issuer: trust.publisher,
    organisation: by.organisation,
    operator: by.id,
    outcome: status,
    ...(businessType !== undefined && { businessType }),
    credential: { issuer: credential.issuer, id: credential.id },
    bearer,
    delegated: delegate !== undefined,
    replayKey: replay.key,
    trustListSequence: trust.sequence,
    ...(status === 'valid' &&
      lists.status && { statusList: { uri: lists.status.uri, issuedAt: lists.status.issuedAt } }),
  };
}
