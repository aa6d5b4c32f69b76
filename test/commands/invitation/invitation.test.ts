import { acceptInvitation } from '../../../src/commands/invitation/accept-invitation';
import { type InviteUser, inviteUser } from '../../../src/commands/invitation/invite-user';
import { revokeInvitation } from '../../../src/commands/invitation/revoke-invitation';
import type { Principal } from '../../../src/domain/actor';
import type { Outcome } from '../../../src/domain/refusal';
import { Agent } from '../../../src/entities/agent';
import { Delivery } from '../../../src/entities/delivery';
import { Invitation } from '../../../src/entities/invitation';
import { User } from '../../../src/entities/user';
import { createMailTokens } from '../../../src/identity/mail-tokens';
import { createPasswordHasher } from '../../../src/identity/password-hasher';
import { hashToken } from '../../../src/identity/tokens';
import { authenticate } from '../../../src/queries/authenticate';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, holding, openDatabase } from '../identity/open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
const passwords = createPasswordHasher({ cost: 16 });
const mailTokens = createMailTokens('a secret of this test');
const DAY_MS = 24 * 60 * 60 * 1000;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const manager = () => database.source.manager;
const tokenOf = ({ id }: { readonly id: string }): string => mailTokens('INVITATION', id);
const invite = (principal: Principal, input: Partial<InviteUser> = {}): Promise<Outcome<Invitation>> => {
  const facts = { organizationId: world.organization.id, email: 'nora@example.com', permissions: [] };
  return inviteUser(database, principal, { ...facts, ...input }, { mailTokens });
};
const accept = (token: string, displayName = 'Nora', password = 'ten letters') =>
  acceptInvitation(database, { token, displayName, password }, { passwords });

describe('inviteUser', () => {
  it.each([
    ['viewer', 'FORBIDDEN'],
    ['otherMember', 'NOT_FOUND organizationId'],
    ['visitor', 'NOT_FOUND organizationId'],
    ['agentKey', 'NOT_FOUND organizationId'],
  ] as const)('by %s, who does not manage members there, is refused', async (who, code) => {
    expect(codes(await invite(world[who].principal))).toEqual([code]);
    expect(await manager().countBy(Invitation, { workspaceId: world.workspace.id })).toBe(0);
  });

  it('to another workspace’s organization, or with agents of another organization, is not found', async () => {
    const foreign = await createWorld(database.source);
    const elsewhere = await invite(world.owner.principal, { organizationId: foreign.organization.id });
    expect(codes(elsewhere)).toEqual(['NOT_FOUND organizationId']);
    const agents = await invite(world.manager.principal, { agentIds: [world.agent.id, world.otherAgent.id] });
    expect(codes(agents)).toEqual(['NOT_FOUND agentIds.1']);
  });

  it('with more than the inviter holds is forbidden: permissions, and agents that a limit leaves out', async () => {
    const holder = await holding(database, world.limited, ['MANAGE_MEMBERS'], [world.agent.id]);
    const beyond = await invite(holder, { permissions: ['MANAGE_ORGANIZATION'], agentIds: [world.secondAgent.id] });
    expect(codes(beyond)).toEqual(['FORBIDDEN permissions', 'FORBIDDEN agentIds']);
    // Whether it exists somewhere is not told.
    const elsewhere = await invite(holder, { permissions: [], agentIds: [world.otherAgent.id] });
    expect(codes(elsewhere)).toEqual(['FORBIDDEN agentIds']);
    accepted(await invite(holder, { permissions: ['MANAGE_MEMBERS'], agentIds: [world.agent.id] }));
  });

  it('to an address that somebody in the workspace has, in whatever case, is a conflict', async () => {
    const taken = await invite(world.manager.principal, { email: world.otherMember.row.email.toUpperCase() });
    expect(codes(taken)).toEqual(['CONFLICT email']);
  });

  it('to what is no single address is invalid', async () => {
    const outcome = await invite(world.manager.principal, { email: 'a@example.com\r\nBcc: b@example.com' });
    expect(codes(outcome)).toEqual(['INVALID email']);
  });

  it('mails one address five times a day at most', async () => {
    for (let count = 0; count < 5; count += 1) accepted(await invite(world.manager.principal));
    expect(codes(await invite(world.manager.principal, { email: 'NORA@example.com' }))).toEqual([
      'LIMIT_EXCEEDED email',
    ]);
  });

  it('stores the hash of the token alone, and one mail that is due', async () => {
    const invitation = accepted(await invite(world.manager.principal));
    const stored = await manager().findOneByOrFail(Invitation, { id: invitation.id });
    expect(stored.tokenHash).toEqual(hashToken(tokenOf(invitation)));
    expect(stored.expiresAt.getTime() - stored.createdAt.getTime()).toBe(7 * DAY_MS);
    expect(stored.invitedBy).toBe(world.manager.id);
    const mails = await manager().findBy(Delivery, { invitationId: invitation.id });
    expect(mails).toMatchObject([{ state: 'PENDING', channel: 'EMAIL', workspaceId: world.workspace.id }]);
    const told = await database.source.query<unknown[]>('select name from outbox where subject_id = $1', [
      mails[0]!.id,
    ]);
    expect(told).toEqual([{ name: 'DELIVERY_ADDED' }]);
  });
});

