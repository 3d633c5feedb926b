import { crc32, deflateSync } from 'node:zlib';
import { renderQr } from '@zhengma/credential-core/qr';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addOperator } from './operators.ts';
import { issuePerson, post, startService, type TestService } from './service.ts';

let service: TestService;
let id: string;
let png: Buffer;

beforeAll(async () => {
  service = await startService();
  const { body } = await issuePerson(service);
  id = body.id;
  png = Buffer.from(await renderQr(body.text, { format: 'png' }));
});

afterAll(() => service.close());

function verifyImage(bytes: Uint8Array, type: string) {
  return post(`${service.url}/v1/verifications`, service.keys.verifier, new Uint8Array(bytes), type);
}

it('a code is verified from PNG, JPEG, WebP and GIF, turned, grey, transparent, in 16 bits, or large', async () => {
  const turned = await sharp(png).rotate(17, { background: '#fff' }).jpeg({ quality: 60 }).toBuffer();
  const pictures: [Uint8Array, string][] = [
    [png, 'image/png'],
    [await sharp(png).jpeg().toBuffer(), 'image/jpeg'],
    [await sharp(png).webp().toBuffer(), 'image/webp'],
    [await sharp(png).gif().toBuffer(), 'image/gif'],
    [turned, 'image/jpeg'],
    [await sharp(png).greyscale().png().toBuffer(), 'image/png'],
    [await sharp(png).toColourspace('rgb16').png().toBuffer(), 'image/png'],
    [await sharp(png).unflatten().png().toBuffer(), 'image/png'],
    [await sharp(png).resize(5000, 5000, { kernel: 'nearest' }).png().toBuffer(), 'image/png'],
  ];
  for (const [bytes, type] of pictures) {
    const answer = await verifyImage(bytes, type);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ok: true, credential: { id } });
  }
});

it('the bytes decide what an image is, not the header', async () => {
  expect(await verifyImage(await sharp(png).webp().toBuffer(), 'image/png')).toMatchObject({ status: 200 });
  const svg = Buffer.from(await renderQr('ZM1:X', { format: 'svg' }));
  const tiff = await sharp(png).tiff().toBuffer();
  for (const bytes of [svg, tiff, Buffer.from('%PDF-1.7'), Buffer.alloc(0)]) {
    expect(await verifyImage(bytes, 'image/png')).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  }
});

it('of a GIF that moves the first frame is read', async () => {
  const { width = 0, height = 0 } = await sharp(png).metadata();
  const blank = sharp({ create: { width, height, channels: 3, background: '#888' } });
  const frames = [png, await blank.png().toBuffer()];
  for (const [order, status] of [
    [frames, 200],
    [frames.toReversed(), 422],
  ] as const) {
    const gif = await sharp([...order], { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    expect(await verifyImage(gif, 'image/gif')).toMatchObject({ status });
  }
});

it('a GIF is refused by the size that its frame announces', async () => {
  const gif = await sharp(png).gif().toBuffer();
  // Width and height of the frame, behind the extension that stands before it.
  const frame = gif.indexOf(Buffer.from([0x21, 0xf9, 0x04])) + 8;
  gif.writeUInt16LE(60_000, frame + 5);
  gif.writeUInt16LE(60_000, frame + 7);
  expect(await verifyImage(gif, 'image/gif')).toMatchObject({ status: 413, body: { code: 'image_too_large' } });
});

it('a decompression bomb is refused by the size it announces', async () => {
  const started = performance.now();
  const answer = await verifyImage(createBomb(30_000), 'image/png');
  expect(answer).toMatchObject({ status: 413, body: { code: 'image_too_large' } });
  expect(performance.now() - started).toBeLessThan(2000);
});

it('a damaged or cut-off image is 422', async () => {
  const jpeg = await sharp(png).jpeg().toBuffer();
  const cut = [png.subarray(0, png.length / 2), jpeg.subarray(0, jpeg.length / 2), png.subarray(0, 20)];
  for (const bytes of cut) {
    expect(await verifyImage(bytes, 'image/png')).toMatchObject({ status: 422, body: { code: 'unreadable_image' } });
  }
});

it('an image without a code, or with the codes of two people, is 422', async () => {
  const blank = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  expect(await verifyImage(blank, 'image/png')).toMatchObject({ status: 422, body: { code: 'no_code_found' } });
  const second = (await issuePerson(service)).body.text;
  const right = Buffer.from(await renderQr(second, { format: 'png' }));
  const { width = 0, height = 0 } = await sharp(png).metadata();
  const both = await sharp({ create: { width: 2 * width, height: height + 60, channels: 3, background: '#fff' } })
    .composite([
      { input: png, left: 0, top: 0 },
      { input: right, left: width, top: 0 },
    ])
    .png()
    .toBuffer();
  expect(await verifyImage(both, 'image/png')).toMatchObject({ status: 422, body: { code: 'several_codes' } });
});

it('another code beside ours does not matter, and alone it is an answer', async () => {
  const other = Buffer.from(await renderQr('https://example.org', { format: 'png' }));
  expect(await verifyImage(other, 'image/png')).toMatchObject({
    status: 200,
    body: { ok: false, code: 'not_zhengma' },
  });
});

it('a crowd of images of one operator is told to wait, and another operator is served meanwhile', async () => {
  const crowd = Promise.all(Array.from({ length: 24 }, () => verifyImage(png, 'image/png')));
  const other = post(`${service.url}/v1/verifications`, service.keys.administrator, new Uint8Array(png), 'image/png');
  expect(await other).toMatchObject({ status: 200, body: { ok: true } });
  const answers = await crowd;
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
  for (const { status, headers, body } of answers.filter((answer) => answer.status !== 200)) {
    expect([status, body.code, headers.get('Retry-After')]).toEqual([429, 'too_many_images', '5']);
  }
  expect(answers.some(({ status }) => status === 429)).toBe(true);
});

it('when too many operators send images at once, the last are told to wait', async () => {
  const keys = await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      return (await addOperator({ name: `counter ${n}`, role: 'verifier' }, service.deps)).apiKey;
    }),
  );
  const answers = await Promise.all(
    keys.map((key) => post(`${service.url}/v1/verifications`, key, new Uint8Array(png), 'image/png')),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(8);
  for (const { status, headers, body } of answers.filter((answer) => answer.status !== 200)) {
    expect([status, body.code, headers.get('Retry-After')]).toEqual([503, 'image_queue_full', '5']);
  }
});

/** A PNG of a few hundred kilobytes that would be `side` × `side` white pixels. */
function createBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((side / 8 + 1) * side);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
