import { acceptHandoff } from '../../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../../src/commands/conversation/cancel-handoff';
import { closeConversation } from '../../../src/commands/conversation/close-conversation';
import { expireHandoff } from '../../../src/commands/conversation/expire-handoff';
import { handBackToAi } from '../../../src/commands/conversation/hand-back-to-ai';
import { requestHandoff } from '../../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../../src/commands/conversation/send-message';
import { takeOverConversation } from '../../../src/commands/conversation/take-over-conversation';
import { transferHandoff } from '../../../src/commands/conversation/transfer-handoff';
import { acceptInvitation } from '../../../src/commands/invitation/accept-invitation';
import { inviteUser } from '../../../src/commands/invitation/invite-user';
import { revokeInvitation } from '../../../src/commands/invitation/revoke-invitation';
import { requestPasswordReset } from '../../../src/commands/password-reset/request-password-reset';
import { resetPassword } from '../../../src/commands/password-reset/reset-password';
import { logInAs } from '../../../src/commands/session/log-in-as';
import { signIn } from '../../../src/commands/session/sign-in';
import { signOut } from '../../../src/commands/session/sign-out';
import { failTurn } from '../../../src/commands/turn/fail-turn';
import { requestHuman } from '../../../src/commands/turn/request-human';
import { newId } from '../../../src/database/ids';
import { Agent } from '../../../src/entities/agent';
import type { Handoff } from '../../../src/entities/handoff';
import type { Invitation } from '../../../src/entities/invitation';
import { PasswordReset } from '../../../src/entities/password-reset';
import { Turn } from '../../../src/entities/turn';
import { createMailTokens } from '../../../src/identity/mail-tokens';
import { WORLD_PASSWORD } from '../../support/world';
import { accepted } from '../identity/open-database';
import { as, type AuditedCase, by, CLIENT, NOBODY, passwords, type Prepare, type Scene } from './audited-commands';

const mailTokens = createMailTokens('a secret of this test');
const ASKING = { reason: 'words of the visitor', summary: null, controlEpoch: null };

const invited = async (s: Scene): Promise<Invitation> => {
  const input = { organizationId: s.world.organization.id, email: 'nora@example.com', permissions: [] };
  return accepted(await inviteUser(s.database, s.world.manager.principal, input, { mailTokens }));
};

const requested = async (s: Scene): Promise<Handoff> => {
  const input = { conversationId: s.world.conversation.id, ...ASKING };
  return accepted(await requestHandoff(s.database, s.world.visitor.principal, input)).handoff!;
};

const takenOver = async (s: Scene): Promise<void> => {
  const input = { conversationId: s.world.conversation.id, expectedControlEpoch: null };
  accepted(await takeOverConversation(s.database, s.world.operator.principal, input));
};

/** An open turn of the AI, for the worker that runs it. */
const turned = async (s: Scene): Promise<Turn> => {
  const { manager } = s.database.source;
  await manager.update(Agent, { id: s.world.agent.id }, { responderKind: 'SCRIPTED' });
  const input = { conversationId: s.world.conversation.id, clientNonce: newId(), text: 'Hello' };
  accepted(await sendMessage(s.database, s.world.visitor.principal, input));
  return manager.findOneByOrFail(Turn, { conversationId: s.world.conversation.id });
};

const control = (s: Scene, entry: ReturnType<AuditedCase['entry']>): AuditedCase['entry'] => {
  return () => ({ ...entry, subjectId: s.world.conversation.id, subjectKind: 'CONVERSATION' });
};
const WAITING = ['controller', 'handoffState'];

