import { ServiceError } from '../errors.ts';
import type {
  AcceptanceOutcome,
  IssueOutcome,
  IssueRecord,
  RefusalRecord,
  StatusChangeOutcome,
  Store,
} from '../stores/store.ts';
import { inSpan } from '../tracing/spans.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** The same store; each call is a span, and what it recorded is counted. */
export function observeStore(store: Store, metrics: ServiceMetrics | undefined): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as (...words: unknown[]) => Promise<unknown>;
      if (typeof method !== 'function') return method;
      return (...words: unknown[]) =>
        inSpan(`store ${name}`, async () => {
          try {
            const result = await method.apply(target, words);
            if (metrics) count(name, words, result, metrics);
            return result;
          } catch (error) {
            if (error instanceof ServiceError && error.code === 'store_unavailable') metrics?.countStoreFailure();
            throw error;
          }
        });
    },
  });
}

function count(name: keyof Store, [first]: unknown[], result: unknown, metrics: ServiceMetrics): void {
  if (name === 'recordAcceptance') {
    const { outcome } = result as AcceptanceOutcome;
    // By the word of the audit trail.
    metrics.countVerification(outcome === 'first' ? 'accepted' : outcome);
  }
  if (name === 'recordRefusal') metrics.countVerification((first as RefusalRecord).outcome);
  if (name === 'recordIssue' && (result as IssueOutcome) === 'recorded') {
    metrics.countIssue();
    if ((first as IssueRecord).replaces !== undefined) metrics.countStatusChange('revoked');
  }
  if (name === 'changeStatus') {
    const change = result as StatusChangeOutcome;
    if (change.outcome === 'changed') metrics.countStatusChange(change.credential.status);
  }
}
