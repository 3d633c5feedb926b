/** A camera of this device, as the browser calls it. */
export interface CameraDevice {
  readonly id: string;
  /** Empty until the browser has given a camera to this page once. */
  readonly label: string;
}

/** Far more than a counter has. */
const MOST_DEVICES = 32;
const LONGEST_NAME = 256;

/** The cameras among the devices; before the permission is given browsers tell of one without a name or an id. */
export function pickCameras(
  devices: readonly { readonly kind: string; readonly deviceId: string; readonly label: string }[],
): CameraDevice[] {
  return devices
    .filter(({ kind }) => kind === 'videoinput')
    .slice(0, MOST_DEVICES)
    .map(({ deviceId, label }) => ({ id: deviceId, label: label.trim().slice(0, LONGEST_NAME) }));
}

/**
 * The wanted camera among those that there are. Ids change when the site's data is cleared or the browser is updated: then
 * it is the one of the same name, unless two have it.
 */
export function findCamera(devices: readonly CameraDevice[], wanted: CameraDevice): CameraDevice | undefined {
  const same = devices.find(({ id }) => id !== '' && id === wanted.id);
  if (same) return same;
  const [namesake, another] = devices.filter(({ label }) => label !== '' && label === wanted.label);
  return another ? undefined : namesake;
}

/** @param text as it was remembered, or whatever else lies in its place */
export function parseCamera(text: string | null): CameraDevice | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { id, label } = found as Record<string, unknown>;
  return isName(id) && isName(label) ? { id, label } : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_NAME;
}
