import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { ActionDeps } from '../actions/deps.ts';
import { issueRows, type RefusedRow, type RowRequest } from '../actions/issue-many.ts';
import { actLocally } from '../actions/set-up.ts';
import { IssuedFile } from '../bulk-files/issued-file.ts';
import { inspectBulkFile, readBulkFile } from '../bulk-files/read-bulk-file.ts';
import { EnvironmentError, type FieldFault, ServiceError, UsageError } from '../errors.ts';
import { issueRequest } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { describeSettings, takeSettings } from './setting-flags.ts';
import { DATA_SETTINGS, withDataFolder } from './with-data-folder.ts';

/** A transaction each: larger ones gain nothing, and a running service waits for them. */
const ROWS_PER_STEP = 512;
const PROGRESS_MILLISECONDS = 1000;

export const issueBulkCommand: Command = {
  help: `  zhengma issue-bulk people.csv --out issued.ndjson --refused refused.csv

  people.csv            CSV in UTF-8 with a header of claims: name,idNumber,region,scheme,…; or people.ndjson, each line
                        in the shape of POST /v1/credentials
  --out <file>          what was issued: a JSON object a line, with the row that it is of. Holds codes: only this user
                        can read it
  --refused <file>      rows that were not issued, as CSV: row, pointer to the field, reason; never a value
${describeSettings('max-delegates', 'identities', ...DATA_SETTINGS)}

  Stopped or killed, it is run again in the same words: nobody is issued to twice, and no line is missing. What was refused
  is mended in a file of its own, for a file that was changed is another job.`,
  options: {
    ...takeSettings('max-delegates', 'identities', ...DATA_SETTINGS),
    out: { type: 'string' },
    refused: { type: 'string' },
  },
  takes: 1,
  async run(input, terminal) {
    const [file] = input.arguments;
    const [out, refused] = [textFlag(input, 'out'), textFlag(input, 'refused')];
    if (file === undefined || out === undefined)
      throw new UsageError('Say what to issue and where to: zhengma issue-bulk people.csv --out issued.ndjson.');
    const files = [file, out, ...(refused === undefined ? [] : [refused])].map((each) => path.resolve(each));
    if (new Set(files).size < files.length)
      throw new UsageError('What is read, --out and --refused must be different files.');
    return withDataFolder(input, { create: false }, async (deps) => {
      const done = await issueFile({ file, out, refused }, deps);
      terminal.answer(done, [
        `Issued 已签发: ${done.issued} of 共 ${done.rows} rows 行, refused 未签发 ${done.refused}, issued before 先前已签发 ${done.before}`,
        `${done.rowsPerSecond} rows a second 行/秒`,
      ]);
      return done.refused === 0 ? EXIT_CODES.ok : EXIT_CODES.notValid;
    });
  },
};

async function issueFile(
  { file, out, refused: refusedFile }: { file: string; out: string; refused: string | undefined },
  deps: ActionDeps,
) {
  const by = await actLocally(deps);
  const { digest, rows, lastRow } = await inspectBulkFile(file);
  const kind = /\.(?:ndjson|jsonl)$/i.test(file) ? 'ndjson' : 'csv';
  const job = createHash('sha256')
    .update(JSON.stringify([digest, kind, by.organisation]))
    .digest('hex');
  const issuedFile = await IssuedFile.open(out, lastRow);
  const report = refusedFile === undefined ? undefined : await openReport(refusedFile);
  const counts = { seen: 0, issued: 0, refused: 0 };
  const started = performance.now();
  let told = started;
  try {
    await report?.appendFile('row,pointer,reason\r\n');
    let step: RowRequest[] = [];
    let refusals: RefusedRow[] = [];
    const flush = async () => {
      const done = await issueRows(job, step, (row) => issuedFile.has(row), by, deps);
      await issuedFile.append(done.issued);
      counts.issued += done.issued.length - done.again;
      refusals = [...refusals, ...done.refused].sort((one, other) => one.row - other.row);
      counts.refused += refusals.length;
      await report?.appendFile(refusals.map(describeRefused).join(''));
      [step, refusals] = [[], []];
      if (performance.now() - told < PROGRESS_MILLISECONDS) return;
      told = performance.now();
      const rate = Math.round(counts.seen / ((told - started) / 1000));
      process.stderr.write(`${counts.seen} of ${rows} rows 行, refused 未签发 ${counts.refused}, ${rate}/s\n`);
    };
    for await (const each of readBulkFile(file)) {
      counts.seen += 1;
      const checked = 'fault' in each ? [each.fault] : checkShape(each.request);
      if ('claims' in checked) step.push({ row: each.row, request: checked });
      else refusals.push({ row: each.row, faults: checked });
      if (step.length + refusals.length >= ROWS_PER_STEP) await flush();
    }
    await flush();
    await issuedFile.finish();
    await report?.sync();
  } finally {
    await issuedFile.close();
    await report?.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const { issued, refused } = counts;
  return { job, rows, issued, refused, before: rows - issued - refused, rowsPerSecond: Math.round(rows / seconds) };
}

function checkShape(request: unknown): RowRequest['request'] | readonly FieldFault[] {
  try {
    return parseAs(issueRequest, request);
  } catch (error) {
    if (error instanceof ServiceError) return error.faults;
    throw error;
  }
}

function describeRefused({ row, faults }: RefusedRow): string {
  return faults.map(({ pointer, reason }) => `${row},${quote(pointer)},${quote(reason)}\r\n`).join('');
}

async function openReport(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvironmentError(`The file ${file} cannot be written (${code}): choose another with --refused.`);
  }
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
