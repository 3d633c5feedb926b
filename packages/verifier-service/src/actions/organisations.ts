import { randomUUID } from 'node:crypto';
import { ServiceError } from '../errors.ts';
import type { Actor, Caller, Operator, OperatorScope, Organisation, Role } from '../stores/access.ts';
import { createApiKey, hashApiKey } from './api-key.ts';
import { hashTokenSubject } from './authenticate.ts';
import type { ActionDeps } from './deps.ts';
import { LOCAL_OPERATOR } from './set-up.ts';

type AccessDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>;
type LinkDeps = AccessDeps & Pick<ActionDeps, 'openId'>;

/** Of a tree: each verification asks who listens at every level above it, and writes a message to each. */
const MAX_LEVELS = 6;

export interface NewOperator {
  readonly name: string;
  readonly role: Role;
  /** The code of the organisation they work for. */
  readonly organisation: string;
  readonly scope?: OperatorScope;
  readonly expiresAt?: Date;
}

/**
 * Adds an organisation below one of the caller's. Throws `ServiceError`: `organisation_not_found` for a parent that the
 * caller has no say in, `organisation_exists`, `invalid_request` for a parent on the lowest level.
 */
export async function addOrganisation(
  { id, name, parent }: { id: string; name: string; parent: string },
  by: Actor,
  { store, currentDate }: Pick<AccessDeps, 'store' | 'currentDate'>,
): Promise<Organisation> {
  await requireWithin(parent, by, { store });
  let level = 1;
  for (let above: string | undefined = parent; above; above = (await store.findOrganisation(above))?.parent) level += 1;
  if (level > MAX_LEVELS) {
    throw new ServiceError('invalid_request', `A tree of organisations has ${MAX_LEVELS} levels at most.`, {
      faults: [{ pointer: '/parent', reason: 'must be above the lowest level' }],
    });
  }
  if (!(await store.addOrganisation({ id, name, parent }, by, currentDate())))
    throw new ServiceError('organisation_exists', 'There is an organisation of this code already.');
  return { id, name, parent };
}

/**
 * Shuts an organisation out, with all below it, or lets it in again. From the next request on, in every process. Throws
 * `ServiceError`: `organisation_not_found`; `own_access`; `out_of_scope` where somebody would be let in again who may do more
 * than the caller.
 */
export async function setOrganisationDisabled(
  id: string,
  isDisabled: boolean,
  by: Caller,
  { store, currentDate }: Pick<AccessDeps, 'store' | 'currentDate'>,
): Promise<Organisation> {
  const found = await requireWithin(id, by, { store });
  if (id === by.organisation)
    throw new ServiceError('own_access', 'Nobody disables the organisation that they work for.');
  if (!isDisabled) await requireGrantable(await operatorsLetIn(id, { store }), by, { store });
  const now = currentDate();
  await store.disableOrganisation(id, isDisabled ? now : undefined, by, now);
  const { disabledAt: _, ...enabled } = found;
  return isDisabled ? { ...enabled, disabledAt: now } : enabled;
}

/**
 * Adds an operator of an organisation of the caller's and returns the API key, which nobody can show a second time. Throws
 * `ServiceError` `organisation_not_found`, `out_of_scope` for one who could do more than the caller, and
 * `invalid_request` for an end that is past.
 */
export async function addOperator(
  given: NewOperator,
  by: Caller,
  deps: AccessDeps,
): Promise<{ operator: Operator; apiKey: string }> {
  const operator = await createOperator(given, by, deps);
  await deps.store.addOperator(operator, by, deps.currentDate());
  return { operator, apiKey: await giveKey(operator, by, deps) };
}

/**
 * Adds an operator who comes in as a subject of the OpenID provider, without an API key. Throws as {@link addOperator} and
 * {@link linkSubject} do.
 */
export async function addLinkedOperator(
  { subject, ...given }: NewOperator & { readonly subject: string },
  by: Caller,
  deps: LinkDeps,
): Promise<{ operator: Operator }> {
  const operator = await createOperator(given, by, deps);
  await deps.store.addOperator(operator, by, deps.currentDate(), await hashProvidersSubject(subject, deps));
  return { operator };
}

/**
 * Lets whoever the OpenID provider calls by this subject act as an operator, in place of whom was linked before. Throws
 * `ServiceError` `openid_not_set_up`, `subject_taken`, and as {@link addApiKey} does.
 */
export async function linkSubject(id: string, subject: string, by: Caller, deps: LinkDeps): Promise<Operator> {
  const operator = await requireOperatorWithin(id, by, deps);
  await requireGrantable([operator], by, deps);
  await deps.store.linkSubject(await hashProvidersSubject(subject, deps), id, by, deps.currentDate());
  return operator;
}

/** Ends it, for every process at once; where the provider is set up no more, too. */
export async function unlinkSubject(id: string, by: Actor, deps: AccessDeps): Promise<{ unlinked: boolean }> {
  const operator = await requireOperatorWithin(id, by, deps);
  return { unlinked: await deps.store.unlinkSubject(operator.id, by, deps.currentDate()) };
}

/** A further API key for an operator, in addition to those they have. Throws as {@link addOperator} does. */
export async function addApiKey(id: string, by: Caller, deps: AccessDeps): Promise<{ apiKey: string }> {
  const operator = await requireOperatorWithin(id, by, deps);
  await requireGrantable([operator], by, deps);
  return { apiKey: await giveKey(operator, by, deps) };
}

