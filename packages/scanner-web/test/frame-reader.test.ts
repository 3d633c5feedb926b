import { afterEach, expect, test, vi } from 'vitest';
import { createFrameReader, MOST_PICTURE_BYTES, type PictureEvent } from '../src/scanner/frame-reader.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a picture of more than 20 MB is not opened, and it is said; one of 20 MB is', async () => {
  const opened: Blob[] = [];
  vi.stubGlobal('createImageBitmap', async (image: Blob) => void opened.push(image));
  const told: PictureEvent[] = [];
  const reader = createFrameReader({
    engine: { read: async () => null },
    dispatch: (event) => told.push(event),
    isLooking: () => true,
  });
  const picture = (size: number) => Object.defineProperty(new Blob(['x']), 'size', { value: size });
  await reader.takePicture(picture(MOST_PICTURE_BYTES + 1));
  expect(told).toEqual([{ kind: 'image_not_read', notice: 'image_too_large' }]);
  expect(opened).toEqual([]);
  const allowed = picture(20 * 1024 * 1024);
  await reader.takePicture(allowed);
  expect(opened).toEqual([allowed]);
});
