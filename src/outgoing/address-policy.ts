import { parse, parseCIDR, type IPv4, type IPv6 } from 'ipaddr.js';

/** Everything outside 2000::/3 is special or unassigned; ipaddr.js calls some of it "unicast", e.g. ::10.0.0.1. */
const GLOBAL_IPV6 = parseCIDR('2000::/3');

/**
 * True for an address of the public internet. Every special range is refused: private, loopback, link-local,
 * carrier-grade NAT, multicast, documentation, and all IPv6 forms that carry an IPv4 address inside
 * (mapped, NAT64, 6to4, Teredo), because what they reach is decided elsewhere.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === null || parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6);
}

/** True for 127.0.0.0/8 and ::1 only. The mapped form ::ffff:127.0.0.1 is not taken for loopback. */
export function isLoopbackAddress(address: string): boolean {
  return parseAddress(address)?.range() === 'loopback';
}

function parseAddress(address: string): IPv4 | IPv6 | null {
  // A zone ("fe80::1%eth0") names an interface of this machine, never a public place.
  if (address.includes('%')) return null;
  try {
    return parse(address);
  } catch {
    return null;
  }
}
