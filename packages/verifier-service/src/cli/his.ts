import { addHisGrant, requireRange } from '../actions/his-grants.ts';
import { addOperator } from '../actions/organisations.ts';
import { actLocally } from '../actions/set-up.ts';
import { UsageError } from '../errors.ts';
import type { HisGrant, Operator } from '../stores/access.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

export const hisCommand: Command = {
  help: `  zhengma his list
  zhengma his add H37020000001 --from 10.20.0.0/16                        a new operator, HIS, whose API key nobody gets
  zhengma his add H37020000001 --from 10.20.0.0/16 --read-id-numbers      who is told names and ID numbers in full
  zhengma his add H37020000001 --from 10.20.0.0/16 --operator <id>        a verifier of this organisation
  zhengma his remove H37020000001                                         all that was added for it

  --from <range>        the addresses of its desks, no wider than /16 (IPv6: /48). Behind a proxy on this machine everybody
                        comes from 127.0.0.1 unless --proxy-header is set
${DATA_HELP}

  An official HIS client sends no API key: its calls of ec.query are let in by their orgId and where they come from. Until
  something is added here, the address does not exist for calls without a key.`,
  options: {
    ...DATA_OPTION,
    from: { type: 'string' },
    operator: { type: 'string' },
    'read-id-numbers': { type: 'boolean' },
  },
  takes: 2,
  async run(input, terminal) {
    const [verb, organisation] = input.arguments;
    const network = textFlag(input, 'from');
    const named = textFlag(input, 'operator');
    const readIdNumbers = input.flags['read-id-numbers'] === true;
    if (
      verb === undefined ||
      !['list', 'add', 'remove'].includes(verb) ||
      (verb === 'list') !== (organisation === undefined)
    )
      throw new UsageError('Say list, or add or remove with the code of an organisation.');
    if ((verb === 'add') !== (network !== undefined))
      throw new UsageError('--from goes with add, and add with --from.');
    if (verb !== 'add' && (named !== undefined || readIdNumbers))
      throw new UsageError('--operator and --read-id-numbers go with add.');
    if (named !== undefined && readIdNumbers)
      throw new UsageError('--read-id-numbers is for a new operator; one that there is has a scope.');
    return withDataFolder(input, { create: false }, async (deps) => {
      const by = await actLocally(deps);
      if (verb === 'list') {
        const grants = await deps.store.hisGrants();
        terminal.answer({ grants }, grants.map(describe));
      } else if (verb === 'remove') {
        const removed = await deps.store.removeHisGrants(organisation as string, by, deps.currentDate());
        terminal.answer({ removed }, [`Removed 已移除: ${removed}`]);
      } else {
        const id = organisation as string;
        const find = async (): Promise<Operator> => {
          const found = (await deps.store.operatorsWithin(id)).find((each) => each.id === named);
          if (found?.organisation === id) return found;
          throw new UsageError('--operator must be the id of an operator of this organisation.');
        };
        const make = async (): Promise<Operator> => {
          const scope = readIdNumbers ? ({ readIdNumbers: true } as const) : {};
          const { operator } = await addOperator({ name: 'HIS', role: 'verifier', organisation: id, scope }, by, deps);
          await deps.store.withdrawApiKeys(operator.id, by, deps.currentDate());
          return operator;
        };
        requireRange(network as string);
        const operator = named === undefined ? await make() : await find();
        const grant = await addHisGrant({ network: network as string, operator }, by, deps);
        terminal.answer(grant, [describe(grant)]);
      }
      return EXIT_CODES.ok;
    });
  },
};

function describe({ organisation, network, operator }: HisGrant): string {
  return `${organisation}  from 来源 ${network}  as 操作员 ${operator}`;
}
