import { createCameraKeeper } from '../input/camera-keeper.ts';
import type { ScannerInput } from './input-room.ts';

/**
 * Codes that are held before the camera. It is let go while the page is hidden, and asked for again afterwards.
 *
 * @param video shows what the camera sees; needs the attributes `muted` and `playsinline`
 */
export function cameraInput({ video }: { readonly video: HTMLVideoElement }): ScannerInput {
  return {
    connect(room) {
      const keeper = createCameraKeeper({ video, takeFrame: room.readFrame, dispatch: room.reportCamera });
      // Of what an input reports while it is being connected nobody follows yet.
      queueMicrotask(() => room.reportCamera({ kind: document.hidden ? 'page_hidden' : 'page_shown' }));
      return { followCamera: keeper.follow, focusCamera: keeper.focus, disconnect: keeper.dispose };
    },
  };
}
