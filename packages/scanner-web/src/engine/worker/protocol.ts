import type { Light } from '../light.ts';
import type { Reading, UnreadCode } from '../reading.ts';

/** A frame as a video has it, or a picture that was drawn. */
export type Picture = VideoFrame | ImageBitmap;

/** What the page sends: a picture and how hard to look. The picture is transferred and closed by the worker. */
export interface ReadRequest {
  readonly id: number;
  readonly effort: 'frame' | 'still';
  readonly picture: Picture;
}

/** What comes back: `started` once (slow where there is no WASM), then one `read` for each request; `failed` when there will be no more. */
export type WorkerReply =
  | { readonly kind: 'started'; readonly isSlow: boolean }
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly reading: Reading | null;
      readonly unread: readonly UnreadCode[];
      readonly light: Light;
    };
