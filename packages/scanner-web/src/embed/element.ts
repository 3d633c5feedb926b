export type { ListsProblem } from '../lists/lists-problem.ts';
export type { ListsSummary } from '../lists/lists-summary.ts';
export type { Person, Tone, Verdict, VerdictCode } from '../verdict/verdict.ts';
export type { ScannerEvents, ScannerProblem, ScannerState } from './scanner-events.ts';
export { ZhengmaScannerElement, type ZhengmaScannerEventMap } from './zhengma-scanner.ts';
