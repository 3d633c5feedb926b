import { type Camera, openCamera } from '../input/camera.ts';
import type { ScannerInput } from './input-room.ts';

/**
 * Codes that are held before the camera. It is let go while the page is hidden, and asked for again afterwards.
 *
 * @param video shows what the camera sees; needs the attributes `muted` and `playsinline`
 */
export function cameraInput({ video }: { readonly video: HTMLVideoElement }): ScannerInput {
  return {
    connect(room) {
      let camera: Camera | undefined;
      /** Counts openings: a camera that arrives after it was given up is let go at once. */
      let turn = 0;
      const reportVisibility = () => room.reportCamera({ kind: document.hidden ? 'page_hidden' : 'page_shown' });

      async function open(): Promise<void> {
        const mine = ++turn;
        const opening = await openCamera(video, room.readFrame, () =>
          room.reportCamera({ kind: 'camera_failed', problem: 'missing' }),
        );
        if (mine !== turn) return opening.ok ? opening.camera.stop() : undefined;
        if (!opening.ok) return room.reportCamera({ kind: 'camera_failed', problem: opening.problem });
        camera = opening.camera;
        room.reportCamera({ kind: 'camera_live' });
      }

      function close(): void {
        turn++;
        camera?.stop();
        camera = undefined;
      }

      document.addEventListener('visibilitychange', reportVisibility);
      // Of what an input reports while it is being connected nobody follows yet.
      queueMicrotask(reportVisibility);
      return {
        followCamera({ kind }) {
          if (kind === 'opening') open();
          else if (kind !== 'live') close();
        },
        disconnect() {
          document.removeEventListener('visibilitychange', reportVisibility);
          close();
        },
      };
    },
  };
}
