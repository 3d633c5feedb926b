import { afterEach, expect, test, vi } from 'vitest';
import { grabFrame, sizeOfFrame } from '../src/input/camera-frame.ts';

const video = { videoWidth: 1280, videoHeight: 720 } as HTMLVideoElement;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A browser whose frames are so large and so turned. */
function stubFrames({ width = 1280, height = 720, rotation = 0 }): { readonly closed: () => number } {
  let closed = 0;
  vi.stubGlobal(
    'VideoFrame',
    class {
      readonly visibleRect = { width, height };
      readonly displayWidth = width;
      readonly displayHeight = height;
      readonly rotation = rotation;
      close(): void {
        closed++;
      }
    },
  );
  return { closed: () => closed };
}

function stubDrawing(): number[][] {
  const drawn: number[][] = [];
  vi.stubGlobal('createImageBitmap', async (_: unknown, ...crop: number[]) => {
    drawn.push(crop);
    return { width: crop[2], height: crop[3] };
  });
  return drawn;
}

test('a frame is handed on as the camera gave it, without being drawn', async () => {
  stubFrames({});
  const drawn = stubDrawing();
  const frame = await grabFrame(video, 1);
  expect(frame && sizeOfFrame(frame)).toEqual({ width: 1280, height: 720 });
  expect(drawn).toEqual([]);
});

test.each([
  ['turned', { rotation: 90, width: 720, height: 1280 }],
  ['turned upside down', { rotation: 180 }],
  ['of another size than it is shown', { width: 640 }],
])('one that is %s is drawn as it is shown, and given back', async (_, frame) => {
  const { closed } = stubFrames(frame);
  const drawn = stubDrawing();
  await grabFrame(video, 1);
  expect(drawn).toEqual([[0, 0, 1280, 720]]);
  expect(closed()).toBe(1);
});

test('of an enlarged picture the middle is drawn, and without such frames all of it', async () => {
  const drawn = stubDrawing();
  await grabFrame(video, 2);
  await grabFrame(video, 1);
  expect(drawn).toEqual([
    [320, 180, 640, 360],
    [0, 0, 1280, 720],
  ]);
});

test('a video that has no frame to give is none', async () => {
  vi.stubGlobal(
    'VideoFrame',
    class {
      constructor() {
        throw new Error('no frame');
      }
    },
  );
  vi.stubGlobal('createImageBitmap', async () => Promise.reject(new Error('no frame')));
  expect(await grabFrame(video, 1)).toBeUndefined();
});
