import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../audit.ts';
import { CHAIN_START, hashEntry } from '../audit-hash.ts';

/** SQL, or what SQL cannot do. */
export type Migration = string | ((database: DatabaseSync) => void);

/** Ordered, forward only: a released entry is never edited, a change is a new entry at the end. */
export const MIGRATIONS: readonly Migration[] = [
  `
  create table operators (
    id text primary key,
    name text not null,
    role text not null check (role in ('issuer', 'verifier', 'administrator')),
    key_hash text unique,
    created_at integer not null
  ) strict;
  create table issuers (
    id text primary key,
    name text not null,
    types text not null,
    regions text not null,
    status_base_uri text not null
  ) strict;
  create table issuer_keys (
    kid text primary key,
    issuer text not null references issuers (id),
    public_key blob not null,
    created_at integer not null
  ) strict;
  create table status_lists (
    id integer primary key,
    size integer not null,
    issued integer not null,
    version integer not null
  ) strict;
  create table credentials (
    id text primary key,
    list integer not null references status_lists (id),
    idx integer not null,
    status text not null check (status in ('valid', 'suspended', 'revoked')),
    type text not null,
    issued_at integer not null,
    expires_at integer not null,
    changed_at integer not null,
    operator text not null references operators (id),
    unique (list, idx)
  ) strict;
  create index credentials_not_valid on credentials (list, idx) where status <> 'valid';
  create table audit (
    id integer primary key,
    at integer not null,
    operator text not null references operators (id),
    action text not null,
    credential text not null references credentials (id),
    reason text
  ) strict;
  create table trust_lists (
    sequence integer primary key,
    fingerprint text not null,
    bytes blob not null,
    issued_at integer not null,
    expires_at integer not null
  ) strict;
  `,
  `
  create table status_publications (
    list integer primary key references status_lists (id),
    version integer not null,
    fingerprint text not null,
    bytes blob not null,
    issued_at integer not null
  ) strict;
  alter table operators add column withdrawn_at integer;
  `,
  `
  alter table credentials add column subject text;
  create index credentials_of_subject on credentials (subject) where subject is not null;
  `,
  // In `audit`, `credential` no longer refers to `credentials`: a code that is verified need not have been issued here,
  // and of one with a bad signature nothing is known.
  `
  alter table operators add column organisation text not null default '';
  update operators set organisation = coalesce((select id from issuers), '');
  create table receipt_keys (
    kid text primary key,
    public_key blob not null,
    created_at integer not null
  ) strict;
  create table receipts (
    id text primary key,
    organisation text not null,
    signed blob not null,
    verified_at integer not null
  ) strict;
  create table shown_codes (
    replay_key text not null,
    scope text not null,
    organisation text not null,
    business_type text not null,
    receipt text not null references receipts (id),
    until integer not null,
    primary key (replay_key, scope)
  ) strict, without rowid;
  create index shown_codes_until on shown_codes (until);
  create table forgotten_codes (
    id integer primary key check (id = 1),
    until integer not null
  ) strict;
  insert into forgotten_codes (id, until) values (1, 0);
  create table audit_with_verifications (
    id integer primary key,
    at integer not null,
    operator text not null references operators (id),
    action text not null,
    credential text,
    reason text,
    outcome text,
    receipt text references receipts (id)
  ) strict;
  insert into audit_with_verifications (id, at, operator, action, credential, reason)
    select id, at, operator, action, credential, reason from audit;
  drop table audit;
  alter table audit_with_verifications rename to audit;
  `,
  chainAudit,
  // Another role, keys in a table of their own, and organisations in a tree under the issuer's.
  `
  create table organisations (
    id text primary key,
    name text not null,
    parent text references organisations (id),
    disabled_at integer
  ) strict;
  create index organisations_of_parent on organisations (parent);
  insert into organisations (id, name, parent) select id, name, null from issuers;
  insert or ignore into organisations (id, name, parent)
    select distinct organisation, organisation, (select id from issuers) from operators;
  create table operators_with_scope (
    id text primary key,
    name text not null,
    role text not null check (role in ('issuer', 'verifier', 'auditor', 'administrator')),
    organisation text not null references organisations (id),
    scope text not null,
    created_at integer not null,
    expires_at integer,
    disabled_at integer
  ) strict;
  insert into operators_with_scope (id, name, role, organisation, scope, created_at)
    select id, name, role, organisation, '{}', created_at from operators;
  create table api_keys (
    hash text primary key,
    operator text not null references operators_with_scope (id),
    created_at integer not null,
    expires_at integer,
    withdrawn_at integer
  ) strict, without rowid;
  insert into api_keys (hash, operator, created_at, withdrawn_at)
    select key_hash, id, created_at, withdrawn_at from operators where key_hash is not null;
  create index api_keys_of_operator on api_keys (operator);
  create table credentials_of_organisation (
    id text primary key,
    list integer not null references status_lists (id),
    idx integer not null,
    status text not null check (status in ('valid', 'suspended', 'revoked')),
    type text not null,
    issued_at integer not null,
    expires_at integer not null,
    changed_at integer not null,
    operator text not null references operators_with_scope (id),
    organisation text not null,
    subject text,
    unique (list, idx)
  ) strict;
  insert into credentials_of_organisation
    (id, list, idx, status, type, issued_at, expires_at, changed_at, operator, organisation, subject)
    select credentials.id, list, idx, status, type, issued_at, expires_at, changed_at, operator, organisation, subject
    from credentials join operators on operators.id = credentials.operator;
  drop table credentials;
  drop table operators;
  alter table operators_with_scope rename to operators;
  alter table credentials_of_organisation rename to credentials;
  create index operators_of_organisation on operators (organisation);
  create index credentials_not_valid on credentials (list, idx) where status <> 'valid';
  create index credentials_of_subject on credentials (subject) where subject is not null;
  `,
  `
  alter table issuer_keys add column signs_from integer not null default 0;
  update issuer_keys set signs_from = created_at;
  alter table issuer_keys add column retired_at integer;
  alter table issuer_keys add column compromised_since integer;
  `,
  `
  create table issue_job_rows (
    job text not null,
    row_number integer not null,
    credential text not null references credentials (id),
    kid text not null,
    primary key (job, row_number)
  ) strict, without rowid;
    `,
  // A message has no reference to its endpoint: one that is being removed must not fail what is told of.
  `
  create table webhooks (
    id text primary key,
    organisation text not null references organisations (id),
    url text not null,
    events text not null,
    sealed_secret blob not null,
    created_at integer not null,
    disabled_at integer
  ) strict;
  create index webhooks_of_organisation on webhooks (organisation);
  create table webhook_deliveries (
    id text primary key,
    webhook text not null,
    event text not null,
    occurred_at integer not null,
    payload text not null,
    attempts integer not null,
    due_at integer,
    last_outcome text,
    state text not null check (state in ('pending', 'delivered', 'given_up')),
    ended_at integer
  ) strict;
  create index webhook_deliveries_due on webhook_deliveries (webhook, due_at) where due_at is not null;
  create index webhook_deliveries_by_time on webhook_deliveries (webhook, occurred_at);
  create index webhook_deliveries_ended on webhook_deliveries (ended_at) where ended_at is not null;
  `,
  `
  create table identities (
    credential text primary key references credentials (id),
    sealed blob not null,
    ends_at integer not null
  ) strict, without rowid;
  create index identities_by_end on identities (ends_at);
  create table his_grants (
    organisation text not null references organisations (id),
    network text not null,
    operator text not null references operators (id),
    created_at integer not null,
    primary key (organisation, network)
  ) strict, without rowid;
  `,
  `
  create table offline_keys (
    id text primary key,
    public_key blob not null,
    operator text not null references operators (id),
    organisation text not null,
    created_at integer not null,
    withdrawn_at integer
  ) strict;
  create index offline_keys_of_operator on offline_keys (operator);
  `,
  `
  alter table forgotten_codes add column restored_at integer not null default 0;
  `,
  `
  create table proposals (
    id text primary key,
    organisation text not null references organisations (id),
    proposer text not null references operators (id),
    action text not null check (action in ('issue', 'revoked', 'valid')),
    credential text,
    reason text,
    sealed_request blob,
    created_at integer not null,
    expires_at integer not null,
    state text not null check (state in ('pending', 'approved', 'rejected', 'done')),
    decided_by text,
    decided_at integer
  ) strict;
  create index proposals_of_organisation on proposals (organisation, state);
  create index proposals_by_end on proposals (expires_at);
  `,
  `
  create table operator_subjects (
    subject text primary key,
    operator text not null unique references operators (id),
    created_at integer not null
  ) strict, without rowid;
  `,
  `
  create index audit_by_organisation_and_outcome on audit (organisation, outcome, at);
  `,
  markChanges,
  `
  create table snapshot_sequence (
    id integer primary key check (id = 1),
    sequence integer not null,
    issued_at integer not null
  ) strict;
  insert into snapshot_sequence (id, sequence, issued_at) values (1, 0, 0);
  create table snapshot_publications (
    sequence integer primary key,
    base integer,
    version integer not null,
    fingerprint text not null,
    list_versions text,
    bytes blob not null,
    issued_at integer not null
  ) strict;
  `,
  // Of what is rare: a verification is in neither, and costs no more than before.
  `
  create index audit_by_action on audit (action, at) where action <> 'verify';
  create index audit_by_organisation_and_action on audit (organisation, action, at) where action <> 'verify';
  `,
];

