import { rotateIdentitySecret } from '../../../src/commands/agent/rotate-identity-secret';
import { rotateApiKey } from '../../../src/commands/api-key/rotate-api-key';
import { withdrawApiKey } from '../../../src/commands/api-key/revoke-api-key';
import { addNote } from '../../../src/commands/conversation/add-note';
import { deleteNote } from '../../../src/commands/conversation/delete-note';
import { updateOrganizationHandoff } from '../../../src/commands/organization/update-organization-handoff';
import { mailTranscript } from '../../../src/commands/conversation/mail-transcript';
import { sendMessage } from '../../../src/commands/conversation/send-message';
import { endAllSessions } from '../../../src/commands/session/end-all-sessions';
import { revokeSession } from '../../../src/commands/session/revoke-session';
import { as, by, type Prepare, SERVER_OPERATOR } from './audited-commands';
import { eraseVisitor } from '../../../src/commands/visitor/erase-visitor';
import { exportVisitor } from '../../../src/commands/visitor/export-visitor';
import { accepted } from '../identity/open-database';
import { testSecrets } from '../../support/secrets';

const SECRETS = { sealSecret: testSecrets.seal.bind(testSecrets), openSecret: testSecrets.open.bind(testSecrets) };

/** By command: credentials that end or change, what is kept of visitors, and who is told of requests. */
export const ACCESS: Record<string, Prepare> = {
  exportVisitor: (s) => ({
    act: () => exportVisitor(s.database, as(s, 'manager'), { visitorId: s.world.visitor.id, after: null }),
    entry: () => ({ action: 'VISITOR_EXPORTED', ...by(s, 'manager'), subjectId: s.world.visitor.id, fields: [] }),
  }),
  deleteNote: async (s) => {
    const subjectId = s.world.conversation.id;
    const input = { conversationId: subjectId, clientNonce: 'n', text: 'words of the operator' };
    const { id } = accepted(await addNote(s.database, s.world.operator.principal, input));
    return {
      act: () => deleteNote(s.database, as(s, 'operator'), { noteId: id }),
      entry: () => ({ action: 'NOTE_DELETED', ...by(s, 'operator'), subjectId, fields: [] }),
    };
  },
  mailTranscript: async (s) => {
    const { id: conversationId } = s.world.conversation;
    const said = { conversationId, clientNonce: 'n', text: 'words of the visitor' };
    accepted(await sendMessage(s.database, s.world.visitor.principal, said));
    await s.database.source.query(`update visitors set email = 'v@example.com' where id = $1`, [s.world.visitor.id]);
    return {
      act: () => mailTranscript(s.database, as(s, 'operator'), { conversationId, idempotencyKey: 'k' }),
      entry: () => ({ action: 'TRANSCRIPT_MAILED', ...by(s, 'operator'), subjectId: conversationId, fields: [] }),
    };
  },
  eraseVisitor: (s) => ({
    act: () => eraseVisitor(s.database, as(s, 'owner'), { visitorId: s.world.visitor.id }),
    entry: () => ({ action: 'VISITOR_ERASED', ...by(s, 'owner'), subjectId: s.world.visitor.id, fields: [] }),
  }),
  updateOrganizationHandoff: (s) => ({
    act: () =>
      updateOrganizationHandoff(s.database, as(s, 'manager'), {
        organizationId: s.world.organization.id,
        alertIntervalSeconds: 120,
        escalation: { onlineSeconds: 30, everyoneSeconds: 60, fallbackUserIds: [s.world.manager.id] },
      }),
    entry: () => ({
      action: 'ORGANIZATION_HANDOFF_UPDATED',
      ...by(s, 'manager'),
      subjectId: s.world.organization.id,
      fields: ['escalation', 'alertIntervalSeconds'],
    }),
  }),
  rotateApiKey: (s) => ({
    act: () => rotateApiKey(s.database, as(s, 'owner'), { id: s.world.agentKey.id }),
    entry: () => ({ action: 'API_KEY_ROTATED', ...by(s, 'owner', null), subjectId: s.world.agentKey.id, fields: [] }),
  }),
  rotateIdentitySecret: (s) => ({
    act: () => rotateIdentitySecret(s.database, as(s, 'manager'), { agentId: s.world.agent.id }, SECRETS),
    entry: () => ({
      action: 'AGENT_IDENTITY_SECRET_ROTATED',
      ...by(s, 'manager'),
      subjectId: s.world.agent.id,
      fields: [],
    }),
  }),
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
