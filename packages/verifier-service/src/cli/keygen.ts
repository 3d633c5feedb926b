import type { ActionDeps } from '../actions/deps.ts';
import { addIssuerKey } from '../actions/issuer-keys.ts';
import { addOperator, withdrawApiKeys } from '../actions/organisations.ts';
import { actLocally } from '../actions/set-up.ts';
import { UsageError } from '../errors.ts';
import type { Operator, Role } from '../stores/access.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

const ROLES: readonly string[] = ['issuer', 'verifier', 'auditor', 'administrator'] satisfies Role[];

/** Something to see in it, and nothing that moves the cursor. */
const NAME = /^(?=.*\S)[^\p{Cc}]{1,100}$/u;

/** What a receipt can carry. */
const ORGANISATION = /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u;

export const keygenCommand: Command = {
  help: `  zhengma keygen                                    a new key for the issuer
  zhengma keygen --operator 二楼收费处 --role verifier   an API key for an operator
  zhengma keygen --withdraw 二楼收费处                   ends that API key

  --signs-in <hours>    when the new key begins to sign: 48 unless given, 720 at most; 0 is at once
  --operator <name>     whose API key it is; printed once, only a hash of it is kept
  --role <role>         issuer, verifier, auditor or administrator (may do all of it)
  --organisation <code> whom the operator works for, as zhengma organisation has it; the issuer's unless given
  --withdraw <operator> its name or id: its API key is refused from now on, by a running service too
${DATA_HELP}

  A new signing key is in the trust list from now on and signs later, when scanners have fetched that list; what earlier
  keys signed stays valid. With --signer it is a key that the signer has and the issuer did not use before.`,
  options: {
    ...DATA_OPTION,
    'signs-in': { type: 'string' },
    operator: { type: 'string' },
    role: { type: 'string' },
    organisation: { type: 'string' },
    withdraw: { type: 'string' },
  },
  takes: 0,
  async run(input, terminal) {
    const name = textFlag(input, 'operator');
    const role = textFlag(input, 'role');
    const organisation = textFlag(input, 'organisation');
    const withdrawn = textFlag(input, 'withdraw');
    const hours = textFlag(input, 'signs-in');
    if (hours !== undefined && (name !== undefined || withdrawn !== undefined))
      throw new UsageError('--signs-in goes with a new signing key.');
    if (withdrawn !== undefined && [name, role, organisation].some((given) => given !== undefined))
      throw new UsageError('--withdraw stands alone.');
    if (name !== undefined && !NAME.test(name))
      throw new UsageError('--operator must be a name of 1 to 100 characters.');
    if ((name === undefined) !== (role === undefined)) throw new UsageError('--operator and --role go together.');
    if (role !== undefined && !ROLES.includes(role))
      throw new UsageError('--role must be issuer, verifier, auditor or administrator.');
    if (organisation !== undefined && name === undefined)
      throw new UsageError('--organisation goes with --operator and --role.');
    if (organisation !== undefined && !ORGANISATION.test(organisation))
      throw new UsageError('--organisation must be a code of 1 to 64 characters, as H37020000001.');
    return withDataFolder(input, { create: false }, async (deps) => {
      if (withdrawn !== undefined) {
        const operator = await findOperator(withdrawn, deps);
        await withdrawApiKeys(operator.id, await actLocally(deps), deps);
        terminal.answer({ withdrawn: operator }, [
          `API key withdrawn 密钥已作废: ${operator.name} (${operator.role}, ${operator.id})`,
        ]);
      } else if (name === undefined) {
        const overlap = hours === undefined ? {} : { overlapSeconds: readHours(hours) * 3600 };
        const { kid, publicKey, signsFrom } = await addIssuerKey(await actLocally(deps), overlap, deps);
        const encoded = Buffer.from(publicKey).toString('base64url');
        terminal.answer({ kid, publicKey: encoded, signsFrom }, [
          `New issuer key 新签发密钥: kid ${kid}`,
          `Signs from 启用时间: ${signsFrom.toISOString()}`,
          `COSE_Key: ${encoded}`,
        ]);
      } else {
        const by = await actLocally(deps);
        const { operator, apiKey } = await addOperator(
          { name, role: role as Role, organisation: organisation ?? by.organisation },
          by,
          deps,
        );
        terminal.answer({ operator, apiKey }, [
          `Operator 操作员: ${operator.name} (${operator.role}, ${operator.id})`,
          `Organisation 机构: ${operator.organisation}`,
          `API key, shown once 仅显示一次: ${apiKey}`,
        ]);
      }
      return EXIT_CODES.ok;
    });
  },
};

/** Whose API keys are meant. Throws `UsageError` for nobody, and for several. */
async function findOperator(idOrName: string, { store }: Pick<ActionDeps, 'store'>): Promise<Operator> {
  const { organisation } = await actLocally({ store });
  const found = (await store.operatorsWithin(organisation)).filter(
    ({ id, name, apiKeys }) => apiKeys > 0 && (id === idOrName || name === idOrName),
  );
  const [operator, ...others] = found;
  if (!operator) throw new UsageError('No API key is in force for an operator of this id or name.');
  if (others.length === 0) return operator;
  const ids = found.map(({ id }) => id).join(', ');
  throw new UsageError(`Several operators have this name: say which by its id, one of ${ids}.`);
}

function readHours(text: string): number {
  const hours = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (hours <= 720) return hours;
  throw new UsageError('--signs-in must be a number of hours from 0 to 720, as 48.');
}
