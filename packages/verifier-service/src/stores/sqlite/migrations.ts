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
];
