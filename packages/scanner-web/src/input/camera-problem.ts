/** Why there is no picture. Each has its own sentence and its own way out. */
export type CameraProblem =
  /** Somebody has just said no. */
  | 'denied'
  /** The browser says no by itself: somebody said so before, or whoever administers it. */
  | 'blocked'
  /** The browser's question was put away without an answer. */
  | 'dismissed'
  /** The browser may, but the operating system does not let it. */
  | 'blocked_by_system'
  /** The page, or the page that it is embedded in, has been given no camera. */
  | 'blocked_by_policy'
  | 'missing'
  | 'busy'
  | 'insecure'
  /** It was there and went away: unplugged, or taken by the system. */
  | 'lost'
  /** It is open and gives no picture. */
  | 'stalled'
  | 'failed';

/** What the browser says of its permission; `unknown` where it has no word for cameras. */
export type CameraPermission = 'granted' | 'denied' | 'prompt' | 'unknown';

/**
 * Names the problem behind what getUserMedia rejected with.
 *
 * @param before the permission before it was asked for
 * @param after the permission now
 */
export function nameCameraProblem(
  error: unknown,
  before: CameraPermission = 'unknown',
  after: CameraPermission = before,
): CameraProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return nameRefusal(before, after);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

function nameRefusal(before: CameraPermission, after: CameraPermission): CameraProblem {
  if (after === 'granted') return 'blocked_by_system';
  if (after === 'prompt') return 'dismissed';
  return before === 'denied' ? 'blocked' : 'denied';
}

/** Whether the problem is gone once the browser's permission is another one. */
export function hangsOnPermission(problem: CameraProblem): boolean {
  return problem === 'denied' || problem === 'blocked' || problem === 'dismissed';
}

/** Whether the problem is gone once another camera is plugged in. */
export function hangsOnDevices(problem: CameraProblem): boolean {
  return problem === 'missing' || problem === 'lost' || problem === 'busy';
}

/** Whether the problem may pass by itself, so that it is worth trying again without being told to. */
export function mayPass(problem: CameraProblem): boolean {
  return problem === 'busy' || problem === 'lost' || problem === 'stalled' || problem === 'failed';
}
