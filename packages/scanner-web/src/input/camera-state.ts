import type { CameraProblem } from './camera-problem.ts';

/** The picture: being opened, running, let go while nobody looks at the page, or why there is none. */
export type CameraState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'problem'; readonly problem: CameraProblem };

/** What can happen to the picture. */
export type CameraEvent =
  | { readonly kind: 'camera_live' }
  | { readonly kind: 'camera_failed'; readonly problem: CameraProblem }
  | { readonly kind: 'camera_retried' }
  | { readonly kind: 'page_hidden' }
  | { readonly kind: 'page_shown' };

/** The picture after an event. An event that does not fit changes nothing. */
export function advanceCamera(camera: CameraState, event: CameraEvent): CameraState {
  switch (event.kind) {
    case 'camera_live':
      return camera.kind === 'opening' ? { kind: 'live' } : camera;
    case 'camera_failed':
      return camera.kind === 'paused' ? camera : { kind: 'problem', problem: event.problem };
    case 'camera_retried':
      return camera.kind === 'problem' ? { kind: 'opening' } : camera;
    case 'page_hidden':
      // Phones take the camera away from a hidden page; a picture that is let go can be had again.
      return camera.kind === 'problem' ? camera : { kind: 'paused' };
    case 'page_shown':
      return camera.kind === 'paused' ? { kind: 'opening' } : camera;
  }
}
