import { type DeviceKeyPair, generateDeviceKey } from '@zhengma/credential-core/present';
import type { Operator } from '@zhengma/verifier-service/client';
import { type Database, describeDatabase } from '../storage/database.ts';

/** An operator who has worked at this device. */
export interface KnownOperator {
  readonly operator: Operator;
  /** Signs their receipts here; another for every operator, and nobody can read the private half. */
  readonly keyPair: DeviceKeyPair;
  /** By what their API key is known again while the service cannot be asked. */
  readonly keyDigest: Uint8Array;
  /** When the service last let them in. */
  readonly confirmedAt: Date;
}

/** Who may work at this device, also without a network. */
export interface OperatorStore {
  /** The pair of an operator: kept before it is given, for a key that is registered and lost takes one of eight places. */
  takeKeyPair(operator: string): Promise<DeviceKeyPair>;
  /** Another pair from now on: the service takes nothing by the one before. */
  replaceKeyPair(operator: string): Promise<DeviceKeyPair>;
  keepOperator(known: KnownOperator): Promise<void>;
  forgetOperator(operator: string): Promise<void>;
  listOperators(): Promise<readonly KnownOperator[]>;
}

/** The store in this browser; it is opened when it is first needed. */
export function createOperatorStore(
  database: Database = describeDatabase('zhengma-operators', (tables) => {
    tables.createObjectStore('pairs');
    tables.createObjectStore('operators');
  }),
): OperatorStore {
  async function keepNew(operator: string): Promise<DeviceKeyPair> {
    const { keyPair } = await generateDeviceKey();
    await database.change(['pairs'], (tables) => tables.objectStore('pairs').put(keyPair, operator));
    return keyPair;
  }

  const readPair = (operator: string): Promise<DeviceKeyPair | undefined> =>
    database.read('pairs', (table) => table.get(operator));

  return {
    // Two tabs that make the first pair at once: one of them waits, and finds it.
    takeKeyPair: (operator) =>
      navigator.locks.request('zhengma-operator-key', async () => (await readPair(operator)) ?? keepNew(operator)),
    replaceKeyPair: (operator) => navigator.locks.request('zhengma-operator-key', () => keepNew(operator)),
    keepOperator: (known) =>
      database.change(['operators'], (tables) => tables.objectStore('operators').put(known, known.operator.id)),
    forgetOperator: (operator) =>
      database.change(['operators'], (tables) => tables.objectStore('operators').delete(operator)),
    listOperators: () => database.read('operators', (table) => table.getAll()),
  };
}
