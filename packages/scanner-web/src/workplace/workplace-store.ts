import { parseWorkplace, readModeOf } from './kept-workplace.ts';
import { DEFAULT_WORKPLACE, type Workplace } from './workplace.ts';

const KEY = 'zhengma.workplace';

/** The settings of this device, shared by its tabs. */
export interface WorkplaceStore {
  load(): Workplace;
  /** Keeps them, where the browser keeps data; else they hold until the page is closed. */
  save(workplace: Workplace): void;
}

/**
 * @param query of the page's address: a mode that it names is the one of this page, whatever was kept
 * @param onChange another tab has changed them
 */
export function openWorkplaceStore(query: string, onChange: (workplace: Workplace) => void): WorkplaceStore {
  const preset = readModeOf(query);
  const read = (text: string | null): Workplace => {
    const kept = parseWorkplace(text);
    return preset ? { ...kept, mode: preset } : kept;
  };
  addEventListener('storage', ({ key, newValue }) => {
    // Without a key everything was cleared.
    if (key === KEY || key === null) onChange(read(key === null ? null : newValue));
  });
  return {
    load() {
      try {
        return read(localStorage.getItem(KEY));
      } catch {
        return preset ? { ...DEFAULT_WORKPLACE, mode: preset } : DEFAULT_WORKPLACE;
      }
    },
    save(workplace) {
      try {
        localStorage.setItem(KEY, JSON.stringify(workplace));
      } catch {
        // Blocked or full: they hold until the page is closed.
      }
    },
  };
}
