import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OfflineReceipt } from '../src/stores/offline.ts';
import type { Acceptance, IssueRecord, Store } from '../src/stores/store.ts';
import type { ClaimedDelivery } from '../src/stores/webhooks.ts';
import { readTrail } from './audit-trail.ts';
import { DATABASES } from './databases.ts';

const BY = { operator: 'local', organisation: '370200' };
const NOW = new Date('2026-11-25T08:00:00.123Z');

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const hex = (bytes: number) => randomBytes(bytes).toString('hex');

async function setUp(store: Store): Promise<void> {
  const issuer = {
    id: '370200',
    name: '示例签发方',
    types: ['medical-insurance'],
    regions: ['3702'],
    statusBaseUri: 'x',
  };
  const owner = { id: 'local', name: 'owner', role: 'administrator', organisation: '370200', scope: {} } as const;
  await store.addIssuer(issuer, { kid: hex(8), publicKey: randomBytes(32), createdAt: NOW, signsFrom: NOW }, owner);
}

/** An acceptance of a code that was never shown, but for what is given. */
function accept(given: Partial<Acceptance> = {}): Acceptance {
  const receipt = { id: hex(16), verifiedAt: NOW, signed: new Uint8Array(randomBytes(100)) };
  return {
    replayKey: hex(32),
    bearer: false,
    by: BY,
    businessType: '',
    until: later(60),
    receipt,
    at: NOW,
    credential: hex(8),
    ...given,
  };
}

async function issue(store: Store, given: Partial<IssueRecord> = {}): Promise<IssueRecord> {
  const place = await store.proposeIndex();
  const record = {
    id: hex(8),
    ...place,
    type: 'medical-insurance',
    issuedAt: NOW,
    expiresAt: later(3600),
    by: BY,
    ...given,
  };
  expect(await store.recordIssue(record)).toBe('recorded');
  return record;
}

