import { Buffer } from 'node:buffer';
import type { Plain } from './cbor.ts';
import { embed } from './cose.ts';
import { Group } from './group.ts';
import {
  DEFAULT_ISSUERS,
  listMaterial,
  STATUS_LIST,
  STATUS_URI,
  statusClaims,
  statusList,
  statusMap,
  trustClaims,
  trustedIssuer,
  trustedKey,
  trustList,
  trustMaterial,
} from './lists.ts';
import {
  after,
  boundClaims,
  claims,
  credential,
  DAY,
  EXP,
  HOUR,
  IAT,
  ISS,
  issuer,
  NBF,
  NOW_SECONDS,
  presentation,
} from './people.ts';

export function makeTimes(): Group {
  const group = new Group('times', 'Validity, status, and how fresh the lists are.', {
    Validity: 'Issue time, beginning and end, with the skew between the clocks.',
    Status: 'What the issuer’s list says of the index.',
    Freshness: 'Last of all: only a good answer needs fresh lists.',
    Clock: 'A clock that is behind a signed list cannot be right.',
  });
  validity(group);
  status(group);
  freshness(group);
  clocks(group);
  return group;
}

const withStatus = (list: number, index: number) => credential(claims([], [[1, [list, index]]]));

function validity(group: Group): void {
  const good = credential();
  const skew = (clockSkewSeconds: number) => ({ options: { clockSkewSeconds } });
  group.accept('Validity', 'at the issue time', good);
  group.accept('Validity', 'a minute before the issue time', good, {}, { now: after(-60) });
  group.refuse('issued_in_future', 'Validity', 'more than a minute before the issue time', good, { now: after(-61) });
  group.refuse('issued_in_future', 'Validity', 'a second before the issue time, without skew', good, {
    now: after(-1),
    ...skew(0),
  });
  group.accept(
    'Validity',
    'ten minutes before the issue time, with that skew',
    good,
    {},
    { now: after(-600), ...skew(600) },
  );
  group.accept('Validity', 'in the last second of the skew', good, {}, { now: after(HOUR + 59) });
  group.refuse('expired', 'Validity', 'at the end of the skew', good, { now: after(HOUR + 60) });
  group.accept('Validity', 'in the last second, without skew', good, {}, { now: after(HOUR - 1), ...skew(0) });
  group.refuse('expired', 'Validity', 'at the end, without skew', good, { now: after(HOUR), ...skew(0) });
  group.refuse('expired', 'Validity', 'years later', good, { now: after(3650 * DAY) });
  const later = credential(claims([[NBF, NOW_SECONDS + 600]]));
  group.refuse('not_yet_valid', 'Validity', 'before its beginning', later);
  group.refuse('not_yet_valid', 'Validity', 'a second before its beginning and the skew', later, { now: after(539) });
  group.accept('Validity', 'at its beginning less the skew', later, {}, { now: after(540) });
  group.refuse('not_yet_valid', 'Validity', 'a second before its beginning, without skew', later, {
    now: after(599),
    ...skew(0),
  });
  group.accept('Validity', 'at its beginning, without skew', later, {}, { now: after(600), ...skew(0) });
  group.refuse(
    'issued_in_future',
    'Validity',
    'issued tomorrow',
    credential(
      claims([
        [IAT, NOW_SECONDS + DAY],
        [EXP, NOW_SECONDS + 2 * DAY],
      ]),
    ),
  );
}

