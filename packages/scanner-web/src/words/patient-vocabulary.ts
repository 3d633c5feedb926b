import type { Tone, VerdictCode } from '../verdict/verdict.ts';
import type { Explanation } from './explanation.ts';

/**
 * What the second screen and the voice say: to the person at the counter, and to whoever stands behind them. It accuses nobody:
 * most codes that are refused are those of people who did nothing wrong.
 */
export interface PatientWords {
  readonly title: string;
  readonly waiting: Explanation;
  readonly checking: Explanation;
  /** The page that scans is closed, or was never opened. */
  readonly scannerLost: Explanation;
  readonly headline: Readonly<Record<Tone, string>>;
  readonly verdict: Readonly<Record<VerdictCode, Explanation>>;
  /** Both names masked. */
  readonly actsFor: (delegate: string, person: string) => string;
}
