import { peekCredential } from '@zhengma/credential-core/verify';
import { type Command, EXIT_CODES } from './command.ts';
import { readCode } from './read-code.ts';

export const inspectCommand: Command = {
  help: `  zhengma inspect 'ZM1:…'
  zhengma inspect -               a text from standard input
  zhengma inspect slip.jpg        a picture: PNG, JPEG or WebP`,
  options: {},
  takes: 1,
  async run(input, terminal) {
    const result = peekCredential(await readCode(input.arguments[0], terminal));
    if (!result.ok) {
      terminal.answer(result, [`✗ ${result.code} — ${result.detail}`]);
      return EXIT_CODES.notValid;
    }
    terminal.answer(describe(result), [
      'UNVERIFIED: this is what the code says, nobody checked it 未核验',
      JSON.stringify(describe(result).unverified, null, 2),
    ]);
    return EXIT_CODES.ok;
  },
};

/** Bytes as hex: JSON has none. */
function describe(result: Extract<ReturnType<typeof peekCredential>, { ok: true }>) {
  const entries = Object.entries(result.unverified).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ]);
  return { ok: true, unverified: Object.fromEntries(entries) as Record<string, unknown> };
}
