import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase45 } from '../src/bytes/base45.ts';
import { decodeQrText, encodeQrText, readQr, renderQr } from '../src/index.ts';
import { requireVersion } from '../src/qr/version.ts';
import { issue } from './fixtures.ts';

/** The pixels of a PNG of depth 1 without filters, read with Node's zlib. */
function decodePng(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const length = view.getUint32(33);
  const rows = inflateSync(png.subarray(41, 41 + length));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const light = ((rows[y * (1 + Math.ceil(width / 8)) + 1 + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
    data.fill(light * 255, i * 4, i * 4 + 3);
    data[i * 4 + 3] = 255;
  }
  return { data, width, height };
}

describe('the text of a code', () => {
  test('brings any message back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (body) => {
        const bytes = new Uint8Array([0xd2, ...body]);
        expect(decodeQrText(await encodeQrText(bytes))).toEqual({ ok: true, bytes });
      }),
    );
  });

  test('is compressed only when that is shorter', async () => {
    const repetitive = new Uint8Array(1000).fill(7);
    repetitive[0] = 0xd2;
    expect((await encodeQrText(repetitive)).length).toBeLessThan(60);
    expect((await encodeQrText(Uint8Array.of(0xd2, 1, 2))).length).toBe('ZM1:'.length + 5);
  });

  test('carries at most 4096 bytes', async () => {
    const random = crypto.getRandomValues(new Uint8Array(4097));
    random[0] = 0xd2;
    await expect(encodeQrText(random)).rejects.toMatchObject({ code: 'ERR_CODE_TOO_LARGE' });
    const long = new Uint8Array(16_385);
    long[0] = 0xd2;
    await expect(encodeQrText(long)).rejects.toMatchObject({ code: 'ERR_CODE_TOO_LARGE' });
    await expect(encodeQrText(new Uint8Array(9))).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    const tooLarge = { name: 'CredentialError', code: 'ERR_QR_CAPACITY' };
    await expect(encodeQrText(random.subarray(0, 4096), { maxVersion: 40 })).rejects.toMatchObject(tooLarge);
  });

  test('is not made for what cheap cameras cannot read unless asked for', async () => {
    const random = crypto.getRandomValues(new Uint8Array(2258));
    random[0] = 0xd2;
    const tooLarge = { name: 'CredentialError', code: 'ERR_QR_CAPACITY' };
    const [fits, over] = [random.subarray(0, 541), random.subarray(0, 542)];
    expect(decodeQrText(await encodeQrText(fits))).toEqual({ ok: true, bytes: fits });
    await expect(encodeQrText(over)).rejects.toMatchObject(tooLarge);
    expect(decodeQrText(await encodeQrText(over, { maxVersion: 19 }))).toEqual({ ok: true, bytes: over });
    expect(decodeQrText(await encodeQrText(random, { maxVersion: 40 }))).toEqual({ ok: true, bytes: random });
    for (const maxVersion of [0, 41, 1.5, '18' as never]) {
      await expect(encodeQrText(fits, { maxVersion })).rejects.toThrow(TypeError);
    }
  });

  test('is held to what the encoder holds, at every version', async () => {
    for (let version = 1; version <= 40; version++) {
      const fits = (length: number) =>
        renderQr('A'.repeat(length), { format: 'terminal', maxVersion: version }).then(
          () => true,
          () => false,
        );
      const counts = (length: number) => {
        try {
          requireVersion('A'.repeat(length), version);
          return true;
        } catch {
          return false;
        }
      };
      const most = [...Array(3400).keys()].findLast((length) => length > 0 && counts(length)) as number;
      expect([version, await fits(most), await fits(most + 1)]).toEqual([version, true, false]);
    }
  });

  const zlibText = (bytes: Uint8Array) => `ZM1:${encodeBase45(deflateSync(bytes))}`;
  test.each([
    ['zlib where it saves nothing', zlibText(Uint8Array.of(0xd2, 1, 2)), 'malformed'],
    ['zlib of something else', zlibText(new Uint8Array(1000)), 'malformed'],
    ['zlib within zlib', zlibText(deflateSync(new Uint8Array(2 ** 20))), 'malformed'],
    ['a bomb', zlibText(new Uint8Array(2 ** 20).fill(0xd2)), 'too_large'],
  ])('refuses %s', (_, text, code) => {
    expect(decodeQrText(text)).toMatchObject({ ok: false, code });
  });
});

describe('the picture of a code', () => {
  test('is read back from the pixels of its PNG', async () => {
    const { text } = await issue();
    expect(readQr(decodePng(await renderQr(text, { format: 'png', scale: 4 })))).toBe(text);
  });

  test('has the modules of its version and a light border of four', async () => {
    const { text } = await issue();
    const svg = await renderQr(text, { format: 'svg' });
    const size = 4 * 9 + 17; // version 9
    expect(svg).toContain(`viewBox="0 0 ${size + 8} ${size + 8}"`);
    expect(decodePng(await renderQr(text, { format: 'png', scale: 1 })).width).toBe(size + 8);
    expect(decodePng(await renderQr(text, { format: 'png', scale: 1, margin: 0 })).width).toBe(size);
  });

  test('in a terminal brings its own colours', async () => {
    const lines = (await renderQr('ZM1:BB8', { format: 'terminal' })).split('\n');
    expect(lines).toHaveLength(Math.ceil((21 + 8) / 2));
    for (const line of lines) expect(line.startsWith('\u001b[30;107m') && line.endsWith('\u001b[0m')).toBe(true);
  });

  test('nothing found is null', () => {
    expect(readQr({ data: new Uint8ClampedArray(100 * 100 * 4), width: 100, height: 100 })).toBeNull();
  });

  test('wrong arguments are a TypeError; too much text says so', async () => {
    await expect(renderQr('', { format: 'svg' })).rejects.toThrow(TypeError);
    await expect(renderQr('A', { format: 'gif' as never })).rejects.toThrow(TypeError);
    await expect(renderQr('A', { format: 'png', scale: 0 })).rejects.toThrow(TypeError);
    await expect(renderQr('A', { format: 'svg', maxVersion: 41 })).rejects.toThrow(TypeError);
    expect(() => readQr({ data: new Uint8ClampedArray(3), width: 1, height: 1 })).toThrow(TypeError);
    expect(() => readQr({ data: new Uint8ClampedArray(4), width: -1, height: -1 })).toThrow(TypeError);
  });

  test('what cheap cameras cannot read is not drawn unless asked for', async () => {
    // ISO/IEC 18004 table 7: version 18 holds 816 alphanumeric characters at level M, version 40 holds 3391.
    const refused = { name: 'CredentialError', code: 'ERR_QR_CAPACITY' };
    await expect(renderQr('A'.repeat(816), { format: 'svg' })).resolves.toContain('viewBox="0 0 97 97"');
    await expect(renderQr('A'.repeat(817), { format: 'svg' })).rejects.toMatchObject(refused);
    await expect(renderQr('A'.repeat(817), { format: 'svg', maxVersion: 19 })).resolves.toContain('0 0 101 101');
    await expect(renderQr('A'.repeat(817), { format: 'svg', maxVersion: 18 })).rejects.toMatchObject(refused);
    await expect(renderQr('A'.repeat(3391), { format: 'svg', maxVersion: 40 })).resolves.toContain('<svg');
    await expect(renderQr('A'.repeat(3392), { format: 'svg', maxVersion: 40 })).rejects.toMatchObject(refused);
  });
});
