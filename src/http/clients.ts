import { BlockList, isIP } from 'node:net';
import { AstroJobsError } from '../index.js';

/** An address in the one form that it is compared in: IPv4 inside IPv6 as IPv4, no zone. */
export function plainAddress(address: string): string {
  const [zoneless = ''] = address.split('%', 1);
  const bare = zoneless.toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare;
}

/**
 * Whom limits count an address for: IPv4 as it is, of IPv6 the network of 64 bits, for a single customer has all of its
 * addresses.
 */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'anonymous';
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** A set of addresses, given as such or as `ADDRESS/BITS`. @throws AstroJobsError `invalid_params` for what is neither */
export function addressSet(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits, ...more] = entry.split('/');
    const family = isIP(address);
    const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
    const whole = /^\d{1,3}$/.test(bits ?? '0') && prefix <= (family === 4 ? 32 : 128);
    if (family === 0 || !whole || more.length > 0) {
      throw new AstroJobsError(
        'invalid_params',
        `Expected an address such as 10.0.0.1 or 10.0.0.0/8, got ${JSON.stringify(entry)}`,
      );
    }
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/**
 * The client behind trusted proxies: each of them appends to `X-Forwarded-For` whom it was called by, so the last address that
 * is no proxy of ours is the client. What stands before it is the client's own word.
 */
export function forwardedClient(
  remoteAddress: string | undefined,
  forwardedFor: string | undefined,
  isProxy: (address: string) => boolean,
): string | undefined {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
  let client = remoteAddress;
  while (client !== undefined && isProxy(client)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    client = hop;
  }
  return client;
}
