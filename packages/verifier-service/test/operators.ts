import type { ActionDeps } from '../src/actions/deps.ts';
import { addOperator as add, type NewOperator } from '../src/actions/organisations.ts';
import { actLocally } from '../src/actions/set-up.ts';

/** An operator, of an organisation directly below the issuer's, or of the issuer's own. */
export async function addOperator(
  given: Omit<NewOperator, 'organisation'> & { readonly organisation?: string },
  deps: ActionDeps,
) {
  const by = await actLocally(deps);
  const id = given.organisation ?? by.organisation;
  if (!(await deps.store.findOrganisation(id)))
    await deps.store.addOrganisation({ id, name: id, parent: by.organisation }, by, deps.currentDate());
  return add({ ...given, organisation: id }, by, deps);
}
