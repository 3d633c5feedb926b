import { beforeAll, describe, expect, it } from 'vitest';
import { exportAudit } from '../src/actions/export-audit.ts';
import type { AuditSearch } from '../src/stores/audit.ts';
import type { Store } from '../src/stores/store.ts';
import { DATABASES } from './databases.ts';

const ROWS = 50_000;
/** One page walks through no more. */
const WALKED = 5000;

/** Of stations below a hall, one of which is busy, and one beside it: verifications, but for what is rare. Two in each millisecond. */
const FILL = `
  insert into organisations (id, name, parent) values ('root', 'x', null), ('hall', 'x', 'root'), ('quiet', 'x', 'root'), ('district', 'x', 'hall');
  insert into organisations (id, name, parent)
    with recursive n (n) as (select 1 union all select n + 1 from n where n < 40) 
    select 'S' || n, 'x', case when n in (1, 2, 4) then 'district' else 'hall' end from n;
  insert into audit (chain, seq, at, operator, organisation, action, business_type, outcome, hash)
    with recursive n (n) as (select 1 union all select n + 1 from n where n < ${ROWS})
    select 1, n, n / 2, case when n % 3 = 0 then 'often' else 'seldom' end,
      case when n % 9001 = 0 then 'quiet' when n % 2 = 0 then 'S1' else 'S' || (n % 40 + 1) end,
      case when n % 12000 = 0 then 'read_identity' else 'verify' end,
      case when n % 20011 = 0 then '01201' else '01301' end,
      case when n % 12000 = 0 then null when n % 15013 = 0 then 'expired' else 'accepted' end,
      (select hash from audit_chains where chain = 1)
    from n`;

const numbers = (isFound: (n: number) => boolean): number[] =>
  Array.from({ length: ROWS }, (_, n) => n + 1)
    .filter(isFound)
    .toReversed();

describe.each(Object.keys(DATABASES))('%s', (name) => {
  let store: Store;

  beforeAll(async () => {
    const database = await (DATABASES[name] as () => ReturnType<(typeof DATABASES)[string]>)();
    store = await database.open();
    await database.run(FILL);
  });

  /** All that a search finds, and in how many pages. */
  async function findAll(search: Omit<AuditSearch, 'limit'>, limit = 100) {
    const found: number[] = [];
    let pages = 0;
    let after: AuditSearch['after'];
    do {
      const page = await store.searchAudit({ ...search, limit, ...(after && { after }) });
      expect(page.entries.length).toBeLessThanOrEqual(limit);
      found.push(...page.entries.map(({ seq }) => seq));
      pages += 1;
      after = page.next;
    } while (after);
    return { found, pages };
  }

  it.each<[string, Omit<AuditSearch, 'limit'>, (n: number) => boolean, number]>([
    ['a business type', { businessType: '01201' }, (n) => n % 20011 === 0, ROWS / WALKED],
    ['a business type within', { businessType: '01201', within: 'root' }, (n) => n % 20011 === 0, ROWS / WALKED],
    ['a part of many', { within: 'hall', outcome: 'expired' }, (n) => n % 15013 === 0, 1],
    [
      'an operator’s outcome',
      { operator: 'often', outcome: 'expired' },
      (n) => n % 45039 === 0,
      Math.ceil(ROWS / 3 / WALKED),
    ],
    ['what is rare', { action: 'read_identity' }, (n) => n % 12000 === 0, 1],
    ['what is rare, within', { action: 'read_identity', within: 'hall' }, (n) => n % 12000 === 0, 1],
    ['a quiet part', { within: 'quiet', action: 'verify' }, (n) => n % 9001 === 0, 1],
  ])('the pages of %s are all that there is, each of a bounded walk', async (_, search, isFound, pages) => {
    const all = await findAll(search);
    expect(all.found).toEqual(numbers(isFound));
    // One more where the last walk ends with the last row.
    expect([pages, pages + 1]).toContain(all.pages);
    expect((await findAll(search, 1)).found).toEqual(all.found);
  });

  it('parts that are asked one by one are merged in order, with no row left out or twice', async () => {
    const isThere = (n: number) => n % 9001 !== 0 && (n % 2 === 0 || n % 40 === 1 || n % 40 === 3);
    const district = await findAll({ within: 'district', businessType: '01301' }, 1000);
    expect(district.found).toEqual(numbers((n) => isThere(n) && n % 20011 !== 0));
  });

  it('an export goes on to the end', async () => {
    let text = '';
    for await (const part of exportAudit({ businessType: '01201' }, 'jsonl', { store })) text += part;
    const rows = text.trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row).seq)).toEqual(numbers((n) => n % 20011 === 0));
  });
});
