import { isIP } from 'node:net';
import { type IPv4, type IPv6, parse, parseCIDR, subnetMatch } from 'ipaddr.js';
import type { TrustedProxies } from '../config/config';

export interface Connection {
  /** Of the socket. */
  readonly address: string | undefined;
  /** The header X-Forwarded-For; several of them are one list. */
  readonly forwardedFor: string | undefined;
}

/**
 * Where a request comes from. Anybody can write X-Forwarded-For; each proxy adds whom it heard from at its end. So it is
 * read from the end, as far as the proxies are ours: what a client wrote into it itself is never reached.
 * Null when the connection is gone already.
 */
export function clientAddressOf(connection: Connection, trusted: TrustedProxies | null): string | null {
  const nearest = plain(connection.address ?? '');
  if (nearest === null || trusted === null) return nearest;
  const isTrusted = typeof trusted === 'number' ? (hop: number) => hop < trusted : inNetworks(trusted);
  let client = nearest;
  const chain = (connection.forwardedFor ?? '').split(',').toReversed();
  for (const [hop, text] of chain.entries()) {
    if (!isTrusted(hop, client)) break;
    const farther = plain(text.trim());
    if (farther === null) break;
    client = farther;
  }
  return client;
}

/**
 * What a client is counted by: its address, of IPv6 the first 64 bits. Whoever has one such address has all that share
 * them.
 */
export function clientKeyOf(address: string): string {
  return isIP(address) === 4 ? address : (parse(address) as IPv6).parts.slice(0, 4).join(':');
}

const MAPPED = '::ffff:';

function inNetworks(networks: readonly string[]): (hop: number, address: string) => boolean {
  const ranges = networks.map((network) =>
    network.includes('/')
      ? parseCIDR(network)
      : ([parse(network), isIP(network) === 4 ? 32 : 128] as [IPv4 | IPv6, number]),
  );
  return (_hop, address) => subnetMatch(parse(address), { trusted: ranges }, 'unknown') === 'trusted';
}

/** Without port, brackets and zone, and IPv4 as such: 1.2.3.4:80, [::1]:80, fe80::1%eth0, ::ffff:1.2.3.4. */
function plain(text: string): string | null {
  // As a socket tells it, where it listens to IPv4 or to both; it has one way to be written.
  const v4 = text.startsWith(MAPPED) ? text.slice(MAPPED.length) : text;
  if (isIP(v4) === 4) return v4;
  const bare = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '');
  if (isIP(address) === 0) return null;
  const parsed = parse(address);
  return parsed.kind() === 'ipv6' && (parsed as IPv6).isIPv4MappedAddress()
    ? (parsed as IPv6).toIPv4Address().toString()
    : parsed.toString();
}