function status(group: Group): void {
  const lists = (bits: number, hexadecimal: string) =>
    listMaterial({
      [STATUS_URI]: statusList(statusClaims([[STATUS_LIST, statusMap(bits, Buffer.from(hexadecimal, 'hex'))]])),
    });
  group.accept('Status', 'index 0 of 2 bits: valid', withStatus(1, 0));
  group.refuse('revoked', 'Status', 'index 1 of 2 bits: revoked', withStatus(1, 1));
  group.refuse('suspended', 'Status', 'index 2 of 2 bits: suspended', withStatus(1, 2));
  group.refuse('status_unknown', 'Status', 'index 3 of 2 bits: a value that means nothing', withStatus(1, 3));
  group.refuse('revoked', 'Status', 'the last index', withStatus(1, 63));
  group.refuse('status_unknown', 'Status', 'the index after the last', withStatus(1, 64));
  group.refuse('status_unknown', 'Status', 'an index far outside the list', withStatus(1, 2 ** 24 - 1));
  group.refuse('status_unknown', 'Status', 'a list that is not at hand', withStatus(2, 0));
  group.refuse('status_unknown', 'Status', 'the largest list number', withStatus(2 ** 32 - 1, 0));
  group.accept('Status', 'a credential that cannot be revoked', credential(claims([], [[1, undefined]])), {
    status: 'not_revocable',
  });
  group.accept(
    'Status',
    'a revoked credential where nobody looks',
    withStatus(1, 1),
    { status: 'not_checked' },
    { lists: 'not_checked' },
  );
  group.lists('none', listMaterial({}));
  group.refuse('status_unknown', 'Status', 'no lists at hand', withStatus(1, 0), { lists: 'none' });
  group.lists('one-bit', lists(1, '02ff00'));
  group.accept('Status', 'index 0 of 1 bit: valid', withStatus(1, 0), {}, { lists: 'one-bit' });
  group.refuse('revoked', 'Status', 'index 1 of 1 bit: revoked', withStatus(1, 1), { lists: 'one-bit' });
  group.refuse('revoked', 'Status', 'index 15 of 1 bit: revoked', withStatus(1, 15), { lists: 'one-bit' });
  group.accept('Status', 'index 16 of 1 bit: valid', withStatus(1, 16), {}, { lists: 'one-bit' });
  group.refuse('status_unknown', 'Status', 'index 24 of 1 bit: outside', withStatus(1, 24), { lists: 'one-bit' });
  group.lists('four-bits', lists(4, '1023f5'));
  for (const [index, code] of [
    undefined,
    'revoked',
    'status_unknown',
    'suspended',
    'status_unknown',
    'status_unknown',
  ].entries()) {
    situation(group, 4, index, code, 'four-bits');
  }
  group.lists('eight-bits', lists(8, '00010203ff80'));
  for (const [index, code] of [
    undefined,
    'revoked',
    'suspended',
    'status_unknown',
    'status_unknown',
    'status_unknown',
  ].entries()) {
    situation(group, 8, index, code, 'eight-bits');
  }
  const others = trustClaims(
    [],
    [[1, [...DEFAULT_ISSUERS, trustedIssuer('other', [trustedKey(issuer)], [[5, 'https://lists.example/370200']])]]],
  );
  group.trust('shared-base', trustMaterial(trustList(others)));
  group.lists(
    'of-another-issuer',
    listMaterial({ [STATUS_URI]: statusList(statusClaims([[ISS, 'other']])) }, { trust: 'shared-base' }),
  );
  group.refuse('status_unknown', 'Status', 'a list of another issuer at the same address', withStatus(1, 0), {
    trust: 'shared-base',
    lists: 'of-another-issuer',
  });
  const bound = embed(credential(boundClaims([], [[1, [1, 1]]])));
  group.refuse('revoked', 'Status', 'a revoked credential, well presented', presentation(bound));
  group.refuse(
    'not_presented',
    'Status',
    'a revoked credential, not presented',
    credential(boundClaims([], [[1, [1, 1]]])),
  );
  group.refuse('expired', 'Status', 'a revoked credential that has expired', withStatus(1, 1), {
    now: after(2 * HOUR),
  });
}

function situation(group: Group, bits: number, index: number, code: string | undefined, lists: string): void {
  const comment = `index ${index} of ${bits} bits: ${code ?? 'valid'}`;
  if (code) group.refuse(code, 'Status', comment, withStatus(1, index), { lists });
  else group.accept('Status', comment, withStatus(1, index), {}, { lists });
}

/** A credential that lasts longer than the lists do. */
const lasting = (map: readonly (readonly [Plain, Plain | undefined])[] = []) =>
  credential(claims([[EXP, NOW_SECONDS + 90 * DAY]], map));