describe('acceptInvitation', () => {
  it('makes the account of exactly that address with what was given, signs it in, and works once', async () => {
    const given = { permissions: ['HANDLE_CONVERSATIONS'], agentIds: [world.agent.id, world.secondAgent.id] } as const;
    const invitation = accepted(await invite(world.manager.principal, given));
    await manager().update(Agent, { id: world.secondAgent.id }, { organizationId: world.otherOrganization.id });
    const { user, accessToken } = accepted(await accept(tokenOf(invitation)));
    expect(user).toMatchObject({
      email: 'nora@example.com',
      displayName: 'Nora',
      permissions: ['HANDLE_CONVERSATIONS'],
    });
    expect(await authenticate(database.source, `Bearer ${accessToken}`)).toMatchObject({
      userId: user.id,
      organizationId: world.organization.id,
      workspaceRole: null,
      agentIds: [world.agent.id],
    });
    expect(codes(await accept(tokenOf(invitation)))).toEqual(['INVALID_CREDENTIALS token']);
    expect(codes(await revokeInvitation(database, world.manager.principal, invitation))).toEqual([
      'INVALID_TRANSITION id',
    ]);
  });

  it('by many at once makes one account', async () => {
    const invitation = accepted(await invite(world.owner.principal));
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => accept(tokenOf(invitation))));
    expect(outcomes.flatMap(codes)).toEqual(Array(3).fill('INVALID_CREDENTIALS token'));
    expect(await manager().countBy(User, { email: 'nora@example.com', workspaceId: world.workspace.id })).toBe(1);
  });

  it('answers the same to an unknown, a withdrawn and a replaced token, and to one whose address is taken by now', async () => {
    const replaced = accepted(await invite(world.manager.principal));
    const withdrawn = accepted(await invite(world.manager.principal));
    accepted(await revokeInvitation(database, world.manager.principal, withdrawn));
    const late = accepted(await invite(world.manager.principal, { email: 'late@example.com' }));
    await manager().update(User, { id: world.viewer.id }, { email: 'Late@example.com' });
    const tokens = ['bat_i_unknown', '', '\0', ...[replaced, withdrawn, late].map(tokenOf)];
    const outcomes = await Promise.all(tokens.map((token) => accept(token)));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(codes(outcomes[0]!)).toEqual(['INVALID_CREDENTIALS token']);
  });

  it('after seven days is refused as expired', async () => {
    const invitation = accepted(await invite(world.manager.principal));
    await manager().update(Invitation, { id: invitation.id }, { expiresAt: new Date(Date.now() - 1) });
    expect(codes(await accept(tokenOf(invitation)))).toEqual(['TOKEN_EXPIRED token']);
  });

  it.each([
    ['was disabled', { disabledAt: new Date() }],
    ['may no longer manage members', { permissions: ['VIEW_CONVERSATIONS' as const] }],
    ['no longer holds what was given', { permissions: ['MANAGE_MEMBERS' as const] }],
  ])('is refused when the inviter %s', async (_what, change) => {
    const invitation = accepted(await invite(world.manager.principal, { permissions: ['VIEW_CONVERSATIONS'] }));
    await manager().update(User, { id: world.manager.id }, change);
    expect(codes(await accept(tokenOf(invitation)))).toEqual(['INVALID_CREDENTIALS token']);
  });

  it('with a bad name or password is invalid, and the token stays good', async () => {
    const invitation = accepted(await invite(world.staffKey.principal));
    expect(codes(await accept(tokenOf(invitation), ' ', 'short'))).toEqual(['INVALID displayName', 'INVALID password']);
    accepted(await accept(tokenOf(invitation)));
  });
});

describe('revokeInvitation', () => {
  it.each(['viewer', 'otherMember', 'visitor'] as const)('by %s finds nothing', async (who) => {
    const invitation = accepted(await invite(world.manager.principal));
    expect(codes(await revokeInvitation(database, world[who].principal, invitation))).toEqual(['NOT_FOUND id']);
  });

  it('of another workspace finds nothing, and a second time changes nothing', async () => {
    const invitation = accepted(await invite(world.manager.principal));
    const foreign = await createWorld(database.source);
    expect(codes(await revokeInvitation(database, foreign.owner.principal, invitation))).toEqual(['NOT_FOUND id']);
    const first = accepted(await revokeInvitation(database, world.admin.principal, invitation));
    expect(accepted(await revokeInvitation(database, world.admin.principal, invitation)).revokedAt).toEqual(
      first.revokedAt,
    );
  });
});
