import type { HandOverWay, WorkplaceMode } from './workplace.ts';

/** What the page says of the place it stands at, in one language. A missing sentence does not compile. */
export interface WorkplaceWords {
  readonly open: string;
  readonly heading: string;
  readonly means: string;
  readonly mode: string;
  readonly modes: Readonly<Record<WorkplaceMode, { readonly name: string; readonly means: string }>>;
  readonly windowNumber: string;
  readonly windowNumberHint: string;
  readonly windowNumberFault: string;
  readonly window: (number: string) => string;
  readonly elder: string;
  readonly voice: string;
  readonly sound: string;
  readonly handOver: {
    readonly label: string;
    readonly off: string;
    readonly ways: Readonly<Record<HandOverWay, string>>;
    readonly address: string;
    readonly addressHint: Readonly<Record<'http' | 'websocket', string>>;
    readonly addressFault: string;
    readonly template: string;
    readonly templateHint: string;
    readonly templateFault: string;
    readonly automatic: string;
    readonly withCode: string;
    readonly withCodeMeans: string;
  };
  readonly save: string;
  readonly cancel: string;
}
