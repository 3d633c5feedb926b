import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RateLimitKind } from '../http/rate-limits.ts';
import { COMMIT_CHANNEL, type CommitMessage } from '../stores/sql/commit-group.ts';
import type { CredentialStatus, Store } from '../stores/store.ts';

const SECOND = 1000;

/**
 * What Prometheus is told. Labels are route patterns, methods, status codes and outcome codes: sets that the code bounds,
 * and nothing that a caller chose.
 */
export class ServiceMetrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'zhengma_http_request_seconds',
    help: 'Time from the head of a request until its answer is ready',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.#registry],
  });
  readonly #verifications = this.#counter('verifications', 'Verifications that were recorded, by outcome', 'outcome');
  readonly #issues = this.#counter('issues', 'Credentials that were issued');
  readonly #statusChanges = this.#counter('status_changes', 'Status changes of credentials', 'status');
  readonly #rateLimited = this.#counter('rate_limited', 'Requests refused with 429, by limit', 'limit');
  readonly #storeFailures = this.#counter('store_failures', 'Calls that the database did not answer');
  readonly #commitGroups = new Histogram({
    name: 'zhengma_commit_group_size',
    help: 'Verifications that were committed together',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [this.#registry],
  });
  readonly #observeCommit = (message: unknown) => this.#commitGroups.observe((message as CommitMessage).size);

  /** @param deps `store`: the one whose lists are described, read with each scrape; not the observed one */
  constructor({ store, currentDate }: { store: Store; currentDate: () => Date }) {
    collectDefaultMetrics({ register: this.#registry });
    subscribe(COMMIT_CHANNEL, this.#observeCommit);
    const age = (instant: Date) => (currentDate().getTime() - instant.getTime()) / SECOND;
    this.#gauge('trust_list_age_seconds', 'Age of the trust list that was signed last', async () => {
      const list = await store.latestTrustList();
      return list && age(list.issuedAt);
    });
    this.#gauge('trust_list_remaining_seconds', 'Until the trust list that was signed last expires', async () => {
      const list = await store.latestTrustList();
      return list && -age(list.expiresAt);
    });
    this.#gauge('status_lists', 'Status lists there are', async () => (await store.statusLists()).length);
    this.#gauge('status_list_age_seconds', 'Age of the status list that was signed longest ago', async () => {
      const instants = (await store.statusLists()).flatMap(({ published }) => published?.issuedAt ?? []);
      return instants.length === 0 ? undefined : Math.max(...instants.map(age));
    });
    this.#gauge('snapshot_age_seconds', 'Age of the snapshot, or delta to one, that was signed last', async () => {
      const { last } = await store.snapshotState();
      return last.sequence === 0 ? undefined : age(last.issuedAt);
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, in the text format of Prometheus. */
  describe(): Promise<string> {
    return this.#registry.metrics();
  }

  observeRequest(labels: { method: string; route: string; status: number }, seconds: number): void {
    this.#requests.observe(labels, seconds);
  }

  countVerification(outcome: string): void {
    this.#verifications.inc({ outcome });
  }

  countIssue(): void {
    this.#issues.inc();
  }

  countStatusChange(status: CredentialStatus): void {
    this.#statusChanges.inc({ status });
  }

  countRateLimited(limit: RateLimitKind): void {
    this.#rateLimited.inc({ limit });
  }

  countStoreFailure(): void {
    this.#storeFailures.inc();
  }

  close(): void {
    unsubscribe(COMMIT_CHANNEL, this.#observeCommit);
    this.#registry.clear();
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name: `zhengma_${name}_total`, help, labelNames, registers: [this.#registry] });
  }

  /** Leaves the value out where there is none, and where the database does not answer: the rest is told even then. */
  #gauge(name: string, help: string, read: () => Promise<number | undefined>): void {
    const registers = [this.#registry];
    const gauge: Gauge = new Gauge({
      name: `zhengma_${name}`,
      help,
      registers,
      async collect() {
        const value = await read().catch(() => undefined);
        if (value === undefined) gauge.remove();
        else gauge.set(value);
      },
    });
  }
}
