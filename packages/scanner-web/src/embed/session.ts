import { advance, openScan, type ScanEvent, type ScanState } from '../app/scan-state.ts';
import { findNewCheck } from '../app/work.ts';
import { startEngine } from '../engine/worker/client.ts';
import type { Place } from '../input/digital-zoom.ts';
import { createFrameReader } from '../scanner/frame-reader.ts';
import { createJudge } from '../scanner/judge.ts';
import { watchLists } from '../scanner/list-watch.ts';
import type { Language } from '../words/language.ts';
import { DEFAULT_WORKPLACE } from '../workplace/workplace.ts';
import type { InputConnection, InputRoom, ScannerInput } from './input-room.ts';
import { type ListOrigin, openLists } from './list-opening.ts';
import { startReaderWorker } from './reader-worker.ts';

const CLOCK_SECONDS = 10;

/** What a session is opened with. */
export interface SessionOptions extends ListOrigin {
  readonly inputs: readonly ScannerInput[];
  /** Where the files of the reader lie; beside the library unless given. */
  readonly files: string | undefined;
  readonly language: Language;
  /** What codes are scanned for, five digits. */
  readonly businessType: () => string | undefined;
  /** The state is another one. */
  readonly onChange: (state: ScanState, before: ScanState) => void;
}

/** A scanner from its start to its end: nothing of it is left running afterwards. */
export interface Session {
  readonly state: ScanState;
  dispatch(event: ScanEvent): void;
  /** Checks a code, or the one in a picture, in place of what is being shown. */
  scan(what: string | Blob): void;
  refreshLists(): Promise<void>;
  focusCamera(touch?: Place): void;
  close(): void;
}

/** Starts scanning. */
export function openSession(options: SessionOptions): Session {
  const { inputs, language, onChange } = options;
  const opened = openScan({
    language,
    currentDate: new Date(),
    online: navigator.onLine,
    workplace: DEFAULT_WORKPLACE,
  });
  // A camera is opened when there is an input that has one.
  let state = advance(opened, { kind: 'page_hidden' });
  let isOpen = true;

  const engine = startEngine(startReaderWorker(options.files), {
    onReady: ({ isSlow }) => dispatch({ kind: 'engine_ready', isSlow }),
    onFailed: () => dispatch({ kind: 'engine_failed' }),
  });
  const reader = createFrameReader({ engine, dispatch, isLooking: () => isOpen && state.work.kind === 'looking' });
  const lists = watchLists(() => openLists(options), {
    onRefreshing: () => dispatch({ kind: 'lists_refreshing' }),
    onLists: (_, summary) => {
      tick();
      dispatch({ kind: 'lists_changed', lists: summary });
    },
  });
  const judge = createJudge({
    keeper: lists.keeper,
    refresh: lists.refresh,
    isOnline: () => state.online,
    // Nobody is signed in here who could ask the service.
    accept: async () => ({ word: { kind: 'silent' } }),
    now: () => new Date(),
  });
  const room: InputRoom = {
    readText: (text) => dispatch({ kind: 'code_handed_over', text }),
    readImage: reader.takePicture,
    readFrame: reader.readFrame,
    reportCamera: dispatch,
  };
  const connections: readonly InputConnection[] = inputs.map((input) => input.connect(room));

  const clock = setInterval(tick, CLOCK_SECONDS * 1000);
  const onNetwork = () => dispatch({ kind: 'network_changed', online: navigator.onLine });
  addEventListener('online', onNetwork);
  addEventListener('offline', onNetwork);

  function tick(): void {
    dispatch({ kind: 'clock_ticked', currentDate: new Date() });
  }

  /** The only place where the state changes; what must follow a change is started here. */
  function dispatch(event: ScanEvent): void {
    const before = state;
    if (isOpen) state = advance(before, event);
    if (state === before) return;
    if (state.camera !== before.camera || state.cameraSetup !== before.cameraSetup) {
      for (const connection of connections) connection.followCamera?.(state.camera, state.cameraSetup);
    }
    const text = findNewCheck(before.work, state.work);
    if (text !== undefined) checkCode(text);
    if (state.work.kind === 'looking' && before.work.kind !== 'looking') {
      // A code that was left lying there must not bring back what was just cleared away.
      if (event.kind === 'clock_ticked') reader.awaitEmptyView();
      reader.lookAgain();
    }
    onChange(state, before);
  }

  async function checkCode(text: string): Promise<void> {
    const judged = await judge.judge(text, options.businessType()).catch(() => undefined);
    dispatch(judged ? { kind: 'judged', verdict: judged.verdict } : { kind: 'check_failed' });
  }

  return {
    get state() {
      return state;
    },
    dispatch,
    scan(what) {
      if (typeof what === 'string') dispatch({ kind: 'code_handed_over', text: what });
      else reader.takePicture(what);
    },
    refreshLists: lists.refresh,
    focusCamera(touch) {
      for (const connection of connections) connection.focusCamera?.(touch);
    },
    close() {
      isOpen = false;
      for (const connection of connections) connection.disconnect();
      engine.stop();
      lists.stop();
      reader.lookAgain();
      clearInterval(clock);
      removeEventListener('online', onNetwork);
      removeEventListener('offline', onNetwork);
    },
  };
}
