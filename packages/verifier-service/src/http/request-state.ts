import type { Operator } from '../stores/access.ts';

/** What the middleware leaves for the routes. */
export interface RequestState {
  requestId: string;
  /** The pattern of the route that matched, for the log: an address can carry what must not be logged. */
  routePattern?: string;
  /** Who calls; set where the route asks for a role. */
  operator?: Operator;
  /** Set where the route takes a body. */
  body?: JsonBody | ImageBody | LinesBody;
}

/** A body that was JSON: whatever it said, not yet checked. */
export interface JsonBody {
  readonly kind: 'json';
  readonly value: unknown;
}

/** A body that was sent as an image: its bytes, not yet decoded. */
export interface ImageBody {
  readonly kind: 'image';
  readonly bytes: Uint8Array;
}

/** A body of lines: the bytes of each, not yet parsed. At least one. */
export interface LinesBody {
  readonly kind: 'lines';
  readonly lines: readonly Uint8Array[];
}
