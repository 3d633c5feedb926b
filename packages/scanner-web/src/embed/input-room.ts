import type { CameraFrame } from '../input/camera-frame.ts';
import type { CameraSetup, SetupEvent } from '../input/camera-setup.ts';
import type { CameraEvent, CameraState } from '../input/camera-state.ts';
import type { Place } from '../input/digital-zoom.ts';

/** What an input hands its scanner. A scanner takes one code at a time: what comes beside it is dropped. */
export interface InputRoom {
  /** The text of a code. */
  readText(text: string): void;
  /** A picture, such as a file; of several codes in it none is chosen. */
  readImage(image: Blob): void;
  /** One frame after the other; settles when the next one is wanted. The frame is closed by the scanner. */
  readFrame(frame: CameraFrame): Promise<void>;
  /** What became of a camera. */
  reportCamera(event: CameraEvent | SetupEvent): void;
}

/** An input at work. */
export interface InputConnection {
  /** For a camera: called whenever its state or what is set of it is another one. */
  followCamera?(state: CameraState, setup: CameraSetup): void;
  /** For a camera: the lens is to focus on what was touched in the box of the video, in pixels; or on the middle. */
  focusCamera?(touch?: Place): void;
  /** Lets everything go. */
  disconnect(): void;
}

/** A way in which codes come to a scanner: `cameraInput`, `gunInput`, `serialInput`, `pasteInput`, `fileInput`, or one of your own. */
export interface ScannerInput {
  /** Called when the scanner starts, and again when it starts anew. */
  connect(room: InputRoom): InputConnection;
}
