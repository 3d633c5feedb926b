import type { Page } from 'playwright-core';

/** What stands between the page and a camera, as the test wants it at the moment. */
export interface DrawnCameras {
  /** Names of the cameras that are plugged in. */
  plugged: string[];
  /** What getUserMedia rejects with. */
  refusal: string | undefined;
  /** Whether a camera that is opened gives any picture. */
  isStill: boolean;
  /** What the tracks were told by applyConstraints. */
  readonly told: object[];
}

/** Replaces the cameras of a browser by canvases; what they show and do is changed by {@link changeCameras} and {@link showPicture}. */
export async function drawCameras(page: Page, first: Partial<DrawnCameras>, abilities: object = {}): Promise<void> {
  await page.addInitScript(
    `(${install})(${JSON.stringify({ plugged: ['Camera'], isStill: false, told: [], ...first })}, ${JSON.stringify(abilities)})`,
  );
}

/** Plugs, holds or frees cameras; then the page is told by `event` of its devices or its window. */
export async function changeCameras(
  page: Page,
  change: Partial<DrawnCameras>,
  event?: 'devicechange' | 'focus',
): Promise<void> {
  await page.evaluate(
    ([changed, name]) => {
      const { drawnCameras } = window as unknown as { drawnCameras: DrawnCameras };
      Object.assign(drawnCameras, changed);
      if (name === 'focus') window.dispatchEvent(new Event('focus'));
      if (name === 'devicechange') navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    },
    [{ ...change, ...('refusal' in change && { refusal: change.refusal ?? '' }) }, event] as const,
  );
}

/** A code or a patch in the picture, in pixels of 1280 × 720. */
export interface Drawn {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** A PNG; without it a white patch. */
  readonly png?: Buffer;
}

/** Has every camera show this, from now on. */
export async function showPicture(page: Page, background: string, drawn: readonly Drawn[] = []): Promise<void> {
  const layers = drawn.map(({ png, ...place }) => ({
    ...place,
    url: png && `data:image/png;base64,${png.toString('base64')}`,
  }));
  await page.evaluate(
    async ([colour, parts]) => {
      const loaded = await Promise.all(
        parts.map(async ({ url, ...place }) => {
          if (!url) return { ...place, image: undefined };
          const image = new Image();
          image.src = url;
          await image.decode();
          return { ...place, image };
        }),
      );
      (window as unknown as { paintCamera: (context: CanvasRenderingContext2D) => void }).paintCamera = (context) => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1280, 720);
        context.imageSmoothingEnabled = false;
        for (const { image, left, top, width, height } of loaded) {
          context.fillStyle = '#ffffff';
          if (image) context.drawImage(image, left, top, width, height);
          else context.fillRect(left, top, width, height);
        }
      };
    },
    [background, layers] as const,
  );
}

/** The camera that is shown goes away, as when its plug is pulled. */
export async function pullPlug(page: Page, rest: readonly string[]): Promise<void> {
  await changeCameras(page, { plugged: [...rest] });
  await page.evaluate(() => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    const [track] = (srcObject as MediaStream).getVideoTracks();
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  });
}

/** Runs in the page, before anything of its own. */
function install(cameras: DrawnCameras, abilities: object): void {
  const page = window as unknown as {
    drawnCameras: DrawnCameras;
    paintCamera: (context: CanvasRenderingContext2D) => void;
  };
  page.drawnCameras = cameras;
  page.paintCamera = (context) => {
    context.fillStyle = '#b9b2a4';
    context.fillRect(0, 0, 1280, 720);
  };
  MediaDevices.prototype.enumerateDevices = async () =>
    cameras.plugged.map((label) => ({
      kind: 'videoinput',
      deviceId: `id of ${label}`,
      label,
      groupId: '',
    })) as MediaDeviceInfo[];
  MediaDevices.prototype.getUserMedia = async (constraints) => {
    if (cameras.refusal) throw new DOMException('as the test wants it', cameras.refusal);
    const { deviceId } = (constraints?.video ?? {}) as { deviceId?: { exact: string } };
    const label = deviceId ? cameras.plugged.find((name) => `id of ${name}` === deviceId.exact) : cameras.plugged[0];
    if (label === undefined) throw new DOMException('none', deviceId ? 'OverconstrainedError' : 'NotFoundError');
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const stream = canvas.captureStream(cameras.isStill ? 0 : 15);
    const [track] = stream.getVideoTracks() as [MediaStreamTrack];
    const paint = () => {
      if (track.readyState === 'ended') clearInterval(painting);
      // The same picture again is no new frame: one corner changes.
      page.paintCamera(context);
      context.fillStyle = Math.random() < 0.5 ? '#010101' : '#020202';
      context.fillRect(0, 0, 2, 2);
    };
    const painting = setInterval(paint, 60);
    Object.defineProperty(track, 'label', { value: label });
    track.getSettings = () => ({ deviceId: `id of ${label}`, width: 1280, height: 720 });
    track.getCapabilities = () => abilities;
    track.applyConstraints = async ({ advanced = [] } = {}) => {
      cameras.told.push(...advanced);
    };
    return stream;
  };
}
