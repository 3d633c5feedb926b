import { changeStatus } from '../actions/change-status.ts';
import { actLocally } from '../actions/set-up.ts';
import { credentialId, statusRequest } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

export const revokeCommand: Command = {
  help: `  zhengma revoke 0123456789abcdef --reason "paper code lost"

  --reason <text>       for the audit trail; no personal data
${DATA_HELP}

  Works while the service runs: its next status list says revoked.`,
  options: { ...DATA_OPTION, reason: { type: 'string' } },
  takes: 1,
  async run(input, terminal) {
    const id = parseAs(credentialId, input.arguments[0]);
    const reason = textFlag(input, 'reason');
    const request = parseAs(statusRequest, { status: 'revoked', ...(reason === undefined ? {} : { reason }) });
    return withDataFolder(input, { create: false }, async (deps) => {
      const changed = await changeStatus({ id, ...request }, await actLocally(deps), deps);
      terminal.answer(changed, [`Revoked 已吊销: ${changed.id} at ${changed.changedAt.toISOString()}`]);
      return EXIT_CODES.ok;
    });
  },
};