/** Ends all API keys of an operator, for every process at once. */
export async function withdrawApiKeys(id: string, by: Actor, deps: AccessDeps): Promise<{ withdrawn: number }> {
  const operator = await requireOperatorWithin(id, by, deps);
  return { withdrawn: await deps.store.withdrawApiKeys(operator.id, by, deps.currentDate()) };
}

/**
 * Shuts an operator out, with all their keys, or lets them in again. From the next request on, in every process. Throws
 * `ServiceError`: `operator_not_found`; `own_access`; `out_of_scope` for letting in one who may do more than the caller.
 */
export async function setOperatorDisabled(
  id: string,
  isDisabled: boolean,
  by: Caller,
  deps: AccessDeps,
): Promise<Operator> {
  const found = await requireOperatorWithin(id, by, deps);
  if (id === by.operator) throw new ServiceError('own_access', 'Nobody disables themselves.');
  if (!isDisabled) await requireGrantable([found], by, deps);
  const now = deps.currentDate();
  await deps.store.disableOperator(id, isDisabled ? now : undefined, by, now);
  const { disabledAt: _, ...enabled } = found;
  return isDisabled ? { ...enabled, disabledAt: now } : enabled;
}

/** The organisation, when it is the caller's own or below it. Throws `ServiceError` `organisation_not_found`. */
export async function requireWithin(
  id: string,
  { organisation }: Pick<Actor, 'organisation'>,
  { store }: Pick<AccessDeps, 'store'>,
): Promise<Organisation> {
  const found = await store.findOrganisation(id);
  if (found && (await store.isWithin(id, organisation))) return found;
  throw new ServiceError('organisation_not_found', 'There is no such organisation in your part of the tree.');
}

async function requireOperatorWithin(id: string, by: Actor, { store }: Pick<AccessDeps, 'store'>): Promise<Operator> {
  const operator = await store.findOperator(id);
  // The owner of the folder has no API key, and gets none: what is done with it would be taken for theirs.
  if (operator && id !== LOCAL_OPERATOR && (await store.isWithin(operator.organisation, by.organisation)))
    return operator;
  throw new ServiceError('operator_not_found', 'There is no such operator in your part of the tree.');
}

const RESTRICTIONS = ['regions', 'types', 'businessTypes'] as const;

/** Nobody gives a key by which more could be done, or for longer, than by their own, or lets such a key in again. */
async function requireGrantable(
  operators: readonly Pick<Operator, 'scope' | 'expiresAt'>[],
  by: Caller,
  { store }: Pick<AccessDeps, 'store'>,
): Promise<void> {
  const end = (await store.findOperator(by.operator))?.expiresAt;
  const givesIdNumbers = await mayGiveIdNumbers(by, { store });
  const canDoMore = operators.some(({ scope, expiresAt }) => {
    const isTooLong = end !== undefined && (expiresAt === undefined || expiresAt > end);
    const isTooWide = RESTRICTIONS.some((name) => {
      const [own, granted] = [by.scope[name], scope[name]];
      // Regions are prefixes; the others are of one length each, so there it is equality.
      return own && !granted?.every((value) => own.some((prefix) => value.startsWith(prefix)));
    });
    return isTooLong || isTooWide || (scope.readIdNumbers && !givesIdNumbers);
  });
  if (canDoMore)
    throw new ServiceError('out_of_scope', 'Nobody gives others more than they may do themselves, or for longer.');
}

/** Who may act again once the organisation is enabled; whoever is disabled themselves is not let in by that. */
async function operatorsLetIn(id: string, { store }: Pick<AccessDeps, 'store'>): Promise<readonly Operator[]> {
  return (await store.operatorsWithin(id)).filter(({ disabledAt }) => disabledAt === undefined);
}

/**
 * Who reads ID numbers may let others, and so may whoever rules the whole tree and is held to nothing: the first
 * administrators have no reason to read any themselves.
 */
async function mayGiveIdNumbers(
  { scope, organisation }: Caller,
  { store }: Pick<AccessDeps, 'store'>,
): Promise<boolean> {
  if (scope.readIdNumbers) return true;
  if (RESTRICTIONS.some((name) => scope[name])) return false;
  const own = await store.findOrganisation(organisation);
  return own !== undefined && own.parent === undefined;
}

async function createOperator(
  { scope = {}, ...given }: NewOperator,
  by: Caller,
  deps: Pick<AccessDeps, 'store' | 'currentDate'>,
): Promise<Operator> {
  await requireWithin(given.organisation, by, deps);
  if (given.expiresAt && given.expiresAt <= deps.currentDate())
    throw new ServiceError('invalid_request', 'The operator would be over before they begin.');
  const operator: Operator = { id: randomUUID(), ...given, scope };
  await requireGrantable([operator], by, deps);
  return operator;
}

async function hashProvidersSubject(subject: string, { openId, keys }: LinkDeps): Promise<string> {
  if (openId) return hashTokenSubject(openId.issuer, subject, keys);
  throw new ServiceError('openid_not_set_up', 'Subjects are those of the provider that --openid-issuer names.');
}

async function giveKey(operator: Operator, by: Actor, { store, keys, currentDate }: AccessDeps): Promise<string> {
  const apiKey = createApiKey();
  const key = { hash: await hashApiKey(apiKey, keys), operator: operator.id, createdAt: currentDate() };
  await store.addApiKey(key, by);
  return apiKey;
}
