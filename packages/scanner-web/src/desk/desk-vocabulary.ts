import type { ImportOutcome } from '../lists/list-import.ts';
import type { ShiftEnd, SignInProblem } from '../operator/operator-session.ts';
import type { TroubleCode } from '../receipts/receipt-queue.ts';
import type { Explanation } from '../words/words.ts';

/** What a page says of the receipt of the code before it. */
export type Mark = 'saving' | 'first' | 'saved' | 'saved_unique_unknown' | 'known' | 'unsaved' | 'failed';

/** Why nobody was signed in, as far as the page has its own words for it. */
export type ToldSignInProblem = Extract<
  SignInProblem,
  | 'key_format'
  | 'not_known_here'
  | 'lapsed'
  | 'no_storage'
  | 'unauthenticated'
  | 'forbidden'
  | 'too_many_offline_keys'
  | 'unexpected_answer'
  | 'rate_limited'
>;

/** What became of a file with a list, as far as the page has its own words for it. */
export type ToldImport = Extract<
  ImportOutcome,
  | 'newer'
  | 'same'
  | 'not_pinned'
  | 'rollback'
  | 'unknown_root'
  | 'bad_signature'
  | 'issued_in_future'
  | 'unknown_issuer'
  | 'unknown_key'
  | 'key_not_valid'
  | 'key_compromised'
  | 'wrong_list'
>;

/** What the page says around its operator, in one language. A missing sentence does not compile. */
export interface DeskWords {
  /** What the line about the operator is. */
  readonly bar: string;
  readonly nobody: string;
  readonly nobodyMeans: string;
  readonly openSignedOut: string;
  readonly openSignedIn: string;
  readonly unconfirmed: string;
  readonly mark: Readonly<Record<Mark, string>>;
  readonly end: Readonly<Record<ShiftEnd, string>>;
  readonly queue: {
    readonly heading: string;
    readonly waiting: (count: number, age: string) => string;
    readonly none: string;
    readonly unsaved: (count: number) => string;
    readonly troubles: (count: number) => string;
    readonly send: string;
    readonly sending: string;
    readonly sent: string;
    readonly signInToSend: string;
    readonly unreachable: string;
    readonly otherProblem: (code: string) => string;
    readonly otherOrganisation: string;
    readonly notPersisted: string;
  };
  readonly signIn: {
    readonly heading: string;
    readonly key: string;
    readonly keyHint: string;
    readonly submit: string;
    readonly problem: Readonly<Record<ToldSignInProblem, string>>;
    readonly otherProblem: (code: string) => string;
  };
  readonly shift: {
    readonly heading: string;
    readonly since: (time: string) => string;
    readonly businessType: string;
    readonly unsaid: string;
    readonly change: string;
    readonly changeMeans: string;
    readonly signOut: string;
    readonly askSignOut: (count: number) => string;
    readonly unsentMeans: string;
    readonly unsavedMeans: string;
    readonly stay: string;
    readonly signOutAnyway: string;
  };
  readonly troubles: {
    readonly heading: (count: number) => string;
    readonly means: string;
    readonly code: Readonly<Record<TroubleCode, Explanation>>;
    readonly verifiedAt: string;
    readonly since: Readonly<Record<'replayed' | 'changed', string>>;
    readonly businessType: string;
    readonly operator: string;
    readonly credential: string;
    readonly receipt: string;
    readonly dismiss: string;
  };
  readonly lists: {
    readonly heading: string;
    readonly means: string;
    readonly chooseFolder: string;
    readonly chooseFiles: string;
    readonly nothingFound: string;
    readonly trust: (outcome: string) => string;
    readonly snapshot: (outcome: string) => string;
    readonly status: (count: number, outcome: string) => string;
    readonly outcome: Readonly<Record<ToldImport, string>>;
    readonly damaged: string;
    readonly notStored: string;
  };
  readonly clock: {
    readonly behind: (amount: string) => Explanation;
    readonly ahead: (amount: string) => Explanation;
    readonly minutes: (count: number) => string;
    readonly hours: (count: number) => string;
    readonly days: (count: number) => string;
  };
  readonly close: string;
}
