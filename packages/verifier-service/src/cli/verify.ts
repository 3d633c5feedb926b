import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Expectation, verifyText } from '../actions/verify.ts';
import { type FetchedLists, verifyWithLists } from '../actions/verify-with-lists.ts';
import { UsageError } from '../errors.ts';
import { parseAs } from '../schemas/parse.ts';
import { imageVerificationQuery } from '../schemas/verification.ts';
import { type Command, type CommandInput, EXIT_CODES, textFlag } from './command.ts';
import { readCode } from './read-code.ts';
import { readInputFile } from './terminal.ts';
import { describeVerdict } from './verdict-lines.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

export const verifyCommand: Command = {
  help: `  zhengma verify 'ZM1:…'          a text
  zhengma verify -                a text from standard input
  zhengma verify slip.jpg         a picture: PNG, JPEG or WebP

  --trust <folder>      verify against fetched lists: roots.json from /v1/roots, trust-list.cose from /v1/trust-list,
                        status-lists/<number>.cwt from /v1/status-lists/<number>; or revocation-snapshot.cwt and
                        revocation-delta-<base>.cwt from /v1/revocation-snapshot and …/deltas/<base>
  --business <code>     what it is scanned for 用码业务类型, as 01301: a code that does not allow it is refused
  --audience <name>     who you are: what was presented to somebody else is refused, also without this
  --challenge <bytes>   what you gave to the holder's device, 8 to 64 bytes as base64url
${DATA_HELP}`,
  options: {
    ...DATA_OPTION,
    trust: { type: 'string' },
    business: { type: 'string' },
    audience: { type: 'string' },
    challenge: { type: 'string' },
  },
  takes: 1,
  async run(input, terminal) {
    const expectation = readExpectation(input);
    const text = await readCode(input.arguments[0], terminal);
    const trust = textFlag(input, 'trust');
    const result =
      trust === undefined
        ? await withDataFolder(
            input,
            { create: false },
            async (deps) => (await verifyText(text, expectation, deps)).result,
          )
        : await verifyWithLists(text, expectation, await readLists(trust), new Date());
    terminal.answer(result, describeVerdict(result));
    return result.ok ? EXIT_CODES.ok : EXIT_CODES.notValid;
  },
};

/** Through the schema of the HTTP interface, so that both refuse the same. */
function readExpectation(input: CommandInput): Expectation {
  const flags = { businessType: 'business', audience: 'audience', challenge: 'challenge' };
  const given = Object.entries(flags).map(([name, flag]) => [name, textFlag(input, flag)] as const);
  return parseAs(imageVerificationQuery, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
}

async function readLists(folder: string): Promise<FetchedLists> {
  const read = async (...names: string[]) => new Uint8Array(await readInputFile(path.join(folder, ...names)));
  const readIfThere = async (...names: string[]) =>
    existsSync(path.join(folder, ...names)) ? read(...names) : undefined;
  return {
    roots: readRoots((await readInputFile(path.join(folder, 'roots.json'))).toString('utf8')),
    trustList: await read('trust-list.cose'),
    snapshot: await readIfThere('revocation-snapshot.cwt'),
    readStatusList: (number) => readIfThere('status-lists', `${number}.cwt`),
    readDelta: (base) => readIfThere(`revocation-delta-${base}.cwt`),
  };
}

function readRoots(text: string): Uint8Array[] {
  try {
    const { roots } = JSON.parse(text) as { roots: string[] };
    return roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  } catch {
    throw new UsageError('roots.json must be the answer of /v1/roots.');
  }
}
