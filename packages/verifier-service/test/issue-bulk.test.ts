import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { initialise, makeFolder, run, Zhengma } from './cli.ts';
import { DATABASES } from './databases.ts';
import { OTHER_PERSON, PERSON } from './people.ts';

const HEAD = 'name,idNumber,region,scheme';
const ROW = `${PERSON.name},${PERSON.idNumber},370202,310`;

async function readLines(file: string) {
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as { row: number; id: string; text: string; status: object });
}

async function countIssued(data: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const database = env['DATABASE_URL'] === undefined ? undefined : [env['DATABASE_URL']];
  const { store, images } = await openDataFolder(data, { create: false, database });
  let count = 0;
  let after: object | undefined;
  do {
    const page = await store.searchAudit({ action: 'issue', limit: 1000, ...(after && { after }) } as never);
    count += page.entries.length;
    after = page.next;
  } while (after);
  await images.close();
  await store.close();
  return count;
}

it('a file with a byte order mark, quotes and empty cells is issued; refused rows are told by field, without a value', async () => {
  const { folder, data } = await initialise();
  const wrong = `${PERSON.idNumber.slice(0, -1)}9`;
  const rows = [
    `\ufeff${HEAD},businessTypes,paper`,
    `"${PERSON.name}",${PERSON.idNumber},370202,310,01101 01301,true`,
    `${PERSON.name},${wrong},370202,310,,`,
    `${OTHER_PERSON.name},,110101,,,yes`,
    `,,110101,,,`,
    `${ROW}`,
    ``,
    `"=cmd,""x""",,370203,,,`,
  ];
  const [file, out, refused] = ['people.csv', 'issued.ndjson', 'refused.csv'].map((name) => path.join(folder, name));
  await writeFile(file as string, rows.join('\r\n'));
  const words = ['issue-bulk', file, '--out', out, '--refused', refused, '--data', data] as string[];
  const ended = await run([...words, '--json']);
  expect(ended.code).toBe(1);
  expect(JSON.parse(ended.stdout)).toMatchObject({ rows: 6, issued: 2, refused: 4, before: 0 });
  expect(await readFile(refused as string, 'utf8')).toBe(
    [
      'row,pointer,reason',
      '3,/claims/idNumber,not an allowed value',
      '4,/claims/paper,not an allowed value',
      '5,/claims/region,must be a region this issuer signs for',
      '6,,another number of fields than the header',
      '',
    ].join('\r\n'),
  );
  const issued = await readLines(out as string);
  expect(issued.map(({ row }) => row)).toEqual([2, 8]);
  const verified = await run(['verify', '-', '--data', data, '--json'], { input: issued[0]?.text ?? '' });
  expect(JSON.parse(verified.stdout)).toMatchObject({
    ok: true,
    credential: { id: issued[0]?.id, claims: { name: '李**', businessTypes: ['01101', '01301'], paper: true } },
  });
  for (const text of [ended.stdout, ended.stderr, await readFile(refused as string, 'utf8')]) {
    for (const value of [PERSON.name, wrong, PERSON.idNumber, OTHER_PERSON.name]) expect(text).not.toContain(value);
  }

  // The same words again: nothing is issued, the lines stay.
  const again = await run([...words, '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ issued: 0, refused: 4, before: 2 });
  expect(await readLines(out as string)).toEqual(issued);
  expect(await countIssued(data)).toBe(2);
});

it('what cannot be a job is refused before anything is issued, and no file of somebody else is touched', async () => {
  const { folder, data } = await initialise();
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const people = await write('people.csv', `${HEAD}\n${ROW}\n`);
  const gbk = await write(
    'gbk.csv',
    Buffer.concat([Buffer.from(`${HEAD}\n`), Buffer.from([0xc0, 0xee]), Buffer.from(',,370202,')]),
  );
  const column = await write('column.csv', `姓名,region\n${PERSON.name},370202\n`);
  const quotes = await write('quotes.csv', `${HEAD}\n${ROW}\n"${PERSON.name},x\n`);
  const note = await write('note.txt', 'something that is dear to somebody');
  const lines = await write('lines.txt', '{"a":1}\n{"b":2}\n');
  const bulk = (file: string, out: string) => run(['issue-bulk', file, '--out', out, '--data', data]);
  const out = path.join(folder, 'out.ndjson');
  for (const [file, words] of [
    [gbk, 'is not UTF-8'],
    [column, 'Column 1 of the header'],
    [quotes, 'Row 3 is no CSV'],
    [path.join(folder, 'none.csv'), 'ENOENT'],
  ] as const) {
    const ended = await bulk(file, out);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
    expect(ended.stderr).not.toContain(PERSON.name);
  }
  for (const file of [note, lines, people]) {
    const before = await readFile(file, 'utf8');
    expect((await bulk(people, file)).code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(before);
  }
  expect(await countIssued(data)).toBe(0);
});

it.each(Object.keys(DATABASES))(
  'killed at any point, it goes on: nobody is issued to twice, no line is missing (%s)',
  async (name) => {
    const { url } = await (DATABASES[name] as () => ReturnType<(typeof DATABASES)[string]>)();
    const env = url === undefined ? {} : { DATABASE_URL: url };
    const { data } = await initialise([], env);
    const folder = await makeFolder();
    const [file, out, other] = ['people.csv', 'a.ndjson', 'b.ndjson'].map((each) => path.join(folder, each));
    const rows = 2000;
    await writeFile(file as string, `${HEAD}\n${`${ROW}\n`.repeat(rows)}`);
    const words = (to: string) => ['issue-bulk', file as string, '--out', to, '--data', data, '--json'];
    const size = async () => (await readFile(out as string).catch(() => Buffer.alloc(0))).length;
    let kills = 0;
    for (let done = false; !done; ) {
      const before = await size();
      const process = new Zhengma(words(out as string), { env });
      let isOver = false;
      const ended = process.ended.finally(() => {
        isOver = true;
      });
      // As soon as a step of this run is in the file: the next one is being signed, recorded or written.
      while (!isOver && kills < 3 && (await size()) <= before) await new Promise(setImmediate);
      if (!isOver && kills < 3) {
        kills += 1;
        process.child.kill('SIGKILL');
      }
      done = (await ended).signal === null;
      if (!done) await tear(out as string, kills);
    }
    expect(kills).toBe(3);
    const issued = await readLines(out as string);
    expect(issued.map(({ row }) => row)).toEqual(Array.from({ length: rows }, (_, n) => n + 2));
    expect(new Set(issued.map(({ id }) => id)).size).toBe(rows);
    expect(await countIssued(data, env)).toBe(rows);
    const places = issued.map(({ status }) => JSON.stringify(status));
    expect(new Set(places).size).toBe(rows);

    // Signed again from what was recorded, to another file: the same bytes.
    expect((await run(words(other as string), { env })).code).toBe(0);
    expect(await readFile(other as string)).toEqual(await readFile(out as string));
    expect(await countIssued(data, env)).toBe(rows);
  },
);

/** As a machine that lost its power leaves a file: the end is missing, in the midst of a line. */
async function tear(file: string, by: number): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, Math.max(10, bytes.length - 1000 * by)));
}
