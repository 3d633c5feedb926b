import { renderQr } from '@zhengma/credential-core/qr';
import { issue } from '../actions/issue.ts';
import { actLocally } from '../actions/set-up.ts';
import { UsageError } from '../errors.ts';
import { issueRequest } from '../schemas/credential.ts';
import { parseAs } from '../schemas/parse.ts';
import { type Command, type CommandInput, EXIT_CODES, textFlag } from './command.ts';
import { describeSettings, takeSettings } from './setting-flags.ts';
import type { Terminal } from './terminal.ts';
import { DATA_SETTINGS, withDataFolder } from './with-data-folder.ts';

/** Flags that fill a claim, with the name of the claim. */
const CLAIM_FLAGS = {
  name: 'name',
  id: 'idNumber',
  region: 'region',
  scheme: 'scheme',
  'person-class': 'personClass',
  assistance: 'assistance',
  enrolment: 'enrolment',
} as const;

export const issueCommand: Command = {
  help: `  zhengma issue --from request.json
  zhengma issue --from - < request.json
  zhengma issue --region 370202 --scheme 310 --name 张小明 --id 37020219900307002X

  --from <file>         the JSON of POST /v1/credentials; - reads standard input. Recommended: other users of this
                        machine can see flags in the list of processes
  --name, --id          full name and ID number; masked before anything is signed
  --region <code>       pooling region 统筹区, 6 digits
  --scheme, --person-class, --assistance, --enrolment <code>
  --expires <instant>   RFC 3339; a year from now unless given
  --replaces <cti>      the credential that this one replaces: it is revoked in the same moment
  --holder-key <key>    public key of the device that alone can present it: a COSE_Key, base64url
${describeSettings('max-delegates', 'identities', ...DATA_SETTINGS)}`,
  options: {
    from: { type: 'string' },
    expires: { type: 'string' },
    'holder-key': { type: 'string' },
    replaces: { type: 'string' },
    ...takeSettings('max-delegates', 'identities', ...DATA_SETTINGS),
    ...Object.fromEntries(Object.keys(CLAIM_FLAGS).map((flag) => [flag, { type: 'string' } as const])),
  },
  takes: 0,
  async run(input, terminal) {
    const request = parseAs(issueRequest, await readRequest(input, terminal));
    return withDataFolder(input, { create: false }, async (deps) => {
      const issued = await issue(request, await actLocally(deps), deps);
      terminal.answer(issued, [
        // For a device there is nothing to scan: shown as it is, every counter would call it a copy.
        ...(request.holderKey ? [] : [await renderQr(issued.text, { format: 'terminal' })]),
        `Issued 已签发: ${issued.id}, until 有效期至 ${issued.expiresAt.toISOString()}`,
        ...(request.replaces !== undefined ? [`Revoked 已吊销: ${request.replaces}`] : []),
        ...(request.holderKey ? ["For the holder's device, which presents it 交给持有人设备出示:"] : []),
        issued.text,
      ]);
      return EXIT_CODES.ok;
    });
  },
};

async function readRequest(input: CommandInput, terminal: Terminal): Promise<unknown> {
  const from = textFlag(input, 'from');
  const claims = Object.entries(CLAIM_FLAGS).flatMap(([flag, claim]) => {
    const value = textFlag(input, flag);
    return value === undefined ? [] : [[claim, value] as const];
  });
  const besides = Object.fromEntries(
    Object.entries({
      expiresAt: textFlag(input, 'expires'),
      holderKey: textFlag(input, 'holder-key'),
      replaces: textFlag(input, 'replaces'),
    }).filter(([, value]) => value !== undefined),
  );
  if (from === undefined) {
    if (claims.length === 0)
      throw new UsageError('Say what to issue: --from with a JSON file, or --region and other flags.');
    return { claims: Object.fromEntries(claims), ...besides };
  }
  if (claims.length > 0 || Object.keys(besides).length > 0)
    throw new UsageError('--from says everything: leave the other flags out.');
  try {
    return JSON.parse(await terminal.readText(from));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError('--from must hold JSON in the shape of POST /v1/credentials.');
  }
}
