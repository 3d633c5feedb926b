import { addOperator } from '../actions/organisations.ts';
import { actLocally, setUp } from '../actions/set-up.ts';
import { UsageError } from '../errors.ts';
import { readSetting } from '../settings/read-settings.ts';
import { type Command, type CommandInput, EXIT_CODES, textFlag } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';
import { DATA_SETTINGS, withDataFolder } from './with-data-folder.ts';

const REGION_PREFIX = /^[1-9]\d{1,5}$/;
const ISSUER_ID = /^[A-Za-z0-9.-]{1,64}$/;

export const initCommand: Command = {
  help: `  zhengma init --issuer 370200 --issuer-name 青岛市医疗保障局 --regions 3702

  --issuer <id>         letters, digits, dots and hyphens; stands in every credential
  --issuer-name <name>  for people
  --regions <prefixes>  which regions it signs for: GB/T 2260 prefixes, comma between
${describeSettings('public-url', ...DATA_SETTINGS)}

  Prints the administrator's API key, once: only a hash of it is kept.`,
  options: {
    ...takeSettings('public-url', ...DATA_SETTINGS),
    issuer: { type: 'string' },
    'issuer-name': { type: 'string' },
    regions: { type: 'string' },
  },
  takes: 0,
  async run(input, terminal) {
    const issuer = readIssuer(input);
    return withDataFolder(input, { create: true }, async (deps) => {
      await setUp(issuer, deps);
      const { operator, apiKey } = await addOperator(
        { name: 'administrator', role: 'administrator', organisation: issuer.id },
        await actLocally(deps),
        deps,
      );
      terminal.answer({ issuer: issuer.id, regions: issuer.regions, operator, apiKey }, [
        `Set up 已初始化: issuer ${issuer.name} (${issuer.id}), regions ${issuer.regions.join(', ')}`,
        `API key, shown once 仅显示一次: ${apiKey}`,
      ]);
      return EXIT_CODES.ok;
    });
  },
};

function readIssuer(input: CommandInput) {
  const id = textFlag(input, 'issuer') ?? '';
  const name = textFlag(input, 'issuer-name') ?? '';
  const regions = (textFlag(input, 'regions') ?? '').split(',');
  if (!ISSUER_ID.test(id))
    throw new UsageError('--issuer must name the issuer in letters, digits, dots and hyphens, as 370200.');
  if (name.length < 1 || name.length > 100)
    throw new UsageError('--issuer-name must be a name of 1 to 100 characters.');
  if (!regions.every((region) => REGION_PREFIX.test(region))) {
    throw new UsageError('--regions must be GB/T 2260 prefixes of 2 to 6 digits with commas between, as 3702,3703.');
  }
  const publicUrl = readSetting('public-url', readSources(input)).value;
  return { id, name, regions, statusBaseUri: `${publicUrl ?? 'http://127.0.0.1:8080'}/v1/status-lists` };
}
