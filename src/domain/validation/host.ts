import { type Refusal, refusal } from '../refusal';
import { parseUrl } from './parse-url';

/** Longer than any host name with a port, in whatever alphabet it is written. */
const MAX_INPUT = 1024;
/** What ends a host in an address, or is decoded or dropped there: `a.example/b` is no host, though `URL` finds one. */
const FORBIDDEN = /[\s\p{Cc}\p{Cf}\p{Cs}/?#@\\%<>"^`{|}]/u;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const NAME = new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`);
const MAX_NAME = 253;

/**
 * The one spelling of a host name: lower case, without port and final dot, other alphabets in punycode. Null for what
 * is no name with a dot in it: IP addresses, `localhost`, addresses with a path.
 */
export function canonicalHost(text: string): string | null {
  if (text.length > MAX_INPUT || FORBIDDEN.test(text)) return null;
  const host = parseUrl(`https://${text}`)?.hostname.replace(/\.$/, '') ?? '';
  const isNumeric = /(^|\.)\d+$/.test(host);
  return host.length <= MAX_NAME && NAME.test(host) && !isNumeric ? host : null;
}

export function checkHost(value: string, ...path: string[]): Refusal[] {
  if (canonicalHost(value) !== null) return [];
  return [refusal('INVALID', 'This must be a host name such as help.example.com, without a path.', ...path)];
}
