import type { Generated } from 'kysely';
import type { AuditAction, CredentialStatus, Role } from './store.ts';

/** The tables as kysely sees them, on every engine. Instants are whole milliseconds since 1970; sets are JSON text. */
export interface Tables {
  operators: {
    id: string;
    name: string;
    role: Role;
    organisation: string;
    key_hash: string | null;
    created_at: number;
    withdrawn_at: number | null;
  };
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
    /** A keyed hash of who is acted for; only of credentials that somebody else presents. */
    subject: string | null;
  };
  audit: {
    id: Generated<number>;
    at: number;
    operator: string;
    action: AuditAction;
    /** Null for a code whose signature was not good: what it says of itself is anybody's word. */
    credential: string | null;
    reason: string | null;
    outcome: string | null;
    receipt: string | null;
  };
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
  forgotten_codes: { id: number; until: number };
  trust_lists: { sequence: number; fingerprint: string; bytes: Uint8Array; issued_at: number; expires_at: number };
}
