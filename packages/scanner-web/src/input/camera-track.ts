/** What the camera at hand can do; what it cannot is not offered. */
export interface CameraAbilities {
  readonly torch: boolean;
  /** How many times it enlarges at most. */
  readonly mostZoom: number;
  /** Where its lens does so: how it calls the least and the most. Without one the middle of the picture is cut out. */
  readonly opticalZoom?: { readonly min: number; readonly max: number };
  /** It can be told to focus, on a place of the picture where it has `place`. */
  readonly focus?: 'place' | 'once';
  readonly focusesItself: boolean;
}

/** The part of MediaTrackCapabilities that is read here (W3C MediaStream Image Capture §4). */
export interface TrackCapabilities {
  readonly torch?: boolean;
  readonly zoom?: { readonly min?: number; readonly max?: number };
  readonly focusMode?: readonly string[];
}

/** What it can be told, by the same specification. */
export interface TrackSettings {
  readonly torch?: boolean;
  readonly zoom?: number;
  readonly focusMode?: 'continuous' | 'single-shot';
  readonly pointsOfInterest?: readonly { readonly x: number; readonly y: number }[];
}

/** Of 720 lines 240 are left: three pixels for each of the 73 modules of version 14. */
const MOST_DIGITAL_ZOOM = 3;

/** Of no camera. */
export const NO_ABILITIES: CameraAbilities = { torch: false, mostZoom: 1, focusesItself: false };

/** @param takesPlaces whether the browser knows points of interest at all */
export function readAbilities(
  { torch, zoom, focusMode = [] }: TrackCapabilities,
  takesPlaces: boolean,
): CameraAbilities {
  const { min = 0, max = 0 } = zoom ?? {};
  const isOptical = min > 0 && max > min;
  const canRefocus = focusMode.includes('single-shot');
  return {
    torch: torch === true,
    mostZoom: isOptical ? max / min : MOST_DIGITAL_ZOOM,
    ...(isOptical && { opticalZoom: { min, max } }),
    ...(canRefocus && { focus: takesPlaces ? 'place' : 'once' }),
    focusesItself: focusMode.includes('continuous'),
  };
}

/** How the lens is told to enlarge so many times; nothing where it does not. */
export function zoomSettings({ opticalZoom }: CameraAbilities, factor: number): TrackSettings | undefined {
  return opticalZoom && { zoom: Math.min(opticalZoom.min * factor, opticalZoom.max) };
}

/** How much of the enlarging is left to the page. */
export function chooseDigitalZoom({ opticalZoom }: CameraAbilities, factor: number): number {
  return opticalZoom ? 1 : factor;
}
