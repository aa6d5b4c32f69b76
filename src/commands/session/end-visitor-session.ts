import { In } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, forbidden, type Outcome, refused } from '../../domain/refusal';
import { Visitor } from '../../entities/visitor';
import { VisitorSession } from '../../entities/visitor-session';
import { accessEnded } from './access-events';

/**
 * Ends the session of this request, or all sessions of its visitor, and the visitor's resume token with it: whoever
 * opens the widget on this computer next is somebody new. Returns how many sessions ended.
 */
export async function endVisitorSession(
  database: Database,
  principal: Principal,
  input: { readonly allSessions: boolean },
): Promise<Outcome<{ ended: number }>> {
  if (principal.kind !== 'VISITOR') return refused(forbidden('Only a visitor can end its visit.'));
  const { workspaceId, visitorId, sessionId } = principal;
  return transact(database, principal, async (transaction) => {
    await transaction.rows(Visitor, workspaceId).update({ id: visitorId }, { resumeTokenHash: null });
    const open = { visitorId, ...(input.allSessions ? {} : { id: sessionId }) };
    const sessions = transaction.rows(VisitorSession, workspaceId);
    const ended = await sessions.list(open, { id: 'ASC' });
    transaction.append(...ended.map(({ id }) => accessEnded(workspaceId, id)));
    return done({ ended: await sessions.delete({ id: In(ended.map(({ id }) => id)) }) });
  });
}
