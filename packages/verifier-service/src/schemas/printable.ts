/** No control characters, no overrides of the reading direction, no half characters: no database keeps those as they were sent, and people read the text. */
export const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;
