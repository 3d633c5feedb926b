import { z } from 'zod';

/** A QR version 40 holds 4 296 alphanumeric characters: nothing longer was ever scanned. */
const MAX_QR_TEXT = 4296;

/** What a scanner read; the end of line that guns and serial ports put behind it is not of the code. */
export const scannedText = z
  .string()
  .min(1)
  .max(MAX_QR_TEXT)
  .transform((text) => text.replace(/(?<![\r\n])[\r\n]+$/, ''));
