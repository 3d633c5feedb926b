/** A scanner gun types a key every few milliseconds; nobody's fingers are as quick. */
const ALONE_MILLISECONDS = 120;

/** Calls for a key that was pressed by itself, with no other right before or after it: those of a gun spell a code. */
export function watchLoneKey(code: string, onPress: () => void): void {
  let lastAt = Number.NEGATIVE_INFINITY;
  let pending: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('keydown', (event) => {
    clearTimeout(pending);
    const isAlone = event.timeStamp - lastAt >= ALONE_MILLISECONDS;
    lastAt = event.timeStamp;
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.repeat && !event.defaultPrevented;
    if (isAlone && isPlain && event.code === code && !isTyping(event.target))
      pending = setTimeout(onPress, ALONE_MILLISECONDS);
  });
}

/** Whether what is pressed goes into a field. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}
