import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';

/** Every address of a name, by the system's own lookup. */
export async function resolveByDns(hostname: string): Promise<string[]> {
  const entries = await lookup(hostname, { all: true, verbatim: true });
  return entries.map((entry) => entry.address);
}

/** Answers the checked addresses whatever is asked, so a second DNS answer can never reach the connection. */
export function pinnedLookup(addresses: string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const first = entries[0];
    if (first === undefined) callback(new Error('No address to connect to.'), '');
    else if (options.all === true) callback(null, entries);
    else callback(null, first.address, first.family);
  };
}
