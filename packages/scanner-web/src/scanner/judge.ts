import {
  createReplayGuard,
  type TrustList,
  type VerificationSuccess,
  verifyCredential,
} from '@zhengma/credential-core/verify';
import { type HeldLists, type ListKeeper, NO_LISTS } from '../lists/list-keeper.ts';
import type { ServiceWord } from '../operator/service-word.ts';
import {
  judgeForeign,
  judgeResult,
  judgeWithoutLists,
  nameForeignKind,
  refuseByService,
  type Verdict,
} from '../verdict/verdict.ts';

/** Turns the text of a code into a verdict. */
export interface Judge {
  /** @param businessType what it is scanned for, five digits: from the begin of the check to its end */
  judge(text: string, businessType: string | undefined): Promise<Judgement>;
}

/** A verdict, and what came of recording it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Id of the receipt; settles once it is made, or will not be, and never rejects. Absent where nothing is recorded. */
  readonly receipt?: Promise<string | undefined>;
}

/** A code that was good by the lists here. */
export interface AcceptedCode {
  readonly text: string;
  readonly result: VerificationSuccess;
  readonly trust: Pick<TrustList, 'publisher' | 'sequence'>;
  readonly verifiedAt: Date;
  readonly businessType: string | undefined;
  /** Whether there is a service to ask, as far as the page knows. */
  readonly isOnline: boolean;
}

/** What became of a code that was good by the lists here. */
export interface Acceptance extends Pick<Judgement, 'receipt'> {
  readonly word: ServiceWord;
}

/** What a judge rests on. */
export interface JudgeParts {
  /** Nothing where the browser keeps no data. */
  readonly keeper: Promise<ListKeeper | undefined>;
  /** Asks for the newest lists; settles when they are here, or could not be had. */
  readonly refresh: () => Promise<void>;
  readonly isOnline: () => boolean;
  /** Has the last word on a code that was good by the lists here: it may have been used elsewhere. */
  readonly accept: (accepted: AcceptedCode) => Promise<Acceptance>;
  readonly now: () => Date;
}

/** How long an operator waits for newer lists before an amber answer stands. */
const PATIENCE_SECONDS = 5;

const THIS_COUNTER = 'this counter';

/** The judge of one page: it knows what was presented to it before, until the page is closed. */
export function createJudge({ keeper, refresh, isOnline, accept, now }: JudgeParts): Judge {
  const seen = createReplayGuard();

  /**
   * An amber answer is given only after the newest lists were asked for: a list may have been published since the last
   * refresh, and the very first code may be quicker than the very first lists.
   */
  async function judge(text: string, businessType: string | undefined): Promise<Judgement> {
    const kept = await keeper;
    if (!kept) return judgeBy(NO_LISTS, text, businessType);
    const judged = await judgeBy(kept.lists, text, businessType);
    if (judged.verdict.tone !== 'unsure' || !isOnline()) return judged;
    await Promise.race([refresh(), waitSeconds(PATIENCE_SECONDS)]);
    return judgeBy(kept.lists, text, businessType);
  }

  async function judgeBy(
    { trust, status, refused, problem }: HeldLists,
    text: string,
    businessType: string | undefined,
  ): Promise<Judgement> {
    const currentDate = now();
    const foreign = nameForeignKind(text);
    if (foreign) return { verdict: judgeForeign(foreign, currentDate) };
    if (!trust) return { verdict: judgeWithoutLists(currentDate) };
    const result = await verifyCredential(text, trust, {
      currentDate,
      status,
      ...(businessType !== undefined && { businessType }),
    });
    const verdict = judgeResult(result, currentDate, refused);
    if (verdict.tone !== 'valid' || !result.ok) return { verdict };
    const { word, ...recorded } = await accept({
      text,
      result,
      trust,
      verifiedAt: currentDate,
      businessType,
      isOnline: isOnline() && problem !== 'unreachable',
    });
    if (word.kind === 'refused') return { verdict: refuseByService(verdict, word.code) };
    // A bearer code is the same at every visit: only of a presentation is it worth saying.
    if (!result.presentation) return { verdict, ...recorded };
    const repeated = seen.admit(result, THIS_COUNTER, currentDate) === 'repeated';
    return { verdict: { ...verdict, repeated }, ...recorded };
  }

  return { judge };
}

function waitSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
