import type { Tone, VerdictCode } from '../verdict/verdict.ts';
import type { CameraWords } from './camera-words.ts';
import type { Explanation } from './explanation.ts';
import type { PatientWords } from './patient-vocabulary.ts';

/** Why the page goes on looking although there was something to see. */
export type ScanNotice = 'no_code_in_image' | 'image_too_large' | 'several_codes' | 'check_failed';

/** Everything the pages say, in one language. A missing sentence does not compile. */
export interface Words {
  readonly brand: string;
  readonly notAffiliated: string;
  readonly languageSwitch: string;
  readonly headline: Readonly<Record<Tone, string>>;
  /** To the operator; what the person at the counter is told stands under `patient`. */
  readonly verdict: Readonly<Record<VerdictCode, Explanation>>;
  readonly patient: PatientWords;
  readonly checkPerson: string;
  /** Of a phone that gets a credential. */
  readonly enrolmentCode: Explanation;
  /** Where the code does not say the name. */
  readonly askName: string;
  readonly shownByOwnDevice: string;
  readonly shownByDelegate: string;
  /** @param person absent where the code does not say the name */
  readonly actsFor: (delegate: string, relation: string, person: string | undefined) => string;
  /** @param until absent where it ends with the credential */
  readonly grantedBy: (grantor: 'issuer' | 'holder', until: string | undefined) => string;
  readonly repeated: string;
  readonly statusUnchecked: string;
  /** Names and number as the code carries them. */
  readonly reveal: string;
  /** @param seconds until it is hidden by itself */
  readonly concealIn: (seconds: number) => string;
  /** Above what few need. */
  readonly moreFacts: string;
  /** The second screen, which faces the patient. */
  readonly openPatientScreen: string;
  /** In its place where the second screen follows another window. */
  readonly patientScreenElsewhere: string;
  readonly nextPerson: string;
  readonly nextPersonKeys: string;
  readonly checkedOffline: string;
  readonly notEnrolled: (enrolment: string) => string;
  /** @param uses what the code is limited to */
  readonly onlyFor: (uses: string) => string;
  readonly person: {
    readonly name: string;
    readonly idNumber: string;
    readonly scheme: string;
    readonly personClass: string;
    readonly assistance: string;
    /** Whoever is given assistance is served first. */
    readonly priority: string;
    readonly priorityFor: (assistance: string) => string;
    readonly enrolment: string;
    readonly uses: string;
    readonly usesSeparator: string;
    readonly form: string;
    readonly paper: string;
    readonly region: string;
    readonly issuer: string;
    readonly expiresAt: string;
    readonly undisclosed: string;
    /** @param among what these may be */
    readonly undisclosedCount: (count: number, among: string) => string;
  };
  readonly scan: {
    readonly title: string;
    readonly aim: string;
    /** Where codes are read slowly. */
    readonly aimSlowly: string;
    readonly starting: string;
    readonly checking: string;
    readonly chooseImage: string;
    readonly notice: Readonly<Record<ScanNotice, string>>;
    readonly engineFailed: Explanation;
    readonly tryAgain: string;
  };
  readonly camera: CameraWords;
  readonly lists: {
    readonly none: string;
    readonly loading: string;
    readonly updated: (age: string) => string;
    readonly lastChecked: (age: string) => string;
    readonly refresh: string;
    readonly refreshing: string;
    readonly offline: string;
    readonly unreachable: string;
    readonly rootsChanged: Explanation;
    readonly noStorage: string;
    readonly notStored: string;
    readonly refused: (reason: string) => Explanation;
    readonly fromTheFuture: Explanation;
    readonly damaged: string;
  };
  readonly age: {
    readonly justNow: string;
    readonly minutes: (count: number) => string;
    readonly hours: (count: number) => string;
    readonly days: (count: number) => string;
  };
  readonly wallet: {
    readonly title: string;
    readonly unreadable: string;
    readonly unverified: string;
  };
}
