import { type DeviceKeyPair, generateDeviceKey } from '@zhengma/credential-core/present';
import type { Operator } from '@zhengma/verifier-service/client';
import { type Database, describeDatabase } from '../storage/database.ts';

/** An operator who has worked at this device. */
export interface Desk {
  readonly operator: Operator;
  /** Signs their receipts here; another for every operator, and nobody can read the private half. */
  readonly keyPair: DeviceKeyPair;
  /** By what their API key is known again while the service cannot be asked. */
  readonly keyDigest: Uint8Array;
  /** When the service last let them in. */
  readonly confirmedAt: Date;
}

/** Who may work at this device, also without a network. */
export interface DeskStore {
  /** The pair of an operator: kept before it is given, for a key that is registered and lost takes one of eight places. */
  takeKeyPair(operator: string): Promise<DeviceKeyPair>;
  /** Another pair from now on: the service takes nothing by the one before. */
  replaceKeyPair(operator: string): Promise<DeviceKeyPair>;
  writeDesk(desk: Desk): Promise<void>;
  deleteDesk(operator: string): Promise<void>;
  listDesks(): Promise<readonly Desk[]>;
}

/** The store in this browser; it is opened when it is first needed. */
export function createDeskStore(
  database: Database = describeDatabase('zhengma-operators', (tables) => {
    tables.createObjectStore('pairs');
    tables.createObjectStore('desks');
  }),
): DeskStore {
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
    writeDesk: (desk) =>
      database.change(['desks'], (tables) => tables.objectStore('desks').put(desk, desk.operator.id)),
    deleteDesk: (operator) => database.change(['desks'], (tables) => tables.objectStore('desks').delete(operator)),
    listDesks: () => database.read('desks', (table) => table.getAll()),
  };
}