/** By command: signing in, the mails that lead there, and control of a conversation. */
export const FLOWS: Record<string, Prepare> = {
  signIn: (s) => {
    let subjectId = '';
    const input = { email: s.world.operator.row.email, password: WORLD_PASSWORD, ...CLIENT };
    return {
      act: async () => {
        subjectId = accepted(await signIn(s.database, input, { passwords })).session.id;
      },
      entry: () => ({ action: 'SIGNED_IN', ...by(s, 'operator'), subjectId, subjectKind: 'SESSION', fields: [] }),
    };
  },
  logInAs: (s) => ({
    act: () => logInAs(s.database, as(s, 'admin'), { userId: s.world.operator.id, reason: 'Ticket 7' }),
    entry: () => ({
      action: 'IMPERSONATION_STARTED',
      ...by(s, 'admin'),
      subjectId: s.world.operator.id,
      fields: ['reason'],
    }),
  }),
  signOut: (s) => ({
    act: () => signOut(s.database, as(s, 'operator'), { allSessions: true }),
    entry: () => ({
      action: 'SIGNED_OUT',
      ...by(s, 'operator'),
      subjectId: s.world.operator.principal.sessionId,
      fields: ['allSessions'],
    }),
  }),
  requestPasswordReset: (s) => ({
    act: () =>
      requestPasswordReset(
        s.database,
        { email: s.world.operator.row.email, ...CLIENT },
        { mailTokens, answerAfterMs: 0 },
      ),
    entry: () => ({
      action: 'PASSWORD_RESET_REQUESTED',
      ...by(s, 'operator'),
      actorKind: 'ANONYMOUS',
      actorId: null,
      subjectId: s.world.operator.id,
    }),
  }),
  resetPassword: async (s) => {
    await requestPasswordReset(s.database, s.world.operator.row, { mailTokens, answerAfterMs: 0 });
    const { id } = await s.database.source.manager.findOneByOrFail(PasswordReset, { userId: s.world.operator.id });
    const input = { token: mailTokens('PASSWORD_RESET', id), newPassword: 'a long password', ...CLIENT };
    return {
      act: async () => accepted(await resetPassword(s.database, input, { passwords })),
      entry: () => ({ action: 'PASSWORD_CHANGED', ...by(s, 'operator'), subjectId: s.world.operator.id }),
    };
  },
  inviteUser: (s) => {
    let subjectId = '';
    const input = { organizationId: s.world.organization.id, email: 'nora@example.com' };
    return {
      act: async () => {
        const permissions = ['VIEW_CONVERSATIONS'] as const;
        subjectId = accepted(
          await inviteUser(s.database, as(s, 'manager'), { ...input, permissions }, { mailTokens }),
        ).id;
      },
      entry: () => ({ action: 'INVITATION_SENT', ...by(s, 'manager'), subjectId, fields: ['permissions'] }),
    };
  },
  revokeInvitation: async (s) => {
    const { id } = await invited(s);
    return {
      act: () => revokeInvitation(s.database, as(s, 'manager'), { id }),
      entry: () => ({ action: 'INVITATION_REVOKED', ...by(s, 'manager'), subjectId: id }),
    };
  },
  acceptInvitation: async (s) => {
    const { id } = await invited(s);
    let actorId = '';
    const input = { token: mailTokens('INVITATION', id), displayName: 'Nora', password: 'a long password', ...CLIENT };
    return {
      act: async () => {
        actorId = accepted(await acceptInvitation(s.database, input, { passwords })).user.id;
      },
      entry: () => ({ action: 'INVITATION_ACCEPTED', ...by(s, 'operator'), actorId, subjectId: id }),
    };
  },
  requestHandoff: (s) => ({
    act: () => requestHandoff(s.database, as(s, 'visitor'), { conversationId: s.world.conversation.id, ...ASKING }),
    entry: control(s, { action: 'HANDOFF_REQUESTED', ...by(s, 'visitor'), fields: WAITING }),
  }),
  acceptHandoff: async (s) => {
    const { id } = await requested(s);
    return {
      act: () => acceptHandoff(s.database, as(s, 'operator'), { handoffId: id }),
      entry: control(s, {
        action: 'HANDOFF_ACCEPTED',
        ...by(s, 'operator'),
        fields: ['controller', 'operatorId', 'handoffState'],
      }),
    };
  },
  cancelHandoff: async (s) => {
    const { id } = await requested(s);
    return {
      act: () => cancelHandoff(s.database, as(s, 'visitor'), { handoffId: id }),
      entry: control(s, { action: 'HANDOFF_CANCELLED', ...by(s, 'visitor'), fields: WAITING }),
    };
  },
  expireHandoff: async (s) => {
    const handoff = await requested(s);
    await s.database.source.query(`update handoffs set answer_by = now() - interval '1 s' where id = $1`, [handoff.id]);
    const { organization } = s.world;
    return {
      act: () => expireHandoff(s.database, handoff),
      entry: control(s, {
        action: 'HANDOFF_EXPIRED',
        actorKind: 'SYSTEM',
        ...NOBODY,
        organizationId: organization.id,
        fields: WAITING,
      }),
    };
  },
  takeOverConversation: (s) => {
    const input = { conversationId: s.world.conversation.id, expectedControlEpoch: null };
    return {
      act: () => takeOverConversation(s.database, as(s, 'operator'), input),
      entry: control(s, {
        action: 'CONVERSATION_TAKEN_OVER',
        ...by(s, 'operator'),
        fields: ['controller', 'operatorId', 'handoffState'],
      }),
    };
  },
  transferHandoff: async (s) => {
    const { id } = await requested(s);
    accepted(await acceptHandoff(s.database, s.world.operator.principal, { handoffId: id }));
    const input = { handoffId: id, toUserId: s.world.secondOperator.id, expectedControlEpoch: null };
    return {
      act: () => transferHandoff(s.database, as(s, 'secondOperator'), { ...input, note: 'words of the operator' }),
      entry: control(s, { action: 'HANDOFF_TRANSFERRED', ...by(s, 'secondOperator'), fields: ['operatorId'] }),
    };
  },
  handBackToAi: async (s) => {
    await takenOver(s);
    const input = { conversationId: s.world.conversation.id, brief: 'words of the operator' };
    return {
      act: () => handBackToAi(s.database, as(s, 'operator'), input),
      entry: control(s, { action: 'CONVERSATION_HANDED_BACK', ...by(s, 'operator') }),
    };
  },
  closeConversation: (s) => ({
    act: () => closeConversation(s.database, as(s, 'operator'), { conversationId: s.world.conversation.id }),
    entry: control(s, { action: 'CONVERSATION_CLOSED', ...by(s, 'operator'), fields: ['status', 'controller'] }),
  }),
  requestHuman: async (s) => {
    const turn = await turned(s);
    return {
      act: () => requestHuman(s.database, turn, { reason: 'words of the AI', summary: null }),
      entry: control(s, {
        action: 'HANDOFF_REQUESTED',
        actorKind: 'SYSTEM',
        ...NOBODY,
        organizationId: s.world.organization.id,
      }),
    };
  },
  failTurn: async (s) => {
    const turn = await turned(s);
    return {
      act: () => failTurn(s.database, turn, 'timeout'),
      entry: control(s, {
        action: 'HANDOFF_REQUESTED',
        actorKind: 'SYSTEM',
        ...NOBODY,
        organizationId: s.world.organization.id,
      }),
    };
  },
};
