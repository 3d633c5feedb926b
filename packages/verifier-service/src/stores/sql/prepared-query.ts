import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands in a query for a value that is given when it runs. */
class Placeholder {
  readonly row: number;
  readonly name: string;

  constructor(row: number, name: string) {
    this.row = row;
    this.name = name;
  }
}

/** The place of a value in a query. */
export type Value<V> = <K extends keyof V & string>(name: K) => V[K];

/**
 * A query that is built once for a database and run with other values each time: what every verification asks is built more
 * slowly than SQLite answers it. The function that it gives takes what builds the query of the values, by name; only their
 * places may matter to it.
 */
export function prepareQuery<V extends object>() {
  return <R>(build: (db: Kysely<Tables>, value: Value<V>) => Compilable<R>) => {
    const run = prepareRows<V>()((db, [value]) => build(db, value as Value<V>));
    return (db: Kysely<Tables>, values: V): Promise<QueryResult<R>> => run(db, [values]);
  };
}

/** The same of several rows of values: built once for each number of rows that there was. */
export function prepareRows<V extends object>() {
  return <R>(build: (db: Kysely<Tables>, values: readonly Value<V>[]) => Compilable<R>) => {
    /** By what a database and its transactions have in common. */
    const built = new WeakMap<object, Map<number, CompiledQuery<R>>>();
    return (db: Kysely<Tables>, rows: readonly V[]): Promise<QueryResult<R>> => {
      const { adapter } = db.getExecutor();
      const queries = built.get(adapter) ?? new Map<number, CompiledQuery<R>>();
      built.set(adapter, queries);
      let query = queries.get(rows.length);
      if (!query) {
        query = build(
          db,
          rows.map((_, row) => (name) => new Placeholder(row, name) as never),
        ).compile();
        queries.set(rows.length, query);
      }
      const parameters = query.parameters.map((parameter) =>
        parameter instanceof Placeholder ? rows[parameter.row]?.[parameter.name as keyof V] : parameter,
      );
      return db.executeQuery({ ...query, parameters });
    };
  };
}
