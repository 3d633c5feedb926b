import { readBusinessType, readRoots, readServiceAddress } from './checked-options.ts';
import type { ScannerInput } from './input-room.ts';
import { describeScanner, type ScannerEvents, type ScannerState, tellChange } from './scanner-events.ts';
import { openSession, type Session } from './session.ts';

/** What {@link createScanner} takes. */
export interface ScannerOptions {
  /** `cameraInput`, `gunInput`, `serialInput`, `pasteInput`, `fileInput`: what is not named is not in your bundle. */
  readonly inputs: readonly ScannerInput[];
  /** Where the service is, such as `https://zm.example`; the page's own origin unless given. Only lists are asked for there. */
  readonly service?: string;
  /**
   * The service's root keys as it names them under `/v1/roots`, to be compared by a person and written into your page. Without
   * them those are pinned that the service shows at the first visit.
   */
  readonly roots?: readonly string[];
  /** What codes are scanned for, five digits: a code that is not for this is refused. */
  readonly businessType?: string;
  /** The folder in which `worker.js`, `zxing_reader.wasm` and `plain-reader.js` lie, with a slash at its end; beside the library unless given. */
  readonly files?: string;
  /** The beginning of the name of the database in which lists are kept: `zhengma-embedded` unless given. */
  readonly database?: string;
}

/** Reads codes and verifies them in the browser, also without a network. It draws nothing. */
export interface Scanner {
  /** Nothing while it is stopped. */
  readonly state: ScannerState | undefined;
  /** As in the options; holds for the next code. */
  businessType: string | undefined;
  /** Connects the inputs and starts the reader. One that runs goes on. */
  start(): void;
  /** Lets go of the camera, the worker and the lists; `start` begins anew. */
  stop(): void;
  /** Takes the verdict away and looks for the next code. A verdict about a person goes by itself after two minutes. */
  next(): void;
  /**
   * Checks the text of a code, or the code in a picture, in place of the verdict that stands. The answer comes as an event.
   *
   * @throws TypeError while the scanner is stopped
   */
  scan(what: string | Blob): void;
  /** Listens; the answer ends it. */
  on<Type extends keyof ScannerEvents>(type: Type, listener: (detail: ScannerEvents[Type]) => void): () => void;
}

/** Where lists of embedded scanners are kept. */
export const DATABASE = 'zhengma-embedded';

/**
 * A scanner without a face: for pages that show verdicts in their own way.
 *
 * @throws TypeError for a wrong option
 */
export function createScanner(options: ScannerOptions): Scanner {
  const { inputs, files, database = DATABASE } = options;
  if (!Array.isArray(inputs)) throw new TypeError('inputs must be an array');
  const service = readServiceAddress(options.service);
  const roots = readRoots(options.roots);
  let businessType = readBusinessType(options.businessType);
  let session: Session | undefined;
  const target = new EventTarget();

  return {
    get state() {
      return session && describeScanner(session.state);
    },
    get businessType() {
      return businessType;
    },
    set businessType(code) {
      businessType = readBusinessType(code);
    },
    start() {
      session ??= openSession({
        inputs,
        service,
        roots,
        files,
        database,
        // Nothing is said.
        language: 'zh-CN',
        businessType: () => businessType,
        onChange: (state, before) =>
          tellChange(state, before, (type, detail) => target.dispatchEvent(new CustomEvent(type, { detail }))),
      });
    },
    stop() {
      session?.close();
      session = undefined;
    },
    next() {
      session?.dispatch({ kind: 'next_person' });
    },
    scan(what) {
      if (!session) throw new TypeError('the scanner is stopped');
      session.scan(what);
    },
    on(type, listener) {
      const hear = (event: Event) => listener((event as CustomEvent).detail);
      target.addEventListener(type, hear);
      return () => target.removeEventListener(type, hear);
    },
  };
}
