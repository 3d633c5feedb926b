/** How long the logo is held down by somebody who means it. */
const HOLD_MILLISECONDS = 3_000;
/** After this long without a touch nobody is there: what somebody opened or set is not for the next one. */
const LEFT_MILLISECONDS = 60_000;

/** What befalls a kiosk. */
export interface KioskEvents {
  /** Whoever works there holds the logo. */
  readonly onHeld: () => void;
  /** Whoever used it has left. */
  readonly onLeft: () => void;
}

/**
 * What a kiosk does by itself: the first touch fills the screen, whoever works there gets at the settings by holding the logo, and
 * the one who leaves leaves nothing behind.
 *
 * @param isKiosk whether the device is one now
 */
export function watchKiosk(logo: HTMLElement, isKiosk: () => boolean, { onHeld, onLeft }: KioskEvents): void {
  let left: ReturnType<typeof setTimeout> | undefined;
  for (const kind of ['pointerdown', 'keydown']) {
    document.addEventListener(
      kind,
      () => {
        clearTimeout(left);
        left = setTimeout(() => isKiosk() && onLeft(), LEFT_MILLISECONDS);
      },
      // A dialog keeps what is typed in it to itself.
      { capture: true },
    );
  }

  // The end of a touch, for its begin lets a page do nothing of the kind.
  document.addEventListener('pointerup', () => {
    if (!isKiosk() || document.fullscreenElement) return;
    // A browser that was started to fill the screen has nothing to add, and one without it goes on as it is.
    document.documentElement.requestFullscreen?.().catch(() => undefined);
  });
  let held: ReturnType<typeof setTimeout> | undefined;
  logo.addEventListener('pointerdown', () => {
    clearTimeout(held);
    if (isKiosk()) held = setTimeout(onHeld, HOLD_MILLISECONDS);
  });
  for (const kind of ['pointerup', 'pointerleave', 'pointercancel']) {
    logo.addEventListener(kind, () => clearTimeout(held));
  }
  // A finger that rests would get the menu of a picture.
  logo.addEventListener('contextmenu', (event) => isKiosk() && event.preventDefault());
}
