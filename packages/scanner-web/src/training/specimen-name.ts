/** What can be practised: two that are good, one that could not be fully checked, four that are refused, and a code of another system. */
export const SPECIMENS = [
  'presented',
  'paper',
  'unchecked',
  'copy',
  'expired',
  'revoked',
  'forged',
  'official',
] as const;

export type SpecimenName = (typeof SPECIMENS)[number];
