import { peekCredential, type UnverifiedCredential } from '@zhengma/credential-core/verify';
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
    const described = describe(result);
    terminal.answer(described, [
      'UNVERIFIED: this is what the code says, nobody checked it 未核验',
      ...describeShowing(result.unverified),
      JSON.stringify(described.unverified, null, 2),
    ]);
    return EXIT_CODES.ok;
  },
};

/** Bytes as base64url, as everywhere in the interface: JSON has none. */
function describe(result: Extract<ReturnType<typeof peekCredential>, { ok: true }>) {
  const text = JSON.stringify(result, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value,
  );
  return JSON.parse(text) as { unverified: Record<string, unknown> };
}

/** How it would be shown, in words: the rest of what it says follows as it stands. */
function describeShowing({ holderKey, presentation, delegation }: UnverifiedCredential): string[] {
  if (!holderKey) return ['Bearer code: whoever has it can show it 持码即可出示'];
  return [
    presentation
      ? `Presented by a device 由设备出示: ${presentation.presentedAt.toISOString()}`
      : 'For a device: shown like this it is a copy 须由设备出示，直接展示即为复制件',
    ...(delegation ? [`Lent by the holder 持有人授权代办: until 有效期至 ${delegation.expiresAt.toISOString()}`] : []),
  ];
}
