import type { Role } from '../access.ts';
import type { AuditAction } from '../audit.ts';
import type { Proposal, ProposalState } from '../proposals.ts';
import type { CredentialStatus } from '../store.ts';
import type { DeliveryState } from '../webhooks.ts';

/** The tables as kysely sees them, on every engine. Instants are whole milliseconds since 1970; sets are JSON text. */
export interface Tables {
  operators: {
    id: string;
    name: string;
    role: Role;
    organisation: string;
    /** An {@link OperatorScope} as JSON. */
    scope: string;
    created_at: number;
    expires_at: number | null;
    disabled_at: number | null;
  };
  organisations: { id: string; name: string; parent: string | null; disabled_at: number | null };
  api_keys: {
    hash: string;
    operator: string;
    created_at: number;
    expires_at: number | null;
    withdrawn_at: number | null;
  };
  /** A keyed hash of who an OpenID provider says somebody is, and whom they act as. */
  operator_subjects: { subject: string; operator: string; created_at: number };
  issuers: { id: string; name: string; types: string; regions: string; status_base_uri: string };
  issuer_keys: {
    kid: string;
    issuer: string;
    public_key: Uint8Array;
    created_at: number;
    signs_from: number;
    retired_at: number | null;
    compromised_since: number | null;
  };
  status_lists: { id: number; size: number; issued: number; version: number };
  status_publications: { list: number; version: number; fingerprint: string; bytes: Uint8Array; issued_at: number };
  /** One row: no sequence is given twice. */
  snapshot_sequence: { id: number; sequence: number; issued_at: number };
  snapshot_publications: {
    sequence: number;
    /** Only of a delta. */
    base: number | null;
    version: number;
    fingerprint: string;
    /** JSON; only of a whole one. */
    list_versions: string | null;
    bytes: Uint8Array;
    issued_at: number;
  };
  credentials: {
    id: string;
    list: number;
    idx: number;
    status: CredentialStatus;
    type: string;
    issued_at: number;
    expires_at: number;
    changed_at: number;
    operator: string;
    organisation: string;
    /** A keyed hash of who is acted for; only of credentials that somebody else presents. */
    subject: string | null;
  };
  /** What was issued for which row of a job. */
  issue_job_rows: { job: string; row_number: number; credential: string; kid: string };
  /** Who a credential is about, sealed by a secret that is not in the database. */
  identities: { credential: string; sealed: Uint8Array; ends_at: number };
  offline_keys: {
    id: string;
    public_key: Uint8Array;
    operator: string;
    organisation: string;
    created_at: number;
    withdrawn_at: number | null;
  };
  /** `sealed_request` holds claims, by a secret that is not in the database. */
  proposals: {
    id: string;
    organisation: string;
    proposer: string;
    action: Proposal['action'];
    credential: string | null;
    reason: string | null;
    sealed_request: Uint8Array | null;
    created_at: number;
    expires_at: number;
    state: ProposalState;
    decided_by: string | null;
    decided_at: number | null;
  };
  his_grants: { organisation: string; network: string; operator: string; created_at: number };
  /** One row for each subject: whoever counts their delegates holds it until the count is used. */
  subjects: { subject: string };
  audit: {
    chain: number;
    seq: number;
    at: number;
    operator: string;
    organisation: string;
    action: AuditAction;
    credential: string | null;
    business_type: string | null;
    reason: string | null;
    outcome: string | null;
    receipt: string | null;
    subject: string | null;
    hash: Uint8Array;
  };
  audit_chains: { chain: number; seq: number; hash: Uint8Array; purged_seq: number; purged_hash: Uint8Array };
  audit_checkpoints: { at: number; note: string };
  receipt_keys: { kid: string; public_key: Uint8Array; created_at: number };
  receipts: { id: string; organisation: string; signed: Uint8Array; verified_at: number };
  /** What was accepted, for as long as it could be shown again. */
  shown_codes: {
    replay_key: string;
    /** Empty for a code that passes once; for a bearer code the place and business at which it may be shown again. */
    scope: string;
    organisation: string;
    business_type: string;
    receipt: string;
    until: number;
  };
  /** One row: up to which `until` codes were forgotten. */
  /** One row. Whoever made a code before `restored_at` may have shown it to a database that was lost. */
  forgotten_codes: { id: number; until: number; restored_at: number };
  webhooks: {
    id: string;
    organisation: string;
    url: string;
    /** JSON. */
    events: string;
    sealed_secret: Uint8Array;
    created_at: number;
    disabled_at: number | null;
  };
  webhook_deliveries: {
    id: string;
    webhook: string;
    event: string;
    occurred_at: number;
    payload: string;
    attempts: number;
    /** When it is tried next; while somebody sends it, when it is due again unless they say what became of it. */
    due_at: number | null;
    last_outcome: string | null;
    state: DeliveryState;
    ended_at: number | null;
  };
  trust_lists: { sequence: number; fingerprint: string; bytes: Uint8Array; issued_at: number; expires_at: number };
}
