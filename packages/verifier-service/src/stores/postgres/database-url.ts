import { UsageError } from '../../errors.ts';
import type { Server } from './failover-pool.ts';

const FORM = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]+)(\/[^?#]*(?:\?[^#]*)?)$/;
const HOST = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/;

/** The servers that a `DATABASE_URL` names, several hosts with commas between as in libpq. Throws `UsageError`. */
export function readDatabaseUrl(url: string): readonly Server[] {
  const [, start, hosts = '', end] = FORM.exec(url) ?? [];
  const servers = hosts.split(',');
  if (start === undefined || !servers.every((host) => HOST.test(host) && URL.canParse(`${start}${host}${end}`))) {
    // The address holds a password: it is not repeated.
    throw new UsageError(
      'DATABASE_URL must be an address as postgres://user:password@host:5432/database; more servers after a comma: host:5432,host2:5432.',
    );
  }
  return servers.map((host) => ({ connectionString: `${start}${host}${end}` }));
}
