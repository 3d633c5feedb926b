/** How long the logo is held down by somebody who means it. */
const HOLD_MILLISECONDS = 3_000;

/**
 * What a kiosk does by itself: the first touch fills the screen, and whoever works there gets at the settings by holding the logo.
 *
 * @param isKiosk whether the device is one now
 */
export function watchKiosk(logo: HTMLElement, isKiosk: () => boolean, onHeld: () => void): void {
  // The end of a touch, for its begin lets a page do nothing of the kind.
  document.addEventListener('pointerup', () => {
    if (!isKiosk() || document.fullscreenElement) return;
    // A browser that was started to fill the screen has nothing to add, and one without it goes on as it is.
    document.documentElement.requestFullscreen?.().catch(() => undefined);
  });
  let held: ReturnType<typeof setTimeout> | undefined;
  logo.addEventListener('pointerdown', () => {
    if (isKiosk()) held = setTimeout(onHeld, HOLD_MILLISECONDS);
  });
  for (const kind of ['pointerup', 'pointerleave', 'pointercancel']) {
    logo.addEventListener(kind, () => clearTimeout(held));
  }
  // A finger that rests would get the menu of a picture.
  logo.addEventListener('contextmenu', (event) => isKiosk() && event.preventDefault());
}
