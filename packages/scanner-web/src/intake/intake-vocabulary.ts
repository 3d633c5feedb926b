import type { SerialState } from '../input/serial-gun.ts';
import type { Suffix } from '../input/wedge.ts';
import type { GunFinding } from '../scanner/gun-check.ts';
import type { Explanation } from '../words/words.ts';

/** Why nothing was checked of a file. */
export type UnreadReason = 'too_large' | 'no_picture' | 'no_code' | 'several_codes';

/** What is said about all that brings a code but the camera, in one language. */
export interface IntakeWords {
  readonly openGuns: string;
  /** Beside the buttons, where there is a mouse. */
  readonly pasteOrDrop: string;
  readonly dropHere: string;
  readonly close: string;
  readonly guns: { readonly heading: string; readonly means: string };
  readonly check: {
    readonly heading: string;
    readonly means: string;
    readonly picture: string;
    readonly waiting: string;
    readonly right: string;
    readonly readable: string;
    readonly broken: string;
    readonly finding: Readonly<Record<GunFinding, Explanation>>;
    readonly changed: (pairs: readonly string[]) => string;
    readonly pair: (sent: string, arrived: string) => string;
    readonly lost: (characters: readonly string[]) => string;
    readonly space: string;
    readonly speed: (charactersPerSecond: number) => string;
    readonly suffix: Readonly<Record<Suffix, string>>;
  };
  readonly serial: {
    readonly heading: string;
    readonly means: string;
    readonly unsupported: string;
    readonly choose: string;
    readonly baudRate: string;
    readonly state: Readonly<Record<SerialState, string>>;
  };
  readonly field: {
    readonly heading: string;
    readonly means: string;
    readonly turnOn: string;
    readonly turnOff: string;
    readonly label: string;
  };
  readonly files: {
    readonly heading: string;
    readonly progress: (done: number, total: number) => string;
    readonly tooMany: (most: number) => string;
    readonly unread: Readonly<Record<UnreadReason, string>>;
    readonly copy: string;
    readonly copied: string;
    readonly notCopied: string;
    readonly copyMeans: string;
  };
}
