import { CredentialError, presentCredential } from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import { checkTimes, type Holding } from '../holding/holding.ts';
import type { Person } from '../holding/person.ts';
import { chooseStrip } from '../holding/strip.ts';
import type { Problem } from '../problem.ts';

/** A code, ready to be drawn. */
export interface Picture {
  /** Modules along one side, the quiet zone included. */
  readonly modules: number;
  /** The dark modules, as the `d` of an SVG path. */
  readonly path: string;
  readonly drawnAt: Date;
  /** When to draw the next one; for a code that stays as it is, when it ends. */
  readonly renewAt: Date;
  /** From then on it must not be seen. */
  readonly expiresAt: Date;
}

/** For whom a presentation is, where somebody asked for one. */
export interface Asked {
  readonly audience?: string;
  readonly challenge?: Uint8Array;
}

/** Draws the code of this moment. Never throws: a key may fail in any way, and that is a problem like the others. */
export async function drawPicture(
  holding: Holding,
  key: Person['key'],
  asked: Asked,
  now: Date,
): Promise<Picture | Problem> {
  if (holding.kind === 'unusable') return { code: holding.problem };
  // Such a counter refuses what no device signs; shown, it would only be given away.
  if (holding.kind !== 'bound' && (asked.audience ?? asked.challenge)) return { code: 'unbound' };
  if (holding.kind === 'strips') {
    const chosen = chooseStrip(holding.strips, now);
    if ('code' in chosen) return chosen;
    return drawText(chosen.strip.text, { drawnAt: now, renewAt: chosen.shownUntil, expiresAt: chosen.strip.expiresAt });
  }
  const { times } = holding;
  const problem = checkTimes(times, now);
  if (problem) return { code: problem, ...(times.notBefore && { availableFrom: times.notBefore }) };
  const end = earlier(times.expiresAt, times.delegatedUntil);
  if (holding.kind === 'bearer') return drawText(holding.text, { drawnAt: now, renewAt: end, expiresAt: end });
  if (!key) return { code: 'no_key' };
  try {
    const { text, renewAt, expiresAt } = await presentCredential(holding.credential, key, {
      ...asked,
      disclose: holding.disclose,
      currentDate: now,
    });
    return await drawText(text, { drawnAt: now, renewAt: earlier(renewAt, end), expiresAt: earlier(expiresAt, end) });
  } catch (error) {
    return { code: nameFailure(error) };
  }
}

async function drawText(
  text: string,
  times: Pick<Picture, 'drawnAt' | 'renewAt' | 'expiresAt'>,
): Promise<Picture | Problem> {
  try {
    const svg = await renderQr(text, { format: 'svg' });
    // Its two facts instead of its markup: a page may forbid markup that is made at run time (Trusted Types).
    const modules = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
    const path = /<path d="([^"]+)"/.exec(svg)?.[1] ?? '';
    return { modules, path, ...times };
  } catch (error) {
    return { code: nameFailure(error) };
  }
}

function nameFailure(error: unknown): Problem['code'] {
  if (!(error instanceof CredentialError)) return 'signing_failed';
  switch (error.code) {
    case 'ERR_INVALID_KEY':
      return 'other_device';
    case 'ERR_CODE_TOO_LARGE':
    case 'ERR_QR_CAPACITY':
      return 'too_large';
    default:
      return 'signing_failed';
  }
}

function earlier(one: Date, other: Date | undefined): Date {
  return other && other < one ? other : one;
}
