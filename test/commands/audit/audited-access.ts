import { withdrawApiKey } from '../../../src/commands/api-key/revoke-api-key';
import { endAllSessions } from '../../../src/commands/session/end-all-sessions';
import { revokeSession } from '../../../src/commands/session/revoke-session';
import { as, by, type Prepare, SERVER_OPERATOR } from './audited-commands';

/** By command: credentials that end or change, and what is kept of visitors. */
export const ACCESS: Record<string, Prepare> = {
  withdrawApiKey: (s) => ({
    act: () => withdrawApiKey(s.database, { workspaceId: s.world.workspace.id, id: s.world.agentKey.id }),
    entry: () => ({
      action: 'API_KEY_REVOKED',
      ...SERVER_OPERATOR,
      organizationId: null,
      subjectId: s.world.agentKey.id,
    }),
  }),
  endAllSessions: (s) => ({
    act: () => endAllSessions(s.database, { workspaceId: s.world.workspace.id, id: s.world.operator.id }),
    entry: () => ({
      action: 'SESSIONS_ENDED',
      ...SERVER_OPERATOR,
      subjectId: s.world.operator.id,
      organizationId: s.world.organization.id,
    }),
  }),
  revokeSession: (s) => {
    const id = s.world.operator.principal.sessionId;
    return {
      act: () => revokeSession(s.database, as(s, 'manager'), { id }),
      entry: () => ({ action: 'SESSION_REVOKED', ...by(s, 'manager'), subjectId: id, fields: [] }),
    };
  },
};
