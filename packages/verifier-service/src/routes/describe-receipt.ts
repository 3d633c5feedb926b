/** A receipt as JSON has it: bytes as base64url. */
export function describeReceipt({ id, verifiedAt, signed }: { id: string; verifiedAt: Date; signed: Uint8Array }) {
  return { id, verifiedAt, signed: Buffer.from(signed).toString('base64url') };
}
