import { encodeHex } from '../bytes/hex.ts';
import { sha256 } from '../bytes/sha256.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { OpenedCode } from '../credential/open.ts';
import { getMaxAgeSeconds } from '../credential/presentation.ts';
import { MAX_CLOCK_SKEW_SECONDS } from '../limits.ts';

/** By what a store can tell that the same code was shown before. */
export interface Replay {
  /** 64 hexadecimal digits, the same for every spelling of what is shown; of what a device shows, another each second. */
  readonly key: string;
  /** From then on every verifier refuses the code for its age, so that the key need not be kept any longer. */
  readonly until: Date;
}

/**
 * Hashes signed content only. Text, compression and signature have other spellings that verify as well, and a key made of
 * them would let one code through twice.
 */
export function createReplay(code: OpenedCode): Replay {
  const { content, holderKey } = code.credential;
  const presenter = code.delegation?.content.delegateKey ?? holderKey;
  const signed = [content.issuer, content.id, presenter?.coseKey ?? null, code.presentation?.message.payload ?? null];
  const ends = [content.expiresAt.getTime()];
  if (code.presentation) {
    ends.push(code.presentation.content.presentedAt.getTime() + getMaxAgeSeconds(content) * 1000);
  }
  return {
    key: encodeHex(sha256(encodeCbor(signed))),
    // With the widest tolerance, since a store serves many verifiers; and at the very end of its time a presentation still passes.
    until: new Date(Math.min(...ends) + MAX_CLOCK_SKEW_SECONDS * 1000 + 1000),
  };
}
