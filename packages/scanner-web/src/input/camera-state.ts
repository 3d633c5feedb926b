import type { CameraDevice } from './camera-choice.ts';
import { type CameraProblem, mayPass } from './camera-problem.ts';

/** The picture: being opened, running, let go while nobody looks at the page, or why there is none. */
export type CameraState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | CameraTrouble;

/** Why there is no picture. It stays on the screen while the page tries again by itself. */
export interface CameraTrouble {
  readonly kind: 'problem';
  readonly problem: CameraProblem;
  /** How often the page has tried again by itself, in vain. */
  readonly retries: number;
  readonly isRetrying: boolean;
}

/** What can happen to the picture. */
export type CameraEvent =
  | { readonly kind: 'camera_live' }
  | { readonly kind: 'camera_failed'; readonly problem: CameraProblem }
  /** The operator tries again. */
  | { readonly kind: 'camera_retried' }
  /** There is a reason to try again without being told to: time has passed, something was plugged in, allowed or closed. */
  | { readonly kind: 'camera_sought' }
  /** The picture stands still, or the camera that is wanted is there again. */
  | { readonly kind: 'camera_reopened' }
  | { readonly kind: 'camera_chosen'; readonly camera: CameraDevice }
  | { readonly kind: 'page_hidden' }
  | { readonly kind: 'page_shown' };

/** The picture after an event. An event that does not fit changes nothing. */
export function advanceCamera(camera: CameraState, event: CameraEvent): CameraState {
  switch (event.kind) {
    case 'camera_live':
      return isTrying(camera) ? { kind: 'live' } : camera;
    case 'camera_failed':
      return fail(camera, event.problem);
    case 'camera_retried':
      return camera.kind === 'problem' ? { kind: 'opening' } : camera;
    case 'camera_sought':
      return camera.kind === 'problem' && !camera.isRetrying ? { ...camera, isRetrying: true } : camera;
    case 'camera_reopened':
      return camera.kind === 'live' ? { kind: 'opening' } : camera;
    case 'camera_chosen':
      return camera.kind === 'paused' ? camera : { kind: 'opening' };
    case 'page_hidden':
      // Phones take the camera away from a hidden page; a picture that is let go can be had again.
      return camera.kind === 'problem' ? { ...camera, isRetrying: false } : { kind: 'paused' };
    case 'page_shown':
      if (camera.kind === 'paused') return { kind: 'opening' };
      return camera.kind === 'problem' && mayPass(camera.problem) ? { ...camera, isRetrying: true } : camera;
  }
}

/** Whether a picture is being asked for at the moment. */
export function isTrying(camera: CameraState): boolean {
  return camera.kind === 'opening' || (camera.kind === 'problem' && camera.isRetrying);
}

const LONGEST_WAIT_SECONDS = 30;

/** How long to wait before the page tries again by itself, in seconds; nothing where that would be in vain. */
export function chooseRetryDelay(camera: CameraState): number | undefined {
  if (camera.kind !== 'problem' || camera.isRetrying || !mayPass(camera.problem)) return undefined;
  return Math.min(LONGEST_WAIT_SECONDS, 2 ** (camera.retries + 1));
}

function fail(camera: CameraState, problem: CameraProblem): CameraState {
  if (camera.kind === 'paused') return camera;
  if (camera.kind !== 'problem') return { kind: 'problem', problem, retries: 0, isRetrying: false };
  // That the camera is gone says more to somebody who has just pulled its plug than that there is none.
  const stays = camera.problem === 'lost' && problem === 'missing';
  return {
    kind: 'problem',
    problem: stays ? 'lost' : problem,
    retries: camera.retries + 1,
    isRetrying: false,
  };
}
