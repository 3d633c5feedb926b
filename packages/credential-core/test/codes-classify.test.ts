import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeVectors, listVectors, readVectors } from '../../../test/conformance/vectors.ts';
import { encodeBase45 } from '../src/bytes/base45.ts';
import { CODE_KINDS, type CodeKind, classifyCode } from '../src/codes.ts';
import { MAX_QR_TEXT_LENGTH } from '../src/limits.ts';
import { decodeQrText } from '../src/qr.ts';
import { issue } from './fixtures.ts';

const OFFICIAL = '3702021234567890123456789012';
const CARD = '0123456789ABCDEF'.repeat(4);

function kindOf(text: unknown): CodeKind {
  return classifyCode(text).kind;
}

/** Bytes as a Claim 169 code carries them. */
function carry(...bytes: number[]): string {
  return encodeBase45(deflateSync(Uint8Array.from(bytes)));
}

describe('classifyCode', () => {
  test.each<[CodeKind, string, string]>([
    ['official', '28 digits', OFFICIAL],
    ['official', '28 digits of which the first look like another number', `8${'0'.repeat(27)}`],
    ['unknown', '27 digits', OFFICIAL.slice(1)],
    ['unknown', '29 digits', `${OFFICIAL}0`],
    ['unknown', 'a space before 28 digits', ` ${OFFICIAL}`],
    ['unknown', 'a line end after 28 digits', `${OFFICIAL}\n`],
    ['unknown', 'full-width digits', OFFICIAL.replaceAll(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)))],
    ['unknown', 'Arabic digits', OFFICIAL.replaceAll(/\d/g, (d) => String.fromCodePoint(0x660 + Number(d)))],
    ['zhengma', 'version 1', 'ZM1:RRQT'],
    ['zhengma', 'version 1 without content', 'ZM1:'],
    ['zhengma-other-version', 'version 2', 'ZM2:RRQT'],
    ['zhengma-other-version', 'version 0', 'ZM0:'],
    ['unknown', 'lowercase', 'zm1:RRQT'],
    ['unknown', 'a space before', ' ZM1:RRQT'],
    ['unknown', 'no colon', 'ZM1RRQT'],
    ['unknown', 'no digit', 'ZMA:RRQT'],
    ['unknown', 'a full-width colon', 'ZM1：RRQT'],
    ['hcert', 'HCERT', 'HC1:6BFOXN%TS3DH'],
    ['hcert', 'HCERT of another version', 'HC2:6BFOXN%TS3DH'],
    ['unknown', 'HCERT in lowercase', 'hc1:6BFOXN%TS3DH'],
    [
      'smart-health-card',
      'SMART Health Card',
      'shc:/5676290952432060346029243740446031222959532654603460292540772804336028',
    ],
    ['smart-health-card', 'a part of a SMART Health Card', 'shc:/1/3/567629595326546034602925'],
    ['smart-health-link', 'SMART Health Link', 'shlink:/eyJ1cmwiOiJodHRwczovL2V4YW1wbGUifQ'],
    ['smart-health-link', 'behind a viewer', 'https://viewer.example/#shlink:/eyJ1cmwiOiJodHRwczovL2V4YW1wbGUifQ'],
    ['openid4vp', 'OpenID4VP', 'openid4vp://?client_id=x509_san_dns%3Averifier.example'],
    ['openid4vp', 'ISO/IEC 18013-7', 'mdoc-openid4vp://?client_id=verifier.example'],
    ['openid4vp', 'the EU wallet', 'eudi-openid4vp://verifier.example?request_uri=x'],
    ['openid4vp', 'HAIP', 'haip-vp://?client_id=verifier.example'],
    ['mdoc', 'device engagement', 'mdoc:owBjMS4wAYIB2BhYS6QBAiABIVgg'],
    ['url', 'https', 'https://example.org/p?name=x'],
    ['url', 'http in capitals, as QR codes carry it', 'HTTP://EXAMPLE.ORG'],
    ['unknown', 'another scheme', 'javascript:alert(1)'],
    ['unknown', 'a scheme without slashes', 'https:example.org'],
    ['id-number', 'a resident ID number', '11010519491231002X'],
    ['id-number', 'its check character in lowercase', '11010519491231002x'],
    ['mistyped-id-number', 'a wrong check digit', '110105194912310021'],
    ['mistyped-id-number', 'a month that does not exist', '370202194913310021'],
    ['unknown', '15 digits', '110105491231002'],
    ['mistyped-id-number', 'a wrong check digit, of Beijing', '110105194912310030'],
    ['payment', 'a payment code of 18 digits', '134567890123456789'],
    ['payment', 'one that begins like an ID number', '110105194913310021'],
    ['payment', 'a payment code of 24 digits', '281234567890123456789012'],
    ['payment', 'a payment link', 'wxp://f2f0abc'],
    ['unknown', '18 digits of neither', '934567890123456789'],
    ['unknown', 'a code of 25 digits', '2812345678901234567890123'],
    ['organisation', 'GB 32100', '91350100M000100Y43'],
    ['unknown', 'GB 32100 with a wrong check character', '91350100M000100Y4Z'],
    ['institution', 'a hospital', 'H43010000001'],
    ['institution', 'a pharmacy', 'P37020200001'],
    ['unknown', 'an institution in lowercase', 'h43010000001'],
    ['drug-trace', '20 digits from 8', '81234567890123456789'],
    ['unknown', '20 digits from 9', '91234567890123456789'],
    ['unknown', '19 digits from 8', '8123456789012345678'],
    ['product', 'EAN-13', '4006381333931'],
    ['product', 'EAN-13 of China', '6901234567892'],
    ['unknown', 'EAN-13 with a wrong check digit', '6901234567893'],
    ['health-card', 'static', `${CARD}:1`],
    ['health-card', 'static in lowercase', `${CARD.toLowerCase()}:0`],
    ['health-card', 'dynamic', `${CARD}:1:20261122080000`],
    ['unknown', '64 hexadecimal digits alone', CARD],
    ['unknown', '63 hexadecimal digits', `${CARD.slice(1)}:1`],
    ['unknown', 'no hexadecimal digit', `G${CARD.slice(1)}:1`],
    ['claim-169', 'signed', carry(0xd2, 0x84, 0x18, 169)],
    ['claim-169', 'signed, untagged', carry(0x84, 0x18, 169)],
    ['claim-169', 'signed, tagged as a CWT too', carry(0xd8, 0x3d, 0xd2, 0x84, 0x18, 169)],
    ['claim-169', 'encrypted', carry(0xd0, 0x83)],
    ['claim-169', 'encrypted for recipients', carry(0xd8, 0x60, 0x84)],
    ['claim-169', 'encrypted, tagged as a CWT too', carry(0xd8, 0x3d, 0xd0, 0x83)],
    ['unknown', 'signed without claim 169', carry(0xd2, 0x84, 0x18, 168)],
    ['unknown', 'signed, with 169 that is no label', carry(0xd2, 0x84, 0x17, 169)],
    ['unknown', 'zlib of something else', carry(0x82, 0x18, 169)],
    ['unknown', 'zlib of nothing', carry()],
    ['unknown', 'Base45 of something else', encodeBase45(Uint8Array.of(0xd2, 0x84, 0x18, 169))],
    ['unknown', 'Claim 169 in lowercase', carry(0xd2, 0x84, 0x18, 169).toLowerCase()],
    ['unknown', 'Claim 169 cut off', carry(0xd2, 0x84, 0x18, 169).slice(0, -3)],
    ['unknown', 'nothing', ''],
    ['unknown', 'a name', '欧阳明月'],
  ])('%s: %s', (kind, _, text) => expect(kindOf(text)).toBe(kind));

  test.each([undefined, null, 28, 1n, true, Symbol('ZM1:'), {}, [OFFICIAL], new String(OFFICIAL), () => OFFICIAL])(
    'what is no string is unknown',
    (value) => expect(kindOf(value)).toBe('unknown'),
  );

  test('a code that was issued is ours', async () => {
    expect(kindOf((await issue()).text)).toBe('zhengma');
  });

  test('agrees with the reader on what is ours', () => {
    const nearly = fc
      .tuple(fc.constantFrom('ZM', 'zm', 'Z', ' ZM', 'HC'), fc.string({ unit: fc.constantFrom(...'0123456789: ') }))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        const read = decodeQrText(text);
        const code = read.ok ? 'ok' : read.code;
        const kind = kindOf(text);
        expect(kind === 'zhengma-other-version').toBe(code === 'unsupported_version');
        expect(kind === 'zhengma').toBe(code !== 'unsupported_version' && code !== 'not_zhengma');
      }),
      { numRuns: 3000 },
    );
  });

  test('throws for no text and gives nothing of it away', () => {
    const dense = fc.string({ unit: fc.constantFrom(...'0189ABFXHPZM:/. $%'), maxLength: 80 });
    const zlib = fc.uint8Array({ maxLength: 300 }).map((bytes) => encodeBase45(Uint8Array.of(0x78, 0x9c, ...bytes)));
    const written = new Set(Object.entries(CODE_KINDS).map(([kind, words]) => JSON.stringify({ kind, ...words })));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), dense, zlib, fc.anything()), (text) => {
        expect(written.has(JSON.stringify(classifyCode(text)))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test('looks at no more than a code can hold', () => {
    const beginnings = ['', 'ZM1:', 'https://', '8', '0', 'shlink:/', CARD, `${CARD}:1:`, '6BF', 'https:'];
    for (const beginning of beginnings) {
      for (const filler of ['0', 'A', '#', ' ', 'x', '（']) {
        const long = beginning + filler.repeat(2_000_000);
        // What lies beyond the longest code changes nothing: the beginning alone decides.
        expect(kindOf(long)).toBe(kindOf(long.slice(0, 7000)));
      }
    }
  });

  test('a stream that ends where the look ends is not the whole code', () => {
    const stored = (size: number) =>
      encodeBase45(deflateSync(Uint8Array.of(0xd0, ...new Uint8Array(size)), { level: 0 }));
    expect(kindOf(stored(4000))).toBe('claim-169');
    const longest = stored(4087);
    expect(longest.length).toBe(MAX_QR_TEXT_LENGTH + 1);
    expect(kindOf(longest)).toBe('unknown');
    expect(kindOf(`${longest}0`)).toBe('unknown');
  });

  test('a zlib bomb is unknown', () => {
    const bomb = encodeBase45(deflateSync(Uint8Array.of(0xd0, ...new Uint8Array(20_000)), { level: 9 }));
    expect(bomb.length).toBeLessThan(200);
    expect(kindOf(bomb)).toBe('unknown');
  });

  test('each kind has its words in both languages and one sentence of advice', () => {
    for (const { label, advice } of Object.values(CODE_KINDS)) {
      expect(label.zh).toMatch(/\p{Script=Han}/u);
      expect(label.en).toMatch(/^[A-Z]/);
      expect(advice.zh).toMatch(/^[^。]*\p{Script=Han}[^。]*。$/u);
      expect(advice.en).toMatch(/^[A-Z][^.!?]+\.$/);
    }
    expect(classifyCode(OFFICIAL).advice.zh).toBe('这是国家医保码，请用医院 HIS 或医保专用终端读取。');
  });
});

describeVectors('classifyCode on published codes', () => {
  const claim169 = ['valid', 'edge'].flatMap((folder) => listVectors(`claim-169/${folder}`));
  test.each(claim169)('%s is a Claim 169 code', (path) => {
    expect(kindOf(readVectors<{ qr_data: string }>(path).qr_data)).toBe('claim-169');
  });

  test.each(listVectors('claim-169/invalid'))('%s is none', (path) => {
    expect(kindOf(readVectors<{ qr_data: string }>(path).qr_data)).toBe('unknown');
  });

  test.each(listVectors('hcert/AT/2DCode/raw'))('%s is an HCERT', (path) => {
    expect(kindOf(readVectors<{ PREFIX: string }>(path).PREFIX)).toBe('hcert');
  });
});