function freshness(group: Group): void {
  const at = (seconds: number, options = {}) => ({ now: after(seconds), options });
  group.accept('Freshness', 'in the last second of the lists', lasting(), {}, at(DAY - 1));
  group.refuse('trust_list_stale', 'Freshness', 'at the end of the lists', lasting(), at(DAY));
  group.refuse('trust_list_stale', 'Freshness', 'stale for exactly a week', lasting(), at(8 * DAY));
  group.refuse('trust_list_stale', 'Freshness', 'stale for longer than a week', lasting(), {
    ...at(8 * DAY + 1),
    conclusive: true,
  });
  group.refuse('trust_list_stale', 'Freshness', 'stale where no age is allowed', lasting(), {
    ...at(DAY + 1, { maxStaleSeconds: 0 }),
    conclusive: true,
  });
  group.refuse(
    'trust_list_stale',
    'Freshness',
    'stale for a month where that is allowed',
    lasting(),
    at(30 * DAY, { maxStaleSeconds: 40 * DAY }),
  );
  group.refuse('revoked', 'Freshness', 'revoked on a stale list', lasting([[1, [1, 1]]]), at(30 * DAY));
  group.refuse('status_unknown', 'Freshness', 'unknown on a stale list', lasting([[1, [1, 3]]]), at(2 * DAY));
  group.refuse(
    'status_unknown',
    'Freshness',
    'unknown on a list stale for longer than a week',
    lasting([[1, [1, 3]]]),
    {
      ...at(30 * DAY),
      conclusive: true,
    },
  );
  group.trust('long', trustMaterial(trustList(trustClaims([[EXP, NOW_SECONDS + 60 * DAY]]))));
  group.lists('short', listMaterial({ [STATUS_URI]: statusList() }, { trust: 'long' }));
  const short = (seconds: number, options = {}) => ({ trust: 'long', lists: 'short', ...at(seconds, options) });
  group.refuse('status_list_stale', 'Freshness', 'a status list at its end', lasting(), short(DAY));
  group.refuse('status_list_stale', 'Freshness', 'a status list stale for a week', lasting(), short(8 * DAY));
  group.refuse('status_list_stale', 'Freshness', 'a status list stale for longer', lasting(), {
    ...short(8 * DAY + 1),
    conclusive: true,
  });
  group.accept(
    'Freshness',
    'a stale status list where nobody looks',
    lasting(),
    { status: 'not_checked' },
    { ...short(2 * DAY), lists: 'not_checked' },
  );
  group.accept(
    'Freshness',
    'a stale status list of a credential that cannot be revoked',
    lasting([[1, undefined]]),
    { status: 'not_revocable' },
    short(2 * DAY),
  );
}

function clocks(group: Group): void {
  const early = credential(claims([[IAT, NOW_SECONDS - 3 * HOUR]]));
  group.accept('Clock', 'as old as the lists', early, {}, { now: after(-HOUR) });
  group.accept('Clock', 'behind the lists by a minute', early, {}, { now: after(-HOUR - 60) });
  group.refuse('clock_behind', 'Clock', 'behind the lists by more', early, { now: after(-HOUR - 61) });
  group.refuse('clock_behind', 'Clock', 'a code of the future, by a clock behind the lists', credential(), {
    now: after(-HOUR - 61),
    check: 'validity',
  });
  const soon = credential(
    claims([
      [IAT, NOW_SECONDS - 3 * HOUR],
      [NBF, NOW_SECONDS],
    ]),
  );
  group.refuse('clock_behind', 'Clock', 'a code that is not valid yet, by a clock behind the lists', soon, {
    now: after(-2 * HOUR),
    check: 'validity',
  });
  const held = embed(credential(boundClaims([[IAT, NOW_SECONDS - 3 * HOUR]])));
  group.refuse(
    'clock_behind',
    'Clock',
    'a presentation of the future, by a clock behind the lists',
    presentation(held),
    { now: after(-2 * HOUR), check: 'validity' },
  );
  group.refuse(
    'expired',
    'Clock',
    'expired even by a clock behind the lists',
    credential(
      claims([
        [IAT, NOW_SECONDS - 4 * HOUR],
        [EXP, NOW_SECONDS - 3 * HOUR],
      ]),
    ),
    { now: after(-2 * HOUR) },
  );
  group.refuse(
    'revoked',
    'Clock',
    'revoked, by a clock behind the lists',
    credential(claims([[IAT, NOW_SECONDS - 3 * HOUR]], [[1, [1, 1]]])),
    { now: after(-2 * HOUR) },
  );
  group.trust('old', trustMaterial(trustList(trustClaims([[IAT, NOW_SECONDS - 30 * DAY]])), after(-30 * DAY)));
  group.refuse('clock_behind', 'Clock', 'behind the status list alone', early, { trust: 'old', now: after(-2 * HOUR) });
  group.accept(
    'Clock',
    'behind a status list where nobody looks',
    early,
    { status: 'not_checked' },
    { trust: 'old', lists: 'not_checked', now: after(-2 * HOUR) },
  );
}
