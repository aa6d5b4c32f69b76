import { acceptHandoff } from '../../../src/commands/conversation/accept-handoff';
import { markRead } from '../../../src/commands/conversation/mark-read';
import { requestHandoff } from '../../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../../src/commands/conversation/send-message';
import { takeOverConversation } from '../../../src/commands/conversation/take-over-conversation';
import { closeInquiry } from '../../../src/commands/inquiry/close-inquiry';
import { submitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { inviteUser } from '../../../src/commands/invitation/invite-user';
import { revokeInvitation } from '../../../src/commands/invitation/revoke-invitation';
import { markNotificationsSeen } from '../../../src/commands/notification/mark-notifications-seen';
import { registerPushSubscription } from '../../../src/commands/notification/register-push-subscription';
import { removePushSubscription } from '../../../src/commands/notification/remove-push-subscription';
import { logInAs } from '../../../src/commands/session/log-in-as';
import { revokeSession } from '../../../src/commands/session/revoke-session';
import { signOut } from '../../../src/commands/session/sign-out';
import { updateAgent } from '../../../src/commands/agent/update-agent';
import { createUser } from '../../../src/commands/user/create-user';
import { replacePassword } from '../../../src/commands/user/replace-password';
import { setUserDisabled } from '../../../src/commands/user/set-user-disabled';
import { updateUser } from '../../../src/commands/user/update-user';
import { newId } from '../../../src/database/ids';
import type { UserPrincipal } from '../../../src/domain/actor';
import type { Outcome } from '../../../src/domain/refusal';
import { AuditEntry } from '../../../src/entities/audit-entry';
import { Session } from '../../../src/entities/session';
import { User } from '../../../src/entities/user';
import { authenticate } from '../../../src/queries/authenticate';
import { changedAccess } from '../../../src/queries/changed-access';
import { CLIENT, passwords } from '../audit/audited-commands';
import { createWorld, type World } from '../../support/world';
import { anyTarget } from './any-target';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

type Person = 'owner' | 'admin' | 'manager' | 'operator' | 'otherMember' | 'staffKey' | 'agentKey' | 'visitor';

const attempt = (who: Person, userId: string, reason = 'Ticket 7') =>
  logInAs(database, { ...world[who].principal, ...CLIENT }, { userId, reason });

/** The admin as the manager, who holds every permission of the organization. */
async function impersonate(): Promise<{ principal: UserPrincipal; token: string }> {
  const { accessToken } = accepted(await attempt('admin', world.manager.id));
  const principal = await authenticate(database.source, `Bearer ${accessToken}`, CLIENT);
  return { principal: principal as UserPrincipal, token: accessToken };
}

describe('logInAs', () => {
  it.each<[Person, 'own' | 'sibling', string]>([
    ['manager', 'own', 'FORBIDDEN userId'],
    ['manager', 'sibling', 'NOT_FOUND userId'],
    ['staffKey', 'own', 'FORBIDDEN userId'],
    ['agentKey', 'own', 'NOT_FOUND userId'],
    ['visitor', 'own', 'NOT_FOUND userId'],
  ])('by %s, as a member of its %s organization, is refused', async (who, whose, code) => {
    const { operator, otherMember } = world;
    expect(codes(await attempt(who, whose === 'own' ? operator.id : otherMember.id))).toEqual([code]);
    expect(await database.source.manager.countBy(AuditEntry, { workspaceId: world.workspace.id })).toBe(0);
  });

  it('as staff is refused, in either direction: nobody becomes an owner so', async () => {
    expect(codes(await attempt('admin', world.owner.id))).toEqual(['FORBIDDEN userId']);
    expect(codes(await attempt('owner', world.admin.id))).toEqual(['FORBIDDEN userId']);
  });

  it('as somebody of another workspace is not told apart from nobody', async () => {
    const foreign = await createWorld(database.source);
    const [elsewhere, nowhere] = [await attempt('owner', foreign.operator.id), await attempt('owner', newId())];
    expect(codes(elsewhere)).toEqual(['NOT_FOUND userId']);
    expect(elsewhere).toEqual(nowhere);
  });

  it('as somebody disabled, or without a reason of one line, is refused', async () => {
    for (const reason of ['', '  ', 'a\nb', 'x'.repeat(501)]) {
      expect(codes(await attempt('admin', world.operator.id, reason))).toEqual(['INVALID reason']);
    }
    await database.source.manager.update(User, { id: world.operator.id }, { disabledAt: new Date() });
    expect(codes(await attempt('admin', world.operator.id))).toEqual(['CONFLICT userId']);
  });

  it('from such a session is refused', async () => {
    const { principal } = await impersonate();
    const input = { userId: world.operator.id, reason: 'again' };
    expect(codes(await logInAs(database, principal, input))).toEqual(['FORBIDDEN userId']);
  });

  it('opens a session of a quarter of an hour with the rights of the member, and says whose it is', async () => {
    const { session, user, accessToken, expiresAt } = accepted(await attempt('admin', world.limited.id));
    const { admin, limited } = world;
    expect(user.id).toBe(limited.id);
    expect(expiresAt.getTime() - session.createdAt.getTime()).toBe(15 * 60 * 1000);
    expect(session).toMatchObject({
      userId: limited.id,
      impersonatorId: admin.id,
      impersonatorSessionId: admin.principal.sessionId,
      userAgent: CLIENT.userAgent,
    });
    const rights = { ...limited.principal, sessionId: session.id, impersonatorId: admin.id };
    expect(await authenticate(database.source, `Bearer ${accessToken}`)).toEqual(rights);
  });
});

describe('a session of staff as a member', () => {
  it.each<[string, (principal: UserPrincipal) => Promise<Outcome<unknown>>]>([
    ['accept a handoff', async (who) => acceptHandoff(database, who, { handoffId: await request() })],
    ['take a conversation over', (who) => takeOver(who)],
    ['write to a visitor', (who) => sendMessage(database, who, { ...inConversation(), clientNonce: 'n', text: 'Hi' })],
    ['mark a conversation as read', (who) => markRead(database, who, { ...inConversation(), upToSequence: 1 })],
    ['mark notifications as seen', (who) => markNotificationsSeen(database, who, {})],
    ['close an inquiry', async (who) => closeInquiry(database, who, { inquiryId: await leaveInquiry() })],
    ['create a member', (who) => createUser(database, who, newMember(), { passwords, ...anyTarget })],
    ['change a member', (who) => updateUser(database, who, { id: world.operator.id, permissions: [] }, anyTarget)],
    ['rename the person', (who) => updateUser(database, who, { id: who.userId, displayName: 'Me' }, anyTarget)],
    ['invite', (who) => inviteUser(database, who, newMember(), { mailTokens: (_kind, id) => id })],
    ['withdraw an invitation', async (who) => revokeInvitation(database, who, { id: await invite() })],
    ['sign a browser out', (who) => revokeSession(database, who, { id: world.operator.principal.sessionId })],
    ['sign the person out everywhere', (who) => signOut(database, who, { allSessions: true })],
    ['have push come to its browser', (who) => registerPushSubscription(database, who, PUSH, OUTSIDE)],
    ['stop the push of the person', (who) => removePushSubscription(database, who, { id: newId() })],
  ])('cannot %s, as the person can', async (_what, act) => {
    const { principal } = await impersonate();
    const refused = await act(principal);
    expect(refused.refusals).toMatchObject([{ code: 'FORBIDDEN', message: expect.stringMatching(/somebody else/) }]);
    const allowed = (await act(world.manager.principal)).refusals.map(({ code }) => code);
    expect(allowed).not.toContain('FORBIDDEN');
  });

  it('changes settings that the member may change, and both persons stand in the log', async () => {
    const { principal } = await impersonate();
    accepted(await updateAgent(database, principal, { id: world.agent.id, displayName: 'Eve' }, anyTarget));
    const entries = await database.source.manager.find(AuditEntry, {
      where: { workspaceId: world.workspace.id },
      order: { id: 'ASC' },
    });
    const { admin, manager, organization } = world;
    expect(entries).toMatchObject([
      { action: 'IMPERSONATION_STARTED', actorId: admin.id, impersonatorId: null, subjectId: manager.id },
      { action: 'AGENT_UPDATED', actorId: manager.id, impersonatorId: admin.id, organizationId: organization.id },
    ]);
    expect(entries[0]!.changes).toEqual([{ field: 'reason', before: null, after: 'Ticket 7' }]);
  });

  const account = (id: string) => ({ id, workspaceId: world.workspace.id });
  it.each<[string, (principal: UserPrincipal) => Promise<unknown>]>([
    ['it is signed out', (principal) => signOut(database, principal, { allSessions: false })],
    ['the staff member signs out', () => signOut(database, world.admin.principal, { allSessions: false })],
    ['the staff member is disabled', () => setUserDisabled(database, { ...account(world.admin.id), disabled: true })],
    ['the staff member is disabled, whatever became of their sessions', () => disable(world.admin.id)],
    ['the password of the staff member changes', () => changePassword(world.admin.id)],
    ['the session of the staff member is over', () => expire(world.admin.principal.sessionId)],
    ['the staff member is no staff any more', () => dismiss(world.admin.id)],
    ['the person is disabled', () => setUserDisabled(database, { ...account(world.manager.id), disabled: true })],
    ['the password of the person changes', () => changePassword(world.manager.id)],
    ['its quarter of an hour is over', (principal) => expire(principal.sessionId)],
  ])('ends, on HTTP and for open sockets, when %s', async (_when, end) => {
    const { principal, token } = await impersonate();
    expect(await authenticate(database.source, `Bearer ${token}`)).not.toBeNull();
    expect((await changedAccess(database.source, [principal])).size).toBe(0);
    await end(principal);
    expect(await authenticate(database.source, `Bearer ${token}`)).toBeNull();
    expect((await changedAccess(database.source, [principal])).get(principal)).toBe('ENDED');
  });

  it('goes on when another session of the staff member ends, and leaves theirs alone when it ends', async () => {
    const { token, principal } = await impersonate();
    const other = accepted(await attempt('admin', world.operator.id));
    await signOut(database, principal, { allSessions: false });
    expect(await authenticate(database.source, `Bearer ${token}`)).toBeNull();
    expect(await authenticate(database.source, `Bearer ${other.accessToken}`)).not.toBeNull();
    expect(await authenticate(database.source, `Bearer ${world.admin.token}`)).not.toBeNull();
    expect(await authenticate(database.source, `Bearer ${world.manager.token}`)).not.toBeNull();
  });
});

const PUSH = { endpoint: 'https://push.example/1', p256dh: 'p', auth: 'a' };
const OUTSIDE = { checkTarget: () => Promise.resolve(null), checkPushKeys: () => true };

const inConversation = (): { conversationId: string } => ({ conversationId: world.conversation.id });
const takeOver = (who: UserPrincipal) =>
  takeOverConversation(database, who, { ...inConversation(), expectedControlEpoch: null });
const newMember = () => {
  const where = { workspaceId: world.workspace.id, organizationId: world.organization.id };
  return { ...where, displayName: 'N', email: 'n@example.com', password: 'a long password', permissions: [] };
};

async function invite(): Promise<string> {
  const outside = { mailTokens: (_kind: unknown, id: string) => id };
  return accepted(await inviteUser(database, world.manager.principal, newMember(), outside)).id;
}

async function leaveInquiry(): Promise<string> {
  const question = { email: 'v@example.com', name: null, text: 'q', idempotencyKey: newId() };
  return accepted(await submitInquiry(database, world.visitor.principal, { ...inConversation(), ...question })).id;
}

/** The one open request of the conversation: asking again is refused with it. */
async function request(): Promise<string> {
  const input = { ...inConversation(), reason: null, summary: null, controlEpoch: null };
  return (await requestHandoff(database, world.visitor.principal, input)).value!.handoff!.id;
}

async function changePassword(id: string): Promise<void> {
  const input = { id, workspaceId: world.workspace.id, password: 'another long password' };
  accepted(await replacePassword(database, input, { passwords }));
}

async function expire(id: string): Promise<void> {
  await database.source.manager.update(Session, { id }, { expiresAt: new Date(0) });
}

async function disable(id: string): Promise<void> {
  await database.source.manager.update(User, { id }, { disabledAt: new Date() });
}

async function dismiss(id: string): Promise<void> {
  await database.source.manager.update(User, { id }, { workspaceRole: null, organizationId: world.organization.id });
}
