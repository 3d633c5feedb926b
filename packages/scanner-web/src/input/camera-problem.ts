/** Why there is no picture. Each has its own sentence and its own way out. */
export type CameraProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'failed';

/** Names the problem behind what getUserMedia rejected with. */
export function nameCameraProblem(error: unknown): CameraProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
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
