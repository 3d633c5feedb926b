import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands in a query for a value that is given when it runs. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Value<V> = <K extends keyof V & string>(name: K) => V[K];

/**
 * A query that is built once for a database and run with other values each time: what every verification asks is built more
 * slowly than SQLite answers it. The function that it gives takes what builds the query of the values, by name; only their
 * places may matter to it.
 */
export function prepareQuery<V extends object>() {
  return <R>(build: (db: Kysely<Tables>, value: Value<V>) => Compilable<R>) => {
    /** By what a database and its transactions have in common. */
    const built = new WeakMap<object, CompiledQuery<R>>();
    return (db: Kysely<Tables>, values: V): Promise<QueryResult<R>> => {
      const { adapter } = db.getExecutor();
      let query = built.get(adapter);
      if (!query) {
        query = build(db, (name) => new Placeholder(name) as never).compile();
        built.set(adapter, query);
      }
      const parameters = query.parameters.map((parameter) =>
        parameter instanceof Placeholder ? values[parameter.name as keyof V] : parameter,
      );
      return db.executeQuery({ ...query, parameters });
    };
  };
}
