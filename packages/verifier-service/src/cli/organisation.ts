import { addOrganisation, setOrganisationDisabled } from '../actions/organisations.ts';
import { actLocally } from '../actions/set-up.ts';
import { UsageError } from '../errors.ts';
import { newOrganisation } from '../schemas/access.ts';
import { parseAs } from '../schemas/parse.ts';
import type { Organisation } from '../stores/access.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

export const organisationCommand: Command = {
  help: `  zhengma organisation list
  zhengma organisation add H37020000001 --name 市立医院               below the issuer
  zhengma organisation add H37020000001-2 --name 东院区 --parent H37020000001
  zhengma organisation disable H37020000001                          with all below it; enable lets it in again

  --name <name>         for people
  --parent <code>       the organisation that it belongs to; the issuer's unless given
${DATA_HELP}

  Operators of a disabled organisation are refused from their next request on, by a running service too.`,
  options: { ...DATA_OPTION, name: { type: 'string' }, parent: { type: 'string' } },
  takes: 2,
  async run(input, terminal) {
    const [verb, id] = input.arguments;
    const name = textFlag(input, 'name');
    const parent = textFlag(input, 'parent');
    if (
      verb === undefined ||
      !['list', 'add', 'disable', 'enable'].includes(verb) ||
      (verb === 'list') !== (id === undefined)
    )
      throw new UsageError('Say list, or add, disable or enable with a code.');
    if (verb !== 'add' && (name !== undefined || parent !== undefined))
      throw new UsageError('--name and --parent go with add.');
    return withDataFolder(input, { create: false }, async (deps) => {
      const by = await actLocally(deps);
      if (verb === 'list') {
        const organisations = await deps.store.organisationsWithin(by.organisation);
        terminal.answer({ organisations }, organisations.map(describe));
      } else if (verb === 'add') {
        const given = parseAs(newOrganisation, { id, name: name ?? id, parent: parent ?? by.organisation });
        const added = await addOrganisation(given, by, deps);
        terminal.answer(added, [describe(added)]);
      } else {
        const changed = await setOrganisationDisabled(id as string, verb === 'disable', by, deps);
        terminal.answer(changed, [describe(changed)]);
      }
      return EXIT_CODES.ok;
    });
  },
};

function describe({ id, name, parent, disabledAt }: Organisation): string {
  const place = parent === undefined ? 'root 根机构' : `below 上级 ${parent}`;
  return `${id}  ${name}  ${place}${disabledAt ? `  disabled 已停用 ${disabledAt.toISOString()}` : ''}`;
}
