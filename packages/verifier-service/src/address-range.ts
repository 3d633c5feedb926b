import { BlockList, isIP } from 'node:net';

const RANGE = /^([0-9a-fA-F.:]{2,45})\/(\d{1,3})$/;

/** No desk network is larger: a wider range would let in a region, or everybody. */
const LEAST_PREFIX = { ipv4: 16, ipv6: 48 } as const;
const MOST_PREFIX = { ipv4: 32, ipv6: 128 } as const;

/** Whether this is a range of addresses as 10.20.0.0/16, no wider than a /16 (IPv4) or a /48 (IPv6). */
export function isAddressRange(text: string): boolean {
  const { address, prefix } = split(text);
  const family = findFamily(address);
  return family !== undefined && prefix >= LEAST_PREFIX[family] && prefix <= MOST_PREFIX[family];
}

/** Whether `address` lies in `range`; an IPv4 address also as IPv6 writes it. */
export function isWithinRange(address: string, range: string): boolean {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const family = findFamily(plain);
  const { address: start, prefix } = split(range);
  if (family === undefined || family !== findFamily(start)) return false;
  const list = new BlockList();
  list.addSubnet(start, prefix, family);
  return list.check(plain, family);
}

function split(range: string): { address: string; prefix: number } {
  const [, address = '', prefix = ''] = RANGE.exec(range) ?? [];
  return { address, prefix: Number(prefix) };
}

function findFamily(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
