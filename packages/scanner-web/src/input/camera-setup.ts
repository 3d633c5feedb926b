import type { CameraDevice } from './camera-choice.ts';
import { type CameraAbilities, NO_ABILITIES } from './camera-track.ts';
import type { SightAdvice } from './sight-advice.ts';

/** Which cameras there are, which of them gives the picture, and how it is set. */
export interface CameraSetup {
  /** Those that can be chosen. */
  readonly devices: readonly CameraDevice[];
  /** What the operator has chosen since the page was opened. */
  readonly chosen?: CameraDevice;
  /** The one that was opened last. */
  readonly used?: CameraDevice;
  /** The one that is remembered is not there: another one is used. */
  readonly isSubstitute: boolean;
  /** A picture from the side of the screen is shown as in a mirror: whoever holds something to it moves it the right way. */
  readonly isMirrored: boolean;
  readonly abilities: CameraAbilities;
  readonly isTorchOn: boolean;
  /** How many times larger than the whole picture. */
  readonly zoom: number;
  readonly advice?: SightAdvice | undefined;
}

/** What can happen to it. */
export type SetupEvent =
  | { readonly kind: 'cameras_listed'; readonly devices: readonly CameraDevice[] }
  | ({ readonly kind: 'camera_found' } & FoundCamera)
  | { readonly kind: 'camera_chosen'; readonly camera: CameraDevice }
  | { readonly kind: 'torch_switched'; readonly isOn: boolean }
  | { readonly kind: 'zoom_chosen'; readonly zoom: number }
  | { readonly kind: 'sight_changed'; readonly advice: SightAdvice | undefined };

/** A camera that has been opened. */
export type FoundCamera = Pick<CameraSetup, 'isSubstitute' | 'isMirrored' | 'abilities'> & {
  readonly used: CameraDevice;
};

/** As long as no camera has been opened. */
export const NO_SETUP: CameraSetup = {
  devices: [],
  isSubstitute: false,
  isMirrored: false,
  abilities: NO_ABILITIES,
  isTorchOn: false,
  zoom: 1,
};

/** The steps that the buttons take. */
const ZOOM_STEPS: readonly number[] = [1, 1.5, 2, 3, 4];

/** The set-up after an event; the very same where nothing changed: a camera says so many times a second. */
export function advanceSetup(setup: CameraSetup, event: SetupEvent): CameraSetup {
  switch (event.kind) {
    case 'cameras_listed':
      return { ...setup, devices: event.devices.filter(({ id }) => id !== '') };
    case 'camera_found': {
      const { used, isSubstitute, isMirrored, abilities } = event;
      // The torch goes out with the picture. A document camera is enlarged once for the whole day.
      const zoom = used.id === setup.used?.id ? Math.min(setup.zoom, abilities.mostZoom) : 1;
      return { ...setup, used, isSubstitute, isMirrored, abilities, isTorchOn: false, zoom, advice: undefined };
    }
    case 'camera_chosen':
      return { ...setup, chosen: event.camera, used: event.camera, isSubstitute: false, zoom: 1 };
    case 'torch_switched':
      return setup.abilities.torch ? { ...setup, isTorchOn: event.isOn } : setup;
    case 'zoom_chosen':
      return { ...setup, zoom: Math.min(Math.max(event.zoom, 1), setup.abilities.mostZoom) };
    case 'sight_changed':
      return setup.advice === event.advice ? setup : { ...setup, advice: event.advice };
  }
}

/** The next step of the zoom, inwards or outwards; nothing at its end. */
export function findZoomStep({ zoom, abilities }: CameraSetup, direction: 'in' | 'out'): number | undefined {
  const steps = ZOOM_STEPS.filter((step) => step <= abilities.mostZoom);
  return direction === 'in' ? steps.find((step) => step > zoom) : steps.findLast((step) => step < zoom);
}
