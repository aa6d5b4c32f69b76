import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './address-policy';
import { UnsafeTargetError } from './outgoing-errors';
import { parseUrl } from '../domain/validation/parse-url';

/** Answers every address of a host name. Rejects when the name does not exist or cannot be looked up. */
export type Resolve = (hostname: string) => Promise<string[]>;

/** A URL that passed the rules that need no DNS. */
export interface ParsedTarget {
  url: URL;
  /** Host without the brackets of IPv6. */
  host: string;
  /** The host is an address, not a name. */
  isAddress: boolean;
  /** The host is "localhost" or a loopback address, and loopback is allowed. */
  isLoopback: boolean;
}

/** Longest URL that we keep or call; push endpoints in the wild stay under 1000 characters. */
const MAX_URL_LENGTH = 2048;

/**
 * Checks what can be checked without DNS. Encoded IPv4 forms (decimal, octal, hex, full-width digits) need no rule
 * of their own: `URL` turns each of them into the dotted form before it is judged.
 * @throws UnsafeTargetError
 */
export function parseTarget(rawUrl: string, allowLoopback: boolean): ParsedTarget {
  if (rawUrl.length > MAX_URL_LENGTH)
    throw new UnsafeTargetError(`The URL is longer than ${MAX_URL_LENGTH} characters.`);
  const url = parseUrl(rawUrl);
  if (url === null) throw new UnsafeTargetError('This is not a valid absolute URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UnsafeTargetError('The URL must begin with https://.');
  if (url.username !== '' || url.password !== '')
    throw new UnsafeTargetError('The URL must not carry a user name or password.');

  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAddress = isIP(host) !== 0;
  const isLoopback = allowLoopback && (isAddress ? isLoopbackAddress(host) : isLocalhostName(host));
  if (url.protocol === 'http:' && !isLoopback) throw new UnsafeTargetError('The URL must begin with https://.');
  if (isAddress && !isLoopback && !isPublicAddress(host))
    throw new UnsafeTargetError('The URL points to a private or reserved address.');
  if (!isAddress && !isLoopback && isLocalhostName(host))
    throw new UnsafeTargetError('The URL points to this machine.');
  return { url, host, isAddress, isLoopback };
}

/**
 * The addresses that a connection may use. One forbidden address among several refuses all of them: which one a
 * connection takes would be the choice of whoever runs that name.
 * @throws UnsafeTargetError, or whatever `resolve` throws
 */
export async function resolveTarget(target: ParsedTarget, resolve: Resolve): Promise<string[]> {
  if (target.isAddress) return [target.host];
  const addresses = await resolve(target.host);
  const isAllowed = target.isLoopback ? isLoopbackAddress : isPublicAddress;
  if (addresses.length === 0 || !addresses.every(isAllowed)) {
    throw new UnsafeTargetError('The host name of the URL leads to a private or reserved address.');
  }
  return addresses;
}

/** RFC 6761: "localhost" and every name under it mean this machine, whatever DNS says. */
function isLocalhostName(host: string): boolean {
  return /(^|\.)localhost\.?$/.test(host);
}
