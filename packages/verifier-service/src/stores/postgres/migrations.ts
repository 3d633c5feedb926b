/**
 * Ordered, forward only: a released entry is never edited, a change is a new entry at the end. Plain tables and indexes of
 * the SQL that distributed engines with PostgreSQL's protocol speak too.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table organisations (
    id text primary key,
    name text not null,
    parent text references organisations (id),
    disabled_at bigint
  );
  create index organisations_of_parent on organisations (parent);
  create table operators (
    id text primary key,
    name text not null,
    role text not null check (role in ('issuer', 'verifier', 'auditor', 'administrator')),
    organisation text not null references organisations (id),
    scope text not null,
    created_at bigint not null,
    expires_at bigint,
    disabled_at bigint
  );
  create index operators_of_organisation on operators (organisation);
  create table api_keys (
    hash text primary key,
    operator text not null references operators (id),
    created_at bigint not null,
    expires_at bigint,
    withdrawn_at bigint
  );
  create index api_keys_of_operator on api_keys (operator);
  create table issuers (
    id text primary key,
    name text not null,
    types text not null,
    regions text not null,
    status_base_uri text not null
  );
  create table issuer_keys (
    kid text primary key,
    issuer text not null references issuers (id),
    public_key bytea not null,
    created_at bigint not null,
    signs_from bigint not null,
    retired_at bigint,
    compromised_since bigint
  );
  create table status_lists (
    id bigint primary key,
    size bigint not null,
    issued bigint not null,
    version bigint not null
  );
  create table status_publications (
    list bigint primary key references status_lists (id),
    version bigint not null,
    fingerprint text not null,
    bytes bytea not null,
    issued_at bigint not null
  );
  create table credentials (
    id text primary key,
    list bigint not null references status_lists (id),
    idx bigint not null,
    status text not null check (status in ('valid', 'suspended', 'revoked')),
    type text not null,
    issued_at bigint not null,
    expires_at bigint not null,
    changed_at bigint not null,
    operator text not null references operators (id),
    organisation text not null,
    subject text,
    unique (list, idx)
  );
  create index credentials_not_valid on credentials (list, idx) where status <> 'valid';
  create index credentials_of_subject on credentials (subject) where subject is not null;
  create table subjects (subject text primary key);
  create table trust_lists (
    sequence bigint primary key,
    fingerprint text not null,
    bytes bytea not null,
    issued_at bigint not null,
    expires_at bigint not null
  );
  create table receipt_keys (
    kid text primary key,
    public_key bytea not null,
    created_at bigint not null
  );
  create table receipts (
    id text primary key,
    organisation text not null,
    signed bytea not null,
    verified_at bigint not null
  );
  create index receipts_by_time on receipts (verified_at);
  create table shown_codes (
    replay_key text not null,
    scope text not null,
    organisation text not null,
    business_type text not null,
    receipt text not null references receipts (id),
    until bigint not null,
    primary key (replay_key, scope)
  );
  create index shown_codes_until on shown_codes (until);
  create index shown_codes_of_receipt on shown_codes (receipt);
  create table forgotten_codes (
    id bigint primary key check (id = 1),
    until bigint not null
  );
  insert into forgotten_codes (id, until) values (1, 0);
  create table audit_chains (
    chain bigint primary key,
    seq bigint not null,
    hash bytea not null,
    purged_seq bigint not null,
    purged_hash bytea not null
  );
  insert into audit_chains (chain, seq, hash, purged_seq, purged_hash)
    select chain, 0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex')
    from generate_series(1, 16) as chain;
  create table audit_checkpoints (
    at bigint not null,
    note text not null
  );
  create table audit (
    chain bigint not null references audit_chains (chain),
    seq bigint not null,
    at bigint not null,
    operator text not null,
    organisation text not null,
    action text not null,
    credential text,
    business_type text,
    reason text,
    outcome text,
    receipt text,
    subject text,
    hash bytea not null,
    primary key (chain, seq)
  );
  create index audit_by_time on audit (at, chain, seq);
  create index audit_by_operator on audit (operator, at);
  create index audit_by_organisation on audit (organisation, at);
  create index audit_by_outcome on audit (outcome, at);
  create index audit_by_credential on audit (credential, at) where credential is not null;
  create index audit_by_receipt on audit (receipt) where receipt is not null;
  `,
  `
  create table issue_job_rows (
    job text not null,
    row_number bigint not null,
    credential text not null references credentials (id),
    kid text not null,
    primary key (job, row_number)
  );
    `,
  // A message has no reference to its endpoint: one that is being removed must not fail what is told of.
  `
  create table webhooks (
    id text primary key,
    organisation text not null references organisations (id),
    url text not null,
    events text not null,
    sealed_secret bytea not null,
    created_at bigint not null,
    disabled_at bigint
  );
  create index webhooks_of_organisation on webhooks (organisation);
  create table webhook_deliveries (
    id text primary key,
    webhook text not null,
    event text not null,
    occurred_at bigint not null,
    payload text not null,
    attempts bigint not null,
    due_at bigint,
    last_outcome text,
    state text not null check (state in ('pending', 'delivered', 'given_up')),
    ended_at bigint
  );
  create index webhook_deliveries_due on webhook_deliveries (webhook, due_at) where due_at is not null;
  create index webhook_deliveries_by_time on webhook_deliveries (webhook, occurred_at);
  create index webhook_deliveries_ended on webhook_deliveries (ended_at) where ended_at is not null;
  `,
  `
  create table identities (
    credential text primary key references credentials (id),
    sealed bytea not null,
    ends_at bigint not null
  );
  create index identities_by_end on identities (ends_at);
  create table his_grants (
    organisation text not null references organisations (id),
    network text not null,
    operator text not null references operators (id),
    created_at bigint not null,
    primary key (organisation, network)
  );
  `,
  `
  create table offline_keys (
    id text primary key,
    public_key bytea not null,
    operator text not null references operators (id),
    organisation text not null,
    created_at bigint not null,
    withdrawn_at bigint
  );
  create index offline_keys_of_operator on offline_keys (operator);
  `,
  `
  alter table forgotten_codes add column restored_at bigint not null default 0;
  `,
  `
  create table proposals (
    id text primary key,
    organisation text not null references organisations (id),
    proposer text not null references operators (id),
    action text not null check (action in ('issue', 'revoked', 'valid')),
    credential text,
    reason text,
    sealed_request bytea,
    created_at bigint not null,
    expires_at bigint not null,
    state text not null check (state in ('pending', 'approved', 'rejected', 'done')),
    decided_by text,
    decided_at bigint
  );
  create index proposals_of_organisation on proposals (organisation, state);
  create index proposals_by_end on proposals (expires_at);
  `,
  `
  create table operator_subjects (
    subject text primary key,
    operator text not null unique references operators (id),
    created_at bigint not null
  );
  `,
  `
  create index audit_by_organisation_and_outcome on audit (organisation, outcome, at);
  `,
  `
  create table snapshot_sequence (
    id bigint primary key check (id = 1),
    sequence bigint not null,
    issued_at bigint not null
  );
  insert into snapshot_sequence (id, sequence, issued_at) values (1, 0, 0);
  create table snapshot_publications (
    sequence bigint primary key,
    base bigint,
    version bigint not null,
    fingerprint text not null,
    list_versions text,
    bytes bytea not null,
    issued_at bigint not null
  );
  `,
  // Of what is rare: a verification is in neither, and costs no more than before.
  `
  create index audit_by_action on audit (action, at) where action <> 'verify';
  create index audit_by_organisation_and_action on audit (organisation, action, at) where action <> 'verify';
  `,
];
