import type { CameraFrame } from './camera-frame.ts';
import { judgeLight, type Light } from './light.ts';

const [SAMPLE_WIDTH, SAMPLE_HEIGHT] = [32, 18];

/** A copy of a few pixels says as much of the light as the whole picture. The frame stays the caller's. */
export function createLightMeter(): (frame: CameraFrame) => Light {
  const canvas = document.createElement('canvas');
  canvas.width = SAMPLE_WIDTH;
  canvas.height = SAMPLE_HEIGHT;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  return (frame) => {
    context?.drawImage(frame, 0, 0, SAMPLE_WIDTH, SAMPLE_HEIGHT);
    return context ? judgeLight(context.getImageData(0, 0, SAMPLE_WIDTH, SAMPLE_HEIGHT).data) : 'enough';
  };
}