describe.each(Object.keys(DATABASES))('%s', (name) => {
  let nodes: Store[];
  let one: Store;
  let two: Store;

  beforeAll(async () => {
    const database = await (DATABASES[name] as () => ReturnType<(typeof DATABASES)[string]>)();
    // At once: each finds the tables made, or makes them.
    nodes = await Promise.all([database.open(), database.open()]);
    [one, two] = nodes as [Store, Store];
    await setUp(one);
  });

  /** Runs `work` a number of times at once, on all nodes in turn. */
  const onAllNodes = <T>(count: number, work: (store: Store, n: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => work(nodes[n % nodes.length] as Store, n)));

  it('what one node has written, the other reads', async () => {
    expect(await two.findIssuer()).toEqual(await one.findIssuer());
    const { id } = await issue(one);
    expect(await two.findCredential(id)).toMatchObject({ id, status: 'valid', issuedAt: NOW, organisation: '370200' });
  });

  it('a code that is shown a thousand times at once passes once', async () => {
    const code = { replayKey: hex(32) };
    const outcomes = await onAllNodes(1000, (store, n) =>
      store.recordAcceptance(accept({ ...code, by: { operator: 'local', organisation: `H${n % 5}` } })),
    );
    const passed = outcomes.filter(({ outcome }) => outcome === 'first');
    expect(passed).toHaveLength(1);
    const receipts = outcomes.flatMap((each) => ('receipt' in each ? [each.receipt.id] : []));
    expect(new Set(receipts).size).toBe(1);
    // Whoever is at the same organisation has the same receipt; the others are told.
    expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(199);
    expect(outcomes.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(800);
  });

  it('many different codes at once all pass, each with the receipt that was signed for it', async () => {
    const codes = Array.from({ length: 300 }, () => accept());
    const outcomes = await onAllNodes(300, (store, n) => store.recordAcceptance(codes[n] as Acceptance));
    for (const [n, outcome] of outcomes.entries()) {
      expect(outcome).toEqual({ outcome: 'first', receipt: codes[n]?.receipt });
    }
    const found = await two.findReceipt(codes[7]?.receipt.id ?? '');
    expect(found).toEqual({ ...codes[7]?.receipt, organisation: '370200' });
  });

  it('a bearer code begins another event when the first is over, for one of those who ask at once', async () => {
    const code = { replayKey: hex(32), bearer: true, until: later(86_400) };
    const [first, again] = [await one.recordAcceptance(accept(code)), await two.recordAcceptance(accept(code))];
    expect([first.outcome, again.outcome]).toEqual(['first', 'repeated']);
    const elsewhere = { ...code, by: { operator: 'local', organisation: 'P1' } };
    expect((await two.recordAcceptance(accept(elsewhere))).outcome).toBe('first');
    const nextDay = { ...code, at: later(90_000), until: later(180_000) };
    const outcomes = await onAllNodes(20, (store) => store.recordAcceptance(accept(nextDay)));
    expect(outcomes.filter(({ outcome }) => outcome === 'first')).toHaveLength(1);
  });

  it('a part that cannot be recorded fails alone', async () => {
    const { receipt } = accept();
    const [good, twice, sameId, other] = await Promise.allSettled(
      [accept(), accept({ receipt }), accept({ receipt }), accept()].map((each) => one.recordAcceptance(each)),
    );
    expect([good?.status, other?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect([twice?.status, sameId?.status].toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('a presentation that desks took offline is first at one of them, whichever node is told; a receipt is kept once', async () => {
    const [mine, theirs] = [accept(), accept()];
    const offline = (made: typeof mine, organisation: string): OfflineReceipt => ({
      receipt: made.receipt,
      replayKey: mine.replayKey,
      bearer: false,
      credential: made.credential,
      businessType: '02101',
      signedBy: { operator: 'local', organisation },
      by: BY,
      at: NOW,
      until: later(30 * 86_400),
    });
    const outcomes = await onAllNodes(10, (store) =>
      Promise.all([store.recordOfflineReceipt(offline(mine, 'H1')), store.recordOfflineReceipt(offline(theirs, 'H2'))]),
    );
    const all = outcomes.flat().map(({ outcome }) => outcome);
    expect(all.filter((outcome) => outcome === 'known')).toHaveLength(18);
    expect(all.filter((outcome) => outcome !== 'known').toSorted()).toEqual(['recorded', 'replayed']);
    const elsewhere = { ...accept({ replayKey: mine.replayKey }), by: { operator: 'local', organisation: 'H3' } };
    expect((await two.recordAcceptance(elsewhere)).outcome).toBe('replayed');
    expect(
      await two.recordOfflineReceipt(
        offline({ ...mine, receipt: { ...mine.receipt, signed: new Uint8Array(90) } }, 'H1'),
      ),
    ).toEqual({ outcome: 'id_taken' });
  });

  it('an index is given once, whichever node asks', async () => {
    const { list, index } = await one.proposeIndex();
    const outcomes = await onAllNodes(20, (store) =>
      store.recordIssue({
        id: hex(8),
        list,
        index,
        type: 'medical-insurance',
        issuedAt: NOW,
        expiresAt: later(3600),
        by: BY,
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'index_taken')).toHaveLength(19);
  });

  it('a sealed identity is there until its credential is revoked, or is over', async () => {
    const sealed = new Uint8Array(randomBytes(156));
    const [revoked, over, kept] = [
      await issue(one, { identity: sealed }),
      await issue(one, { identity: sealed, expiresAt: later(60) }),
      await issue(one, { identity: sealed }),
    ];
    expect(await two.findIdentity(kept.id)).toEqual(sealed);
    expect(await two.findIdentity((await issue(one)).id)).toBeUndefined();
    await two.changeStatus({ id: revoked.id, status: 'suspended', by: BY, at: NOW });
    expect(await one.findIdentity(revoked.id)).toEqual(sealed);
    await two.changeStatus({ id: revoked.id, status: 'revoked', by: BY, at: NOW });
    expect(await one.findIdentity(revoked.id)).toBeUndefined();
    const replaced = await issue(one, { identity: sealed });
    await issue(one, { identity: sealed, replaces: replaced.id });
    expect(await two.findIdentity(replaced.id)).toBeUndefined();
    expect(await two.forgetIdentities(later(61))).toBe(1);
    expect(await two.forgetIdentities(later(61))).toBe(0);
    expect([await one.findIdentity(over.id), await one.findIdentity(kept.id)]).toEqual([undefined, sealed]);
  });

  it('what was set up for a HIS holds while its operator is let in', async () => {
    const operator = { id: hex(16), name: 'HIS', role: 'verifier', organisation: 'H-HIS', scope: {} } as const;
    await one.addOrganisation({ id: 'H-HIS', name: 'x', parent: '370200' }, BY, NOW);
    await one.addOperator(operator, BY, NOW);
    const grant = { organisation: 'H-HIS', network: '10.20.0.0/16', operator: operator.id };
    await one.addHisGrant(grant, BY, NOW);
    await two.addHisGrant(grant, BY, NOW);
    expect(await two.hisGrants()).toEqual([grant]);
    expect(await two.findHisGrants('H-HIS', NOW)).toEqual([{ network: '10.20.0.0/16', operator }]);
    expect(await two.findHisGrants('370200', NOW)).toEqual([]);
    await one.disableOrganisation('H-HIS', NOW, BY, NOW);
    expect(await two.findHisGrants('H-HIS', NOW)).toEqual([]);
    await one.disableOrganisation('H-HIS', undefined, BY, NOW);
    expect(await one.removeHisGrants('H-HIS', BY, NOW)).toBe(1);
    expect([await two.findHisGrants('H-HIS', NOW), await two.hisGrants()]).toEqual([[], []]);
  });

  it('the limit on delegates holds for those who ask at once', async () => {
    const delegation = { subject: hex(32), limit: 5 };
    const outcomes = await onAllNodes(20, async (store) => {
      const place = await store.proposeIndex();
      const dates = { issuedAt: NOW, expiresAt: later(3600) };
      return store.recordIssue({ id: hex(8), ...place, type: 'medical-insurance', ...dates, by: BY, delegation });
    });
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'too_many_delegates')).toHaveLength(15);
  });

  it('rows of a job are recorded once, each with an index of its own, all or none', async () => {
    const places = await one.proposeIndexes(200);
    expect(new Set(places.map(({ list, index }) => `${list}/${index}`)).size).toBe(200);
    const issues = places.map((place, n) => ({
      ...place,
      id: hex(8),
      type: 'medical-insurance',
      issuedAt: NOW,
      expiresAt: later(3600),
      by: BY,
      row: n + 1,
      kid: '0123456789abcdef',
      identity: new Uint8Array(randomBytes(156)),
    }));
    const job = hex(32);
    const first = await one.recordIssues(job, issues.slice(0, 150));
    expect(new Set(first)).toEqual(new Set(['recorded']));
    // One row that was recorded before, among others: nothing of them.
    const again = { ...issues[0], ...(await one.proposeIndex()), id: hex(8) } as (typeof issues)[number];
    await expect(two.recordIssues(job, [...issues.slice(150), again])).rejects.toThrow();
    const taken = { ...issues[0], id: hex(8), row: 199 } as (typeof issues)[number];
    expect(await two.recordIssues(job, [taken])).toEqual(['index_taken']);
    const rows = await two.readJobRows(job, 1, 1000);
    expect(rows).toEqual(issues.slice(0, 150).map(({ by: _, type: __, identity: ___, ...row }) => row));
    expect(await two.findIdentity(issues[149]?.id ?? '')).toEqual(issues[149]?.identity);
    expect(await two.readJobRows(job, 10, 11)).toHaveLength(2);
    expect(await two.readJobRows(hex(32), 1, 1000)).toEqual([]);
  });

  it('a status changes once, a revocation is final, and each change moves the list on', async () => {
    const { id, list } = await issue(one);
    const before = (await one.findStatusList(list))?.version ?? 0;
    const change = (status: 'revoked' | 'suspended' | 'valid') => ({ id, status, by: BY, at: NOW });
    const outcomes = await onAllNodes(20, (store) => store.changeStatus(change('suspended')));
    expect(outcomes.filter(({ outcome }) => outcome === 'changed')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(19);
    expect((await two.changeStatus(change('revoked'))).outcome).toBe('changed');
    expect((await one.changeStatus(change('valid'))).outcome).toBe('final');
    expect((await one.changeStatus({ ...change('revoked'), id: hex(8) })).outcome).toBe('not_found');
    const read = await two.readStatusList(list);
    expect(read?.version).toBe(before + 2);
    expect(read?.entries.map(([, status]) => status)).toContain('revoked');
  });

  it('a replacement and the revocation of what it replaces happen together, once, or not at all', async () => {
    const subject = { subject: hex(32), limit: 1 };
    const old = await issue(one, { delegation: subject });
    const before = (await one.findStatusList(old.list))?.version ?? 0;
    const replace = async (store: Store, given: Partial<IssueRecord> = {}) => {
      const record = { ...old, id: hex(8), ...(await store.proposeIndex()), replaces: old.id, ...given };
      return { id: record.id, outcome: await store.recordIssue(record) };
    };
    // Refused for another reason, it leaves the old one as it was.
    const { list, index } = old;
    const refused = [
      await replace(one, { list, index }),
      await replace(one, { delegation: { ...subject, limit: 0 } }),
      await replace(two, { replaces: hex(8) }),
    ];
    expect(refused.map(({ outcome }) => outcome)).toEqual(['index_taken', 'too_many_delegates', 'replaced_not_found']);
    expect(await two.findCredential(old.id)).toMatchObject({ status: 'valid' });

    // The limit of 1 is not in the way: the old one makes room.
    const replaced = await onAllNodes(20, (store) => replace(store));
    const [first, ...others] = replaced.filter(({ outcome }) => outcome === 'recorded');
    expect(others).toEqual([]);
    expect(replaced.filter(({ outcome }) => outcome === 'replaced_final')).toHaveLength(19);
    expect(await two.findCredential(old.id)).toMatchObject({ status: 'revoked' });
    expect((await two.findStatusList(old.list))?.version).toBe(before + 1);
    for (const { id, outcome } of [...refused, ...replaced]) {
      expect((await one.findCredential(id))?.status).toBe(outcome === 'recorded' ? 'valid' : undefined);
    }
    const audited = (await readTrail(one)).filter(
      ({ credential }) => credential === old.id || replaced.some(({ id }) => id === credential),
    );
    expect(audited.map(({ action, credential, reason }) => [action, credential, reason])).toEqual(
      expect.arrayContaining([
        ['issue', old.id, undefined],
        ['issue', first?.id, undefined],
        ['revoked', old.id, `replaced by ${first?.id}`],
      ]),
    );
    expect(audited).toHaveLength(3);
  });

  it('a publication replaces the one that it follows, and no other', async () => {
    const { list: id } = await issue(one);
    const publish = (seconds: number) => ({
      version: 1,
      fingerprint: 'x',
      bytes: new Uint8Array(randomBytes(50)),
      issuedAt: later(seconds),
    });
    const first = await onAllNodes(10, (store) => store.recordPublication(id, publish(0), undefined));
    expect(first.filter(Boolean)).toHaveLength(1);
    const second = await onAllNodes(10, (store) => store.recordPublication(id, publish(1), later(0)));
    expect(second.filter(Boolean)).toHaveLength(1);
    expect((await two.readStatusList(id))?.published?.issuedAt).toEqual(later(1));
    const trust = (sequence: number) => ({ ...publish(0), sequence, expiresAt: later(60) });
    expect(await Promise.all(nodes.map((store) => store.addTrustList(trust(1))))).toHaveLength(2);
    expect((await one.latestTrustList())?.sequence).toBe(1);
  });

  it('of organisations that are added at once with one code one is, and is in the audit', async () => {
    await one.addOrganisation({ id: 'region', name: '区', parent: '370200' }, BY, NOW);
    const parents = ['370200', 'region'] as const;
    const added = await onAllNodes(6, (store, n) =>
      store.addOrganisation({ id: 'contested', name: 'x', parent: parents[n % 2] ?? '' }, BY, NOW),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
    expect((await two.findOrganisation('contested'))?.parent).toBe(parents[added.indexOf(true) % 2]);
    const rows = (await readTrail(one)).filter(({ subject }) => subject === 'contested');
    expect(rows).toMatchObject([{ action: 'add_organisation' }]);
  });

  it('an operator is let in until they, their key or an organisation above is not', async () => {
    const at = NOW;
    await one.addOrganisation({ id: 'hall', name: '大厅', parent: '370200' }, BY, at);
    await one.addOrganisation({ id: 'station', name: '驿站', parent: 'hall' }, BY, at);
    const operator = {
      id: 'op',
      name: '窗口',
      role: 'verifier',
      organisation: 'station',
      scope: { businessTypes: ['01101'] },
    } as const;
    await one.addOperator({ ...operator, expiresAt: later(100) }, BY, at);
    await one.addApiKey({ hash: 'a', operator: 'op', createdAt: at }, BY);
    await one.addApiKey({ hash: 'b', operator: 'op', createdAt: at, expiresAt: later(10) }, BY);
    const isIn = async (hash: string, seconds = 0) => (await two.authenticate(hash, later(seconds))) !== undefined;
    expect(await two.authenticate('a', at)).toEqual({ ...operator, expiresAt: later(100) });
    expect([
      await isIn('c'),
      await isIn('b', 9),
      await isIn('b', 10),
      await isIn('a', 99),
      await isIn('a', 100),
    ]).toEqual([false, true, false, true, false]);
    await one.disableOrganisation('370200', at, BY, at);
    expect(await isIn('a')).toBe(false);
    await one.disableOrganisation('370200', undefined, BY, at);
    await one.disableOperator('op', at, BY, at);
    expect(await isIn('a')).toBe(false);
    await one.disableOperator('op', undefined, BY, at);
    expect(await isIn('a')).toBe(true);
    expect(await one.withdrawApiKeys('op', BY, at)).toBe(2);
    expect(await isIn('a')).toBe(false);
    expect([await two.isWithin('station', '370200'), await two.isWithin('hall', 'hall')]).toEqual([true, true]);
    expect([await two.isWithin('370200', 'hall'), await two.isWithin('none', '370200')]).toEqual([false, false]);
    expect((await two.organisationsWithin('hall')).map(({ id }) => id)).toEqual(['hall', 'station']);
    expect(await two.operatorsWithin('hall')).toMatchObject([{ id: 'op', apiKeys: 0 }]);
  });

  it('a subject is linked to one operator, and lets in by the same conditions', async () => {
    const operator = { id: 'linked', name: '窗口', role: 'verifier', organisation: '370200', scope: {} } as const;
    await one.addOperator(operator, BY, NOW, 's1');
    expect(await two.authenticateSubject('s1', NOW)).toEqual(operator);
    const taken = { code: 'subject_taken' };
    await expect(two.addOperator({ ...operator, id: 'late' }, BY, NOW, 's1')).rejects.toMatchObject(taken);
    expect(await one.findOperator('late')).toBeUndefined();
    await two.addOperator({ ...operator, id: 'other', expiresAt: later(10) }, BY, NOW, 's2');
    await expect(one.linkSubject('s1', 'other', BY, NOW)).rejects.toMatchObject(taken);
    expect((await two.authenticateSubject('s2', later(9)))?.id).toBe('other');
    expect(await two.authenticateSubject('s2', later(10))).toBeUndefined();
    await one.linkSubject('s3', 'linked', BY, NOW);
    expect([await two.authenticateSubject('s1', NOW), (await two.authenticateSubject('s3', NOW))?.id]).toEqual([
      undefined,
      'linked',
    ]);
    await one.disableOperator('linked', NOW, BY, NOW);
    expect(await two.authenticateSubject('s3', NOW)).toBeUndefined();
    await one.disableOperator('linked', undefined, BY, NOW);
    const races = ['linked', 'other', 'local'].map((id, n) => nodes[n % nodes.length]?.linkSubject('s4', id, BY, NOW));
    const outcomes = await Promise.allSettled(races);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'subject_taken'),
    ).toHaveLength(2);
    const { id } = (await two.authenticateSubject('s4', NOW)) as { id: string };
    expect(await two.operatorsWithin('370200')).toContainEqual(expect.objectContaining({ id, linked: true }));
    expect([await one.unlinkSubject(id, BY, NOW), await two.unlinkSubject(id, BY, NOW)]).toEqual([true, false]);
    expect(await two.authenticateSubject('s4', NOW)).toBeUndefined();
  });

  it('the audit is found by each of its columns, page by page, newest first', async () => {
    const by = { operator: 'searched', organisation: 'station' };
    const credential = hex(8);
    for (let n = 0; n < 7; n++) {
      await one.recordRefusal({ at: later(1000 + n), by, businessType: '01301', outcome: 'expired', credential });
    }
    await two.recordRefusal({ at: later(1100), by, businessType: '', outcome: 'revoked' });
    const accepted = accept({ by, at: later(1200) });
    await one.recordAcceptance(accepted);
    const find = async (search: object) => (await two.searchAudit({ limit: 100, ...search })).entries;
    expect(await find({ operator: 'searched' })).toHaveLength(9);
    expect(await find({ organisation: 'station' })).toHaveLength(9);
    expect(await find({ within: 'hall', operator: 'searched' })).toHaveLength(9);
    expect(await find({ within: 'station', action: 'issue' })).toHaveLength(0);
    expect(await find({ credential })).toHaveLength(7);
    expect(await find({ businessType: '01301' })).toHaveLength(7);
    expect(await find({ operator: 'searched', outcome: 'revoked' })).toHaveLength(1);
    expect(await find({ receipt: accepted.receipt.id })).toMatchObject([{ outcome: 'accepted', at: later(1200) }]);
    expect(await find({ from: later(1001), to: later(1003), operator: 'searched' })).toHaveLength(2);
    const pages = [];
    let after: object | undefined;
    do {
      const page = await two.searchAudit({ operator: 'searched', limit: 4, ...(after && { after }) } as never);
      pages.push(page.entries.map(({ at }) => at.getTime()));
      after = page.next;
    } while (after);
    expect(pages.map((page) => page.length)).toEqual([4, 4, 1]);
    expect(pages.flat()).toEqual(pages.flat().toSorted((a, b) => b - a));
  });

  it('what was done is counted by action and outcome, in one part of the tree, from so many rows at most', async () => {
    const by = { operator: 'counted', organisation: 'station' };
    for (const outcome of ['expired', 'revoked', 'expired']) {
      await one.recordRefusal({ at: later(2000), by, businessType: '', outcome });
    }
    await one.recordRefusal({ at: later(2000), by: BY, businessType: '', outcome: 'expired' });
    await issue(one, { by: { ...by, operator: 'local' }, issuedAt: later(2001) });
    const count = (search: object) => two.countAudit({ from: later(2000), to: later(2002), limit: 100, ...search });
    expect(await count({ within: 'hall' })).toEqual({
      counts: [
        { action: 'issue', count: 1 },
        { action: 'verify', outcome: 'expired', count: 2 },
        { action: 'verify', outcome: 'revoked', count: 1 },
      ],
      isComplete: true,
    });
    expect((await count({ within: '370200' })).counts).toContainEqual({
      action: 'verify',
      outcome: 'expired',
      count: 3,
    });
    expect(await count({ within: 'hall', to: later(2000) })).toEqual({ counts: [], isComplete: true });
    expect(await count({ within: 'hall', limit: 4 })).toMatchObject({ isComplete: true });
    expect(await count({ within: 'hall', limit: 3 })).toMatchObject({ isComplete: false });
  });

  it('a message is written with what it tells of, is taken by one node at a time, and comes back when that one dies', async () => {
    const webhook = { id: hex(8), organisation: '370200', url: 'https://x.example', createdAt: NOW };
    const given = { ...webhook, events: ['verification.accepted'] as const, sealedSecret: new Uint8Array([1]) };
    expect(await one.addWebhook(given, 1, BY)).toBe(true);
    expect(await two.addWebhook({ ...given, id: hex(8) }, 1, BY)).toBe(false);
    // Of the organisation itself, of one below it, and of one that is not in the tree.
    const codes = [BY, { ...BY, organisation: 'hall' }, { ...BY, organisation: 'nowhere' }].flatMap((by) =>
      Array.from({ length: 20 }, () => accept({ by, businessType: '01301' })),
    );
    await onAllNodes(60, (store, n) => store.recordAcceptance(codes[n] as Acceptance));
    await one.recordRefusal({ at: NOW, by: BY, businessType: '', outcome: 'expired' });
    // What failed was not told of either.
    await expect(one.recordAcceptance(accept({ receipt: codes[0]?.receipt as never }))).rejects.toThrow();
    expect(await two.webhooksDue(NOW)).toEqual([given]);
    const take = (store: Store, seconds: number) =>
      store.claimDeliveries(webhook.id, later(seconds), later(seconds + 8), 8);
    const taken = (await onAllNodes(10, (store) => take(store, 0))).flat();
    expect(taken).toHaveLength(40);
    const told = taken.map(({ payload }) => JSON.parse(payload).data.receipt);
    expect(told.toSorted()).toEqual(
      codes
        .slice(0, 40)
        .map(({ receipt }) => receipt.id)
        .toSorted(),
    );
    expect(await take(two, 7)).toEqual([]);
    const [first, second, third] = taken as [ClaimedDelivery, ClaimedDelivery, ClaimedDelivery];
    await one.recordDelivery(webhook.id, first, { outcome: 'answered_204', at: NOW, next: 'delivered' }, BY);
    await one.recordDelivery(webhook.id, second, { outcome: 'timeout', at: NOW, next: later(100) }, BY);
    const again = (await onAllNodes(10, (store) => take(store, 8))).flat();
    expect(again).toHaveLength(38);
    // Whoever lost it to another says nothing about it any more.
    await two.recordDelivery(webhook.id, third, { outcome: 'answered_204', at: NOW, next: 'delivered' }, BY);
    expect(await one.deliveriesOf(webhook.id, { state: 'delivered', limit: 100 })).toHaveLength(1);
    const gone = again[0] as ClaimedDelivery;
    await two.recordDelivery(webhook.id, gone, { outcome: 'answered_410', at: later(9), next: 'gone' }, BY);
    expect(await one.findWebhook(webhook.id)).toMatchObject({ disabledAt: later(9) });
    expect(await one.deliveriesOf(webhook.id, { state: 'given_up', limit: 100 })).toHaveLength(39);
    expect(await one.webhooksDue(later(1000))).toEqual([]);
    await one.recordAcceptance(accept());
    expect(await one.deliveriesOf(webhook.id, { state: 'pending', limit: 1 })).toEqual([]);
    expect([await two.forgetDeliveries(later(9), 1), await two.forgetDeliveries(later(10), 5)]).toEqual([1, 5]);
    await one.removeWebhook(webhook.id, BY, NOW);
    expect(await two.forgetDeliveries(later(10), 5)).toBe(0);
    expect(await two.webhooksWithin('370200')).toEqual([]);
    expect(await two.deliveriesOf(webhook.id, { limit: 100 })).toEqual([]);
  });

  it('every change that was made is in the audit, with who made it', async () => {
    const actions = new Set((await readTrail(one)).map(({ action }) => action));
    for (const action of [
      'issue',
      'verify',
      'suspended',
      'revoked',
      'add_organisation',
      'add_operator',
      'add_api_key',
      'link_subject',
      'unlink_subject',
      'add_webhook',
      'disable_webhook',
      'remove_webhook',
    ]) {
      expect(actions).toContain(action);
    }
  });

  // Last: nothing after it knows codes of before.
  it('after the database was brought back, no code made before passes, no index is given twice, and lists jump ahead', async () => {
    const issued = await issue(one);
    const sequence = ((await two.latestTrustList())?.sequence ?? 0) + 1;
    const trustList = { sequence, fingerprint: hex(8), bytes: new Uint8Array(9), issuedAt: NOW, expiresAt: later(60) };
    expect(await one.addTrustList(trustList)).toBe(true);
    const restoredAt = later(500_000);
    const at = (seconds: number) => new Date(restoredAt.getTime() + seconds * 1000);
    const code = (presentedAt: Date) => accept({ presentedAt, at: at(61), until: at(600) });
    const shown = code(restoredAt);
    expect((await one.recordAcceptance(shown)).outcome).toBe('first');
    await two.markRestored({ at: restoredAt, backupTakenAt: NOW, by: BY });
    expect((await one.recordAcceptance(shown)).outcome).toBe('repeated');
    expect(await one.recordAcceptance(code(at(60)))).toEqual({ outcome: 'before_restore', restoredAt });
    expect((await two.recordAcceptance(code(at(61)))).outcome).toBe('first');
    expect((await one.recordAcceptance(accept({ bearer: true, at: at(61), until: at(600) }))).outcome).toBe('first');
    expect((await two.proposeIndex()).list).toBeGreaterThanOrEqual(issued.list + 1000);
    expect((await one.findStatusList(issued.list))?.published).toBeUndefined();
    expect((await one.latestTrustList())?.sequence).toBe(sequence + 1000);
  });
});
