import { signCheckpoint } from '../actions/audit-checkpoint.ts';
import { EXPORT_FORMATS, type ExportFormat, exportAudit } from '../actions/export-audit.ts';
import { purgeAudit } from '../actions/purge-audit.ts';
import { actLocally } from '../actions/set-up.ts';
import { type AuditFault, type AuditFaultKind, verifyAudit } from '../actions/verify-audit.ts';
import { UsageError } from '../errors.ts';
import { auditQuery } from '../schemas/audit.ts';
import { parseAs } from '../schemas/parse.ts';
import { type Command, type CommandInput, EXIT_CODES, textFlag } from './command.ts';
import { readInputFile, type Terminal } from './terminal.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

/** Flags of a search, with the member of the query. */
const SEARCH_FLAGS = {
  from: 'from',
  to: 'to',
  operator: 'operator',
  organisation: 'organisation',
  action: 'action',
  credential: 'credential',
  business: 'businessType',
  outcome: 'outcome',
  receipt: 'receipt',
} as const;

const FAULTS: Readonly<Record<AuditFaultKind, string>> = {
  chain_missing: 'a chain is missing 缺少整条链',
  row_missing: 'a row is missing 缺少记录',
  row_changed: 'a row was changed 记录被改动',
  end_missing: 'the last rows are missing 末尾记录缺失',
  cut_unexplained: 'the first rows are missing, and no purge says why 开头记录缺失且无清理记录',
  checkpoint_contradicted: 'a checkpoint says otherwise 与检查点不符',
  checkpoint_not_signed: 'a checkpoint is not signed by this service 检查点签名无效',
};

export const auditCommand: Command = {
  help: `  zhengma audit verify                          computes every chain anew; exit code 1 when something is wrong
  zhengma audit verify --checkpoint kept.txt    and holds it against a checkpoint that was kept elsewhere
  zhengma audit checkpoint > kept.txt           signs where the audit ends now
  zhengma audit search --receipt 0123…          all that a search finds, newest first
  zhengma audit search --from 2026-11-01T00:00:00+08:00 --outcome replayed --format csv
  zhengma audit purge --before 2023-11-01T00:00:00+08:00   forgets what is older, receipts too

  --operator, --organisation, --action, --credential, --business, --outcome, --receipt, --from, --to
  --format <form>       csv or jsonl (which is what it is unless given)
  --checkpoint <file>   may be given several times
${DATA_HELP}`,
  options: {
    ...DATA_OPTION,
    ...Object.fromEntries(Object.keys(SEARCH_FLAGS).map((flag) => [flag, { type: 'string' } as const])),
    format: { type: 'string' },
    before: { type: 'string' },
    checkpoint: { type: 'string', multiple: true },
  },
  takes: 1,
  async run(input, terminal) {
    const run = VERBS[input.arguments[0] ?? ''];
    if (!run) throw new UsageError('Say verify, checkpoint, search or purge.');
    return run(input, terminal);
  },
};

const VERBS: Readonly<Record<string, Command['run']>> = { verify, checkpoint, search, purge };

async function verify(input: CommandInput, terminal: Terminal) {
  const files = input.flags['checkpoint'];
  const notes = await Promise.all((Array.isArray(files) ? files : []).map(readInputFile));
  return withDataFolder(input, { create: false }, async (deps) => {
    const verdict = await verifyAudit(
      deps,
      notes.map((note) => note.toString('utf8')),
    );
    terminal.answer(verdict, [
      verdict.ok
        ? `✓ AUDIT INTACT 审计完整: ${verdict.rows} rows 条, ${verdict.chains} chains 链, ${verdict.checkpoints} checkpoints 检查点`
        : `✗ AUDIT NOT INTACT 审计不完整: ${describeFault(verdict.fault)}`,
    ]);
    return verdict.ok ? EXIT_CODES.ok : EXIT_CODES.notValid;
  });
}

async function checkpoint(input: CommandInput, terminal: Terminal) {
  return withDataFolder(input, { create: false }, async (deps) => {
    const signed = await signCheckpoint(await actLocally(deps), deps);
    terminal.answer(signed, [signed.note.trimEnd()]);
    return EXIT_CODES.ok;
  });
}

async function search(input: CommandInput) {
  const given = Object.entries(SEARCH_FLAGS).map(([flag, member]) => [member, textFlag(input, flag)] as const);
  const query = parseAs(auditQuery, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
  const format = textFlag(input, 'format') ?? 'jsonl';
  if (!isExportFormat(format)) throw new UsageError('--format must be csv or jsonl.');
  return withDataFolder(input, { create: false }, async (deps) => {
    for await (const lines of exportAudit(query, format, deps)) process.stdout.write(lines);
    return EXIT_CODES.ok;
  });
}

async function purge(input: CommandInput, terminal: Terminal) {
  const { from: before } = parseAs(auditQuery, { from: textFlag(input, 'before') ?? '' });
  return withDataFolder(input, { create: false }, async (deps) => {
    const outcome = await purgeAudit(before as Date, await actLocally(deps), deps);
    terminal.answer(outcome, [`Purged 已清理: ${outcome.rows} rows 条审计, ${outcome.receipts} receipts 份回执`]);
    return EXIT_CODES.ok;
  });
}

function isExportFormat(text: string): text is ExportFormat {
  return (EXPORT_FORMATS as readonly string[]).includes(text);
}

function describeFault({ kind, chain, seq, checkpointAt }: AuditFault): string {
  const place = chain === undefined ? '' : ` (chain 链 ${chain}${seq === undefined ? '' : `, row 第 ${seq} 条`})`;
  return `${FAULTS[kind]}${place}${checkpointAt ? `, checkpoint 检查点 ${checkpointAt.toISOString()}` : ''}`;
}
