/** The steps of a visit in the order in which people come to them, and those of a stay after them. */
export const STEPS = ['01101', '01201', '01203', '01301', '01302', '01303', '01102', '01103', '01104'] as const;

/** @param scope what the operator may do; nothing: all of it */
export function listSteps(scope: readonly string[] | undefined): readonly string[] {
  return STEPS.filter((code) => scope?.includes(code) ?? true);
}