/** Runs one entry, within the transaction of the caller. */
export function runMigration(database: DatabaseSync, migration: Migration): void {
  if (typeof migration === 'string') database.exec(migration);
  else migration(database);
}

/** What processes keep of these tables in memory, they keep while the mark is the same. */
function markChanges(database: DatabaseSync): void {
  database.exec(`
  create table change_marks (
    id integer primary key check (id = 1),
    mark text not null
  ) strict;
  insert into change_marks (id, mark) values (1, hex(randomblob(8)));
  `);
  const access = ['operators', 'api_keys', 'organisations', 'operator_subjects'];
  const lists = ['issuers', 'issuer_keys', 'trust_lists', 'status_publications'];
  const events = ['insert', 'update', 'delete'];
  const changes = [
    ...[...access, ...lists].flatMap((table) => events.map((event) => `${event} on ${table}`)),
    // Not of `issued`, which each issue changes and no list shows.
    'update of version on status_lists',
  ];
  for (const [number, change] of changes.entries()) {
    database.exec(`
    create trigger change_marks_${number + 1} after ${change} begin
      update change_marks set mark = hex(randomblob(8));
    end`);
  }
}

/** Every row of the audit becomes a link of one chain, with the organisation that its operator works for. */
function chainAudit(database: DatabaseSync): void {
  database.exec(`
  create table audit_chains (
    chain integer primary key,
    seq integer not null,
    hash blob not null,
    purged_seq integer not null,
    purged_hash blob not null
  ) strict;
  create table audit_checkpoints (
    at integer not null,
    note text not null
  ) strict;
  create table subjects (subject text primary key) strict, without rowid;
  create table audit_in_chains (
    chain integer not null references audit_chains (chain),
    seq integer not null,
    at integer not null,
    operator text not null,
    organisation text not null,
    action text not null,
    credential text,
    business_type text,
    reason text,
    outcome text,
    receipt text,
    subject text,
    hash blob not null,
    primary key (chain, seq)
  ) strict, without rowid;
  `);
  database
    .prepare('insert into audit_chains (chain, seq, hash, purged_seq, purged_hash) values (1, 0, ?, 0, ?)')
    .run(CHAIN_START, CHAIN_START);
  const earlier = database.prepare(`
    select at, operator, organisation, action, credential, reason, outcome, receipt
    from audit join operators on operators.id = audit.operator order by audit.id`);
  const insert = database.prepare(`
    insert into audit_in_chains
      (chain, seq, at, operator, organisation, action, credential, reason, outcome, receipt, hash)
    values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  let seq = 0;
  let hash: Uint8Array = CHAIN_START;
  for (const row of earlier.iterate()) {
    const { at, ...values } = row;
    seq += 1;
    hash = hashEntry(hash, { chain: 1, seq, at: new Date(Number(at)), ...values } as Omit<AuditEntry, 'hash'>);
    insert.run(seq, at as number, ...Object.values(values), hash);
  }
  database.prepare('update audit_chains set seq = ?, hash = ?').run(seq, hash);
  database.exec(`
  drop table audit;
  alter table audit_in_chains rename to audit;
  create index audit_by_time on audit (at, chain, seq);
  create index audit_by_operator on audit (operator, at);
  create index audit_by_organisation on audit (organisation, at);
  create index audit_by_outcome on audit (outcome, at);
  create index audit_by_credential on audit (credential, at) where credential is not null;
  create index audit_by_receipt on audit (receipt) where receipt is not null;
  create index receipts_by_time on receipts (verified_at);
  create index shown_codes_of_receipt on shown_codes (receipt);
  `);
}
