import type { LoggedEvent } from '../domain/events';
import type { Principal } from '../domain/actor';
import { type AccessChange, credentialOf } from '../queries/changed-access';
import type { SocketServerOptions } from './socket-options';
import { CLOSE, type SocketPeer } from './socket-peer';

const SWEEP_MS = 2000;
const SWEEP_BATCH = 500;

/**
 * Sees to it that no socket outlives what its caller may do; see docs/adr/0017. The log tells of a change in its place
 * among the other events: whatever was committed after it is not sent any more. A sweep every 2 s asks the database for
 * what no event tells: expiry, and changes by other hands than ours.
 */
export class AccessWatch {
  private readonly timer = setInterval(() => void this.sweep(), SWEEP_MS);
  private readonly unsubscribe: () => void;
  private isSweeping = false;

  constructor(
    private readonly peers: ReadonlySet<SocketPeer>,
    private readonly options: Pick<SocketServerOptions, 'hub' | 'changedAccess' | 'log'>,
  ) {
    this.unsubscribe = options.hub.tail.subscribe((events) => {
      for (const event of events) this.follow(event);
    });
  }

  stop(): void {
    clearInterval(this.timer);
    this.unsubscribe();
  }

  private follow({ name, subjectId }: LoggedEvent): void {
    if (name === 'ACCESS_ENDED') this.closeAll('ENDED', (principal) => credentialOf(principal) === subjectId);
    if (name === 'ACCESS_CHANGED') {
      this.closeAll('CHANGED', (principal) => principal.kind === 'USER' && principal.userId === subjectId);
    }
  }

  private closeAll(change: AccessChange, concerns: (principal: Principal) => boolean): void {
    for (const peer of this.peers) {
      if (peer.principal !== null && concerns(peer.principal)) close(peer, change);
    }
  }

  private async sweep(): Promise<void> {
    const { changedAccess, log } = this.options;
    if (changedAccess === undefined || this.isSweeping) return;
    this.isSweeping = true;
    try {
      const known = [...this.peers].filter((peer) => peer.principal !== null);
      // In pieces: 10,000 at once would hold up everything else for 60 ms.
      for (let first = 0; first < known.length; first += SWEEP_BATCH) {
        await closeChanged(known.slice(first, first + SWEEP_BATCH), changedAccess);
      }
    } catch (error) {
      log.error({ err: error }, 'the access of open sockets could not be checked');
    } finally {
      this.isSweeping = false;
    }
  }
}

async function closeChanged(
  peers: readonly SocketPeer[],
  changedAccess: NonNullable<SocketServerOptions['changedAccess']>,
): Promise<void> {
  const changes = await changedAccess(peers.flatMap(({ principal }) => (principal === null ? [] : [principal])));
  for (const peer of peers) {
    const change = peer.principal === null ? undefined : changes.get(peer.principal);
    if (change !== undefined) close(peer, change);
  }
}

/** Nothing is sent on a socket from here on, also what was queued for it. */
function close(peer: SocketPeer, change: AccessChange): void {
  if (change === 'ENDED') peer.close(CLOSE.unauthorized, 'The credential is no longer valid.');
  else peer.close(CLOSE.accessChanged, 'You may do other things than before: reconnect and resume.');
}
