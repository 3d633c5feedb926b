import { BlockList, isIPv4 } from 'node:net';

/** `private`: of this machine or a network of one's own. `closed`: nothing that an endpoint could be. */
export type AddressKind = 'public' | 'private' | 'closed';

const PRIVATE = list(
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
);

/** What is neither a host of the internet nor of one's own network; 169.254.0.0/16 has the secrets of cloud machines. */
const CLOSED = list(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Of these, some lead on to an IPv4 address that is written within.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
);

/** All that is given out of IPv6. */
const GLOBAL = list(['2000::', 3]);

/** What an IP address (RFC 6890) is for a message that must not wander into somebody's network. */
export function classifyAddress(address: string): AddressKind {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (CLOSED.check(address, family)) return 'closed';
  if (PRIVATE.check(address, family)) return 'private';
  return family === 'ipv4' || GLOBAL.check(address, family) ? 'public' : 'closed';
}

function list(...subnets: readonly (readonly [net: string, prefix: number])[]): BlockList {
  const blocked = new BlockList();
  for (const [net, prefix] of subnets) blocked.addSubnet(net, prefix, isIPv4(net) ? 'ipv4' : 'ipv6');
  return blocked;
}
