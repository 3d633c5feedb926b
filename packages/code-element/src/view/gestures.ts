/** How far a finger goes before it is a swipe and not a tap, in CSS pixels. */
const SWIPE_PIXELS = 48;
/** A finger that meant to tap may move so much. */
const TAP_PIXELS = 12;

/** What a finger or a mouse can mean on the code. */
export interface Gestures {
  /** 1 for the next person, -1 for the one before. */
  onSwipe(step: 1 | -1): void;
  onTap(target: EventTarget | null): void;
}

/** Tells swipes from taps. */
export function listenToGestures(element: HTMLElement, { onSwipe, onTap }: Gestures): void {
  let start: PointerEvent | undefined;
  element.addEventListener('pointerdown', (event) => {
    start = event.isPrimary ? event : undefined;
  });
  element.addEventListener('pointercancel', () => {
    start = undefined;
  });
  element.addEventListener('pointerup', (event) => {
    if (!start || event.pointerId !== start.pointerId) return;
    const [right, down] = [event.clientX - start.clientX, event.clientY - start.clientY];
    start = undefined;
    if (Math.abs(right) >= SWIPE_PIXELS && Math.abs(right) > 2 * Math.abs(down)) onSwipe(right < 0 ? 1 : -1);
    else if (Math.hypot(right, down) <= TAP_PIXELS && event.button === 0) onTap(event.target);
  });
}
