import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { OutgoingError, OutgoingNetworkError, UnsafeTargetError } from './outgoing-errors';
import type { OutgoingOptions, UnsafeUrl } from './outgoing';
import { pinnedLookup, resolveByDns } from './pinned-address';
import { parseTarget, type ParsedTarget, resolveTarget } from './target';
import { withinLimits } from './within-limits';

export interface MailServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The only way in which this server connects to mail servers that users name. */
export interface MailServers {
  /** For the moment a host is saved. Null means it may be connected to; a name that cannot be looked up is refused too. */
  checkMailServer(address: MailServerAddress): Promise<null | UnsafeUrl>;
  /**
   * A new connection, in clear. Public addresses and the ports of mail alone; the address that was checked is the one
   * connected to, so that it is looked up for each connection anew.
   * @throws UnsafeTargetError, OutgoingTimeoutError, OutgoingNetworkError
   */
  connect(address: MailServerAddress): Promise<Socket>;
}

/** Submission, with its usual alternatives, and 25. On any port this server would tell strangers what is open elsewhere. */
const MAIL_PORTS = [25, 465, 587, 2465, 2525, 2587] as const;

const CONNECT_TIMEOUT_MS = 10_000;

export function createMailServers({ allowLoopback, resolve = resolveByDns }: OutgoingOptions): MailServers {
  const locate = async (address: MailServerAddress): Promise<string[]> => {
    const target = targetOf(address, allowLoopback);
    try {
      return await resolveTarget(target, resolve);
    } catch (error) {
      throw error instanceof UnsafeTargetError ? notPublic() : error;
    }
  };
  return {
    async checkMailServer(address) {
      try {
        await withinLimits({ timeoutMs: CONNECT_TIMEOUT_MS }, () => locate(address));
        return null;
      } catch (error) {
        if (error instanceof UnsafeTargetError) return { code: 'UNSAFE_URL', message: error.message };
        if (error instanceof OutgoingError)
          return { code: 'UNSAFE_URL', message: 'The name of the mail server cannot be found.' };
        throw error;
      }
    },
    connect: (address) =>
      withinLimits({ timeoutMs: CONNECT_TIMEOUT_MS }, async (ended) => {
        const addresses = await locate(address);
        return open(address, addresses, ended);
      }),
  };
}

/** Judged like the URL that begins with this host. */
function targetOf({ host, port }: MailServerAddress, allowLoopback: boolean): ParsedTarget {
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  // `URL` would take what ends a host for its path.
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(shown)) throw new UnsafeTargetError('This is not the name of a mail server.');
  let target: ParsedTarget;
  try {
    target = parseTarget(`https://${shown}/`, allowLoopback);
  } catch (error) {
    throw error instanceof UnsafeTargetError ? notPublic() : error;
  }
  if (target.isLoopback || MAIL_PORTS.some((allowed) => allowed === port)) return target;
  throw new UnsafeTargetError(`The port must be one of ${MAIL_PORTS.join(', ')}.`);
}

function notPublic(): UnsafeTargetError {
  return new UnsafeTargetError('The mail server must have a public address.');
}

function open({ host, port }: MailServerAddress, addresses: string[], ended: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, lookup: pinnedLookup(addresses), autoSelectFamily: true });
    const fail = (error: unknown): void => {
      socket.destroy();
      reject(new OutgoingNetworkError(error));
    };
    const stop = (): void => fail(new Error('The connection took too long.'));
    ended.addEventListener('abort', stop, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      ended.removeEventListener('abort', stop);
      socket.off('error', fail);
      // Until whoever asked for it listens, a reset must not end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
