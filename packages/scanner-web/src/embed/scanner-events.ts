import type { ScanState } from '../app/scan-state.ts';
import type { CameraProblem } from '../input/camera-problem.ts';
import type { ListsProblem } from '../lists/lists-problem.ts';
import type { ListsSummary } from '../lists/lists-summary.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { ScanNotice } from '../words/words.ts';

/** What a scanner is doing. */
export interface ScannerState {
  readonly work: 'looking' | 'checking' | 'verdict';
  /** `paused` too where there is no camera among the inputs. */
  readonly camera: 'opening' | 'live' | 'paused' | 'problem';
  /** The reader of pictures; `slow` where the page's policy allows no WASM. */
  readonly reader: 'starting' | 'ready' | 'slow' | 'failed';
  /** As the browser has it. */
  readonly online: boolean;
  /** How old the lists are that verdicts rest on, and what is wrong with them. */
  readonly lists: ListsSummary;
}

/** Something that stands in the way, and of what. */
export type ScannerProblem =
  | { readonly source: 'camera'; readonly code: CameraProblem }
  | { readonly source: 'reader'; readonly code: 'failed' }
  | { readonly source: 'lists'; readonly code: ListsProblem }
  /** There was something to see, but no code to check. */
  | { readonly source: 'picture'; readonly code: ScanNotice };

/** What a scanner tells. Nothing of it holds the text of a code; people are as masked as the code has them. */
export interface ScannerEvents {
  /** The answer to a code. */
  readonly verdict: Verdict;
  readonly state: ScannerState;
  /** Told once for each time that it arises. */
  readonly problem: ScannerProblem;
}

/** Takes one event. */
export type EmitScannerEvent = <Type extends keyof ScannerEvents>(type: Type, detail: ScannerEvents[Type]) => void;

/** What there is to know of a scanner without drawing it. */
export function describeScanner({ work, camera, engine, readsSlowly, online, lists }: ScanState): ScannerState {
  const { refreshing: _, ...summary } = lists;
  return {
    work: work.kind,
    camera: camera.kind,
    reader: engine === 'ready' && readsSlowly ? 'slow' : engine,
    online,
    lists: summary,
  };
}

/** Tells what is new in a state; nothing where it is only drawn otherwise. */
export function tellChange(state: ScanState, before: ScanState, emit: EmitScannerEvent): void {
  const described = describeScanner(state);
  if (JSON.stringify(described) !== JSON.stringify(describeScanner(before))) emit('state', described);
  const known = listProblems(before).map(nameOf);
  for (const problem of listProblems(state)) if (!known.includes(nameOf(problem))) emit('problem', problem);
  if (state.work.kind === 'verdict' && before.work.kind !== 'verdict') emit('verdict', state.work.verdict);
}

function listProblems({ camera, engine, lists, work }: ScanState): ScannerProblem[] {
  return [
    ...(camera.kind === 'problem' ? [{ source: 'camera' as const, code: camera.problem }] : []),
    ...(engine === 'failed' ? [{ source: 'reader' as const, code: engine }] : []),
    ...(lists.problem ? [{ source: 'lists' as const, code: lists.problem }] : []),
    ...(work.kind === 'looking' && work.notice ? [{ source: 'picture' as const, code: work.notice }] : []),
  ];
}

function nameOf({ source, code }: ScannerProblem): string {
  return `${source} ${code}`;
}
