import { Buffer } from 'node:buffer';
import type { Plain } from '../vectors/make/cbor.ts';
import { mapFrom, withEntries } from '../vectors/make/cose.ts';
import { STATUS_URI } from '../vectors/make/lists.ts';
import { NOW_SECONDS } from '../vectors/make/people.ts';

/** What is signed besides credentials and lists: tokens of other formats, and receipts. */

type Claims = Map<Plain, Plain>;

/** One good claims set of each format. */
export function makeForeignTokens(): Readonly<Record<'hcert' | 'identity' | 'cwt', Claims>> {
  const hcert = mapFrom([
    [1, 'XX'],
    [4, NOW_SECONDS + 3600],
    [6, NOW_SECONDS],
    [
      -260,
      mapFrom([
        [
          1,
          mapFrom([
            ['ver', '1.3.0'],
            ['dob', '1990-01-01'],
            ['nam', mapFrom([['fnt', 'NOBODY']])],
            ['v', [mapFrom([['dn', 1]])]],
          ]),
        ],
      ]),
    ],
  ]);
  const identity = mapFrom([
    [1, 'issuer'],
    [
      169,
      mapFrom([
        [1, '1234'],
        [4, 'Nobody'],
        [8, '19900101'],
        [9, 1],
      ]),
    ],
  ]);
  const cwt = mapFrom([
    [1, 'issuer'],
    [4, NOW_SECONDS + 60],
    [6, NOW_SECONDS],
    [
      65_535,
      mapFrom([
        [
          'status_list',
          mapFrom([
            ['idx', 0],
            ['uri', 'https://lists.example/1'],
          ]),
        ],
      ]),
    ],
  ]);
  return { hcert, identity, cwt };
}

export const RECEIPT_TYPE = 'application/zhengma-receipt+cwt';

type Change = readonly (readonly [Plain, Plain | undefined])[];

/** docs/format.md §12; `map` replaces entries of the receipt's map. */
export function receiptClaims(change: Change = [], map: Change = []): Claims {
  const said = mapFrom([
    [0, 'valid'],
    [1, 'H37020000001'],
    [2, '窗口一'],
    [3, ['370200', Buffer.alloc(8, 2)]],
    [4, false],
    [5, true],
    [6, Buffer.alloc(32, 3)],
    [7, 5],
    [8, [STATUS_URI, NOW_SECONDS]],
    [9, 1301],
  ]);
  const whole = mapFrom([
    [1, 'example service'],
    [6, NOW_SECONDS],
    [7, Buffer.alloc(16, 1)],
    [-65_539, withEntries(said, map)],
  ]);
  return withEntries(whole, change);
}
