import { CredentialError, type Receipt, verifyReceipt } from '@zhengma/credential-core/verify';
import { listReceiptKeys } from '../actions/receipt-keys.ts';
import { UsageError } from '../errors.ts';
import { parseAs } from '../schemas/parse.ts';
import { receiptId } from '../schemas/receipt.ts';
import { type Command, type CommandInput, EXIT_CODES, type ExitCode } from './command.ts';
import { readInputFile, type Terminal } from './terminal.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

/** The first byte of a tagged COSE_Sign1, which is no character of base64url. */
const SIGN1_BYTE = 0xd2;

export const receiptCommand: Command = {
  help: `  zhengma receipt 0123456789abcdef0123456789abcdef     a receipt of the data folder, of whichever organisation
  zhengma receipt verify FILE --key pAEB…               any receipt, offline, without a data folder

  FILE                  the COSE_Sign1, or its base64url as "signed" of an answer has it
  --key <key>           a key of /v1/receipt-keys of the service that is believed; may be given several times
${DATA_HELP}`,
  options: { ...DATA_OPTION, key: { type: 'string', multiple: true } },
  takes: 2,
  async run(input, terminal) {
    const [first, file] = input.arguments;
    const keys = input.flags['key'];
    if (first === 'verify') {
      if (file === undefined || !Array.isArray(keys)) throw new UsageError('receipt verify needs a file and --key.');
      const bytes = readBytes(await readInputFile(file));
      return check(bytes, keys.map(readKey), terminal);
    }
    if (file !== undefined || keys !== undefined) throw new UsageError('A receipt is shown by its id alone.');
    return show(parseAs(receiptId, first), input, terminal);
  },
};

async function show(id: string, input: CommandInput, terminal: Terminal): Promise<ExitCode> {
  return withDataFolder(input, { create: false }, async (deps) => {
    const found = await deps.store.findReceipt(id);
    if (!found) throw new UsageError('This data folder has no receipt of this id.');
    const result = await verifyReceipt(found.signed, [...(await listReceiptKeys(deps))], {
      currentDate: deps.currentDate(),
    });
    const signed = Buffer.from(found.signed).toString('base64url');
    terminal.answer({ ...result, signed }, [...describe(result), signed]);
    return result.ok ? EXIT_CODES.ok : EXIT_CODES.notValid;
  });
}

async function check(bytes: Uint8Array, keys: readonly Uint8Array[], terminal: Terminal): Promise<ExitCode> {
  try {
    const result = await verifyReceipt(bytes, keys, { currentDate: new Date() });
    terminal.answer(result, describe(result));
    return result.ok ? EXIT_CODES.ok : EXIT_CODES.notValid;
  } catch (error) {
    if (error instanceof CredentialError) throw new UsageError('--key must be a COSE_Key of /v1/receipt-keys.');
    throw error;
  }
}

function describe(result: Awaited<ReturnType<typeof verifyReceipt>>): string[] {
  if (!result.ok) return [`✗ NOT VALID 无效: ${result.code} — ${result.detail}`];
  return ['✓ RECEIPT VALID 回执有效', ...describeReceipt(result.receipt)];
}

function describeReceipt(receipt: Receipt): string[] {
  const { credential, statusList, businessType } = receipt;
  return [
    `  receipt 回执        ${receipt.id}`,
    `  verified 核验时间   ${receipt.issuedAt.toISOString()} by ${receipt.issuer}`,
    `  organisation 机构   ${receipt.organisation}, operator 操作员 ${receipt.operator}`,
    ...(businessType === undefined ? [] : [`  business 用码业务   ${businessType}`]),
    `  credential 凭证     ${credential.id} of ${credential.issuer}`,
    `  shown 出示          ${receipt.bearer ? 'bearer code 持码即可出示' : 'by its device 由设备出示'}${receipt.delegated ? ', by a delegate 由代办人' : ''}`,
    `  status 状态         ${receipt.outcome}`,
    `  trust list 信任名单 ${receipt.trustListSequence}`,
    ...(statusList ? [`  status list 状态名单 ${statusList.uri} of ${statusList.issuedAt.toISOString()}`] : []),
  ];
}

function readBytes(content: Uint8Array): Uint8Array {
  if (content[0] === SIGN1_BYTE) return new Uint8Array(content);
  return new Uint8Array(Buffer.from(Buffer.from(content).toString('latin1').trim(), 'base64url'));
}

function readKey(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
