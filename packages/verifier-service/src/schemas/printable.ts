import { z } from 'zod';

/** No control characters, no overrides of the reading direction, no half characters: no database keeps those as they were sent, and people read the text. */
export const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** An id or a code to search for, of up to 64 characters: what is not printable is nobody's. */
export const searchedId = z.string().min(1).max(64).regex(PRINTABLE);
