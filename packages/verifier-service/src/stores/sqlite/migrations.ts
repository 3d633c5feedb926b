/** Ordered, forward only: a released entry is never edited, a change is a new entry at the end. */
export const MIGRATIONS: readonly string[] = [
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
  `
  alter table issuer_keys add column signs_from integer not null default 0;
  update issuer_keys set signs_from = created_at;
  alter table issuer_keys add column retired_at integer;
  alter table issuer_keys add column compromised_since integer;
  `,
];
