import { type CreateUser, createUser } from '../../../src/commands/user/create-user';
import { type Principal } from '../../../src/domain/actor';
import type { Outcome } from '../../../src/domain/refusal';
import { User } from '../../../src/entities/user';
import { UserAgent } from '../../../src/entities/user-agent';
import { createPasswordHasher } from '../../../src/identity/password-hasher';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, holding, openDatabase } from './open-database';
import { anyTarget } from './any-target';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
const passwords = createPasswordHasher({ cost: 16 });

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const stored = (id: string): Promise<User> => database.source.manager.findOneByOrFail(User, { id });
const agentsOf = async (userId: string): Promise<string[]> =>
  (await database.source.manager.findBy(UserAgent, { userId })).map((row) => row.agentId);
const create = (principal: Principal, input: Partial<CreateUser>): Promise<Outcome<User>> => {
  const person = {
    workspaceId: world.workspace.id,
    displayName: 'Nora',
    email: 'nora@example.com',
    password: 'ten letters',
  };
  return createUser(database, principal, { ...person, ...input }, { ...anyTarget, passwords });
};

describe('createUser', () => {
  it.each([
    ['viewer', 'FORBIDDEN'],
    ['agentKey', 'NOT_FOUND organizationId'],
    ['visitor', 'NOT_FOUND workspaceId'],
  ] as const)('of a member by %s, who has no MANAGE_MEMBERS, is refused', async (who, code) => {
    expect(codes(await create(world[who].principal, { organizationId: world.organization.id }))).toEqual([code]);
  });

  it.each([
    ['manager', 'ADMIN'],
    ['admin', 'OWNER'],
    ['staffKey', 'OWNER'],
  ] as const)('by %s of an %s is forbidden', async (who, workspaceRole) => {
    expect(codes(await create(world[who].principal, { workspaceRole }))).toEqual(['FORBIDDEN workspaceRole']);
  });

  it('with both, or neither, of organization and role is invalid', async () => {
    const both = await create(world.owner.principal, { workspaceRole: 'ADMIN', organizationId: world.organization.id });
    expect(codes(both)).toEqual(['INVALID organizationId']);
    expect(codes(await create(world.owner.principal, {}))).toEqual(['INVALID organizationId']);
  });

  it('of staff with permissions or agents is invalid', async () => {
    const input = { workspaceRole: 'ADMIN', permissions: ['MANAGE_MEMBERS'], agentIds: [world.agent.id] } as const;
    expect(codes(await create(world.owner.principal, input))).toEqual(['INVALID permissions', 'INVALID agentIds']);
  });

  it('with several mistakes tells all of them at once', async () => {
    const input = {
      organizationId: world.organization.id,
      displayName: '',
      email: 'x',
      password: 'short',
      avatarUrl: 'ftp://x',
    };
    expect(codes(await create(world.owner.principal, input))).toEqual(
      ['displayName', 'email', 'password', 'avatarUrl'].map((field) => `INVALID ${field}`),
    );
  });

  it('by a member with more than it holds itself is forbidden', async () => {
    const recruiter = await holding(database, world.viewer, ['MANAGE_MEMBERS'], [world.agent.id]);
    const outcome = await create(recruiter, {
      organizationId: world.organization.id,
      permissions: ['MANAGE_AGENT_SETTINGS'],
    });
    expect(codes(outcome)).toEqual(['FORBIDDEN permissions', 'FORBIDDEN agentIds']);
    const within = {
      organizationId: world.organization.id,
      permissions: ['MANAGE_MEMBERS'],
      agentIds: [world.agent.id],
    } as const;
    accepted(await create(recruiter, within));
  });

  it('by somebody who lost a permission while the password was being hashed is forbidden to give it', async () => {
    const { id, principal } = world.manager;
    await database.source.manager.update(User, { id }, { permissions: ['MANAGE_MEMBERS'] });
    const input = { organizationId: world.organization.id, permissions: ['MANAGE_ORGANIZATION'] } as const;
    expect(codes(await create(principal, input))).toEqual(['FORBIDDEN permissions']);
    await database.source.manager.update(User, { id }, { permissions: [] });
    expect(codes(await create(principal, { ...input, permissions: [] }))).toEqual(['FORBIDDEN']);
  });

  it('with an address that somebody has, in other letters, is a conflict', async () => {
    const input = { organizationId: world.organization.id, email: world.operator.row.email.toUpperCase() };
    expect(codes(await create(world.owner.principal, input))).toEqual(['CONFLICT email']);
  });

  it('twice at once with one address creates one person', async () => {
    const input = { organizationId: world.organization.id };
    const outcomes = await Promise.all([create(world.owner.principal, input), create(world.manager.principal, input)]);
    expect(outcomes.flatMap(codes)).toEqual(['CONFLICT email']);
    expect(
      await database.source.manager.countBy(User, { workspaceId: world.workspace.id, email: 'nora@example.com' }),
    ).toBe(1);
  });

  it('of a member stores the row, the agents and a password that can be verified', async () => {
    const user = accepted(
      await create(world.manager.principal, {
        organizationId: world.organization.id,
        email: ' Nora@Example.com ',
        permissions: ['HANDLE_CONVERSATIONS', 'VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'],
        agentIds: [world.agent.id, world.agent.id],
      }),
    );
    const row = await stored(user.id);
    expect(row).toEqual(user);
    expect(row).toMatchObject({
      workspaceId: world.workspace.id,
      organizationId: world.organization.id,
      workspaceRole: null,
      email: 'Nora@Example.com',
      permissions: ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'],
      limitedToAgents: true,
      disabledAt: null,
    });
    expect(await agentsOf(user.id)).toEqual([world.agent.id]);
    expect(row.passwordHash).not.toContain('ten letters');
    expect(await passwords.verify('ten letters', row.passwordHash)).toBe(true);
  });

  it('of an owner by an owner stores the role', async () => {
    const user = accepted(await create(world.owner.principal, { workspaceRole: 'OWNER' }));
    expect(await stored(user.id)).toMatchObject({
      workspaceRole: 'OWNER',
      organizationId: null,
      limitedToAgents: false,
    });
  });
});
