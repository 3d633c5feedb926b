import { listenForGun } from '../input/wedge-listener.ts';
import { readBurst } from '../scanner/gun-text.ts';
import { createScanMemory } from '../scanner/scan-memory.ts';
import type { ScannerInput } from './input-room.ts';

/**
 * Codes of a scanner gun that plays a keyboard, wherever the focus is. It is told from a person by its speed, and its keys do nothing
 * else in the page. What is typed into a field, or while a `<dialog>` is open, is left alone, unless that has the attribute
 * `data-gun`; such an `<input>` is for scanners that give text without keys, and is emptied.
 */
export function gunInput(): ScannerInput {
  return {
    connect(room) {
      const memory = createScanMemory();
      const stop = listenForGun((burst) => {
        const text = readBurst(burst) ?? '';
        if (memory.isNewCode(text, performance.now())) room.readText(text);
      });
      return { disconnect: stop };
    },
  };
}
