import { recall, remember } from '../storage/remembered.ts';
import { type CameraDevice, parseCamera } from './camera-choice.ts';

const KEY = 'zhengma.camera';

/** The camera chosen last on this device; nothing where nobody has chosen one. */
export function recallCamera(): CameraDevice | undefined {
  return parseCamera(recall(KEY));
}

/** Remembers the choice, where the browser keeps data. */
export function rememberCamera({ id, label }: CameraDevice): void {
  remember(KEY, JSON.stringify({ id, label }));
}
