import type { Answer, Operator, Organisation, ServiceClient } from '@zhengma/verifier-service/client';
import type { Section } from './admin-words.ts';

/** Somebody who is signed in. The API key is in the client and nowhere else. */
export interface Session {
  readonly operator: Operator;
  readonly client: ServiceClient;
  /** Passes an answer on; ends the session where the key is no longer let in. */
  readonly hear: <Value>(answer: Promise<Answer<Value>>) => Promise<Answer<Value>>;
  readonly names: Names;
}

/** Whose ids the audit has. Those who may not read it know their own alone. */
export interface Names {
  readonly operators: () => readonly Pick<Operator, 'id' | 'name' | 'organisation'>[];
  readonly organisations: () => readonly Organisation[];
  load(): Promise<void>;
}

const SECTIONS: Readonly<Record<Operator['role'], readonly Section[]>> = {
  administrator: ['overview', 'issue', 'status', 'proposals', 'search', 'receipt'],
  auditor: ['overview', 'search'],
  issuer: ['issue', 'status', 'proposals'],
  verifier: ['receipt'],
};

/** What a role sees: nothing that the service would refuse it. */
export function sectionsOf({ role }: Pick<Operator, 'role'>): readonly Section[] {
  return SECTIONS[role];
}

/** Whether a role may read the audit. */
export function mayAudit(operator: Pick<Operator, 'role'>): boolean {
  return sectionsOf(operator).includes('search');
}

/** A session with a client that has an API key. */
export function createSession(operator: Operator, client: ServiceClient, onEnd: () => void): Session {
  const hear: Session['hear'] = async (answer) => {
    const heard = await answer;
    if (!heard.ok && heard.code === 'unauthenticated') onEnd();
    return heard;
  };
  return { operator, client, hear, names: createNames(operator, client, hear) };
}

function createNames(operator: Operator, client: ServiceClient, hear: Session['hear']): Names {
  let operators: ReturnType<Names['operators']> = [operator];
  let organisations: readonly Organisation[] = [];
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    if (!mayAudit(operator)) return;
    const [people, places] = await Promise.all([hear(client.listOperators()), hear(client.listOrganisations())]);
    if (people.ok) operators = people.value.operators;
    if (places.ok) organisations = places.value.organisations;
  }

  return {
    operators: () => operators,
    organisations: () => organisations,
    load() {
      loading ??= load().finally(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}
