import type { Principal } from '../domain/actor';
import { credentialOf } from '../queries/changed-access';
import type { LogTail } from '../realtime/log-tail';

/**
 * Who opens a socket, as of now. An open socket follows what the log tells of its caller's access, but it is nobody's
 * until its credential was read: what was told in between would be missed, and its streams would go on until the next
 * sweep. So whoever was told of meanwhile is asked for once more.
 */
export async function authenticateSocket(
  tail: Pick<LogTail, 'subscribe'>,
  authenticate: () => Promise<Principal | null>,
): Promise<Principal | null> {
  for (;;) {
    const changed = new Set<string>();
    const unsubscribe = tail.subscribe((events) => {
      for (const { name, subjectId } of events) {
        if (name === 'ACCESS_ENDED' || name === 'ACCESS_CHANGED') changed.add(subjectId);
      }
    });
    try {
      const principal = await authenticate();
      if (principal === null || !isAmong(changed, principal)) return principal;
    } finally {
      unsubscribe();
    }
  }
}

/** Such an event is about a person, a session or a key. */
function isAmong(changed: ReadonlySet<string>, principal: Principal): boolean {
  return changed.has(credentialOf(principal)) || (principal.kind === 'USER' && changed.has(principal.userId));
}
