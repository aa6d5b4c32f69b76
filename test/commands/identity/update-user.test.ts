import { In, IsNull } from 'typeorm';
import { setAvailability } from '../../../src/commands/user/set-availability';
import { type CreateUser, createUser } from '../../../src/commands/user/create-user';
import { type UpdateUser, updateUser } from '../../../src/commands/user/update-user';
import { PERMISSIONS, type Principal } from '../../../src/domain/actor';
import type { Outcome } from '../../../src/domain/refusal';
import { Session } from '../../../src/entities/session';
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

describe('updateUser', () => {
  it('of a colleague without MANAGE_MEMBERS is forbidden', async () => {
    const outcome = await updateUser(
      database,
      world.operator.principal,
      {
        id: world.viewer.id,
        displayName: 'Renamed',
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN id']);
    expect((await stored(world.viewer.id)).displayName).toBe('vic');
  });

  it('of staff by a member is NOT_FOUND', async () => {
    expect(
      codes(await updateUser(database, world.manager.principal, { id: world.owner.id, disabled: true }, anyTarget)),
    ).toEqual(['NOT_FOUND id']);
  });

  it.each(['manager', 'owner'] as const)(
    'of oneself by %s takes a name and a picture and nothing else',
    async (who) => {
      const { id, principal } = world[who];
      const outcome = await updateUser(
        database,
        principal,
        {
          id,
          displayName: 'Me',
          permissions: [...PERMISSIONS],
          agentIds: null,
          disabled: false,
        },
        anyTarget,
      );
      expect(codes(outcome)).toEqual(['permissions', 'agentIds', 'disabled'].map((field) => `FORBIDDEN ${field}`));
      expect((await stored(id)).displayName).not.toBe('Me');

      accepted(
        await updateUser(
          database,
          principal,
          { id, displayName: ' Me ', avatarUrl: 'https://example.com/me.png' },
          anyTarget,
        ),
      );
      expect(await stored(id)).toMatchObject({ displayName: 'Me', avatarUrl: 'https://example.com/me.png' });
      accepted(await updateUser(database, principal, { id, avatarUrl: null }, anyTarget));
      expect(await stored(id)).toMatchObject({ displayName: 'Me', avatarUrl: null });
    },
  );

  it('with null where a value has to be is invalid', async () => {
    const outcome = await updateUser(
      database,
      world.manager.principal,
      {
        id: world.viewer.id,
        displayName: null,
        permissions: null,
        disabled: null,
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['displayName', 'permissions', 'disabled'].map((field) => `INVALID ${field}`));
  });

  it('cannot hand out what the caller lacks, but keeps and takes away what is there', async () => {
    const recruiter = await holding(database, world.viewer, ['MANAGE_MEMBERS'], [world.secondAgent.id]);
    const { id } = world.limited;
    const more = await updateUser(
      database,
      recruiter,
      {
        id,
        permissions: ['HANDLE_CONVERSATIONS', 'MANAGE_ORGANIZATION'],
      },
      anyTarget,
    );
    expect(codes(more)).toEqual(['FORBIDDEN permissions']);
    expect(codes(await updateUser(database, recruiter, { id, agentIds: null }, anyTarget))).toEqual([
      'FORBIDDEN agentIds',
    ]);

    accepted(await updateUser(database, recruiter, { id, permissions: ['HANDLE_CONVERSATIONS'] }, anyTarget));
    accepted(
      await updateUser(database, recruiter, { id, agentIds: [world.secondAgent.id, world.agent.id] }, anyTarget),
    );
    expect((await stored(id)).permissions).toEqual(['HANDLE_CONVERSATIONS']);
    expect((await agentsOf(id)).sort()).toEqual([world.agent.id, world.secondAgent.id].sort());
  });

  it('with agentIds null lifts the limit', async () => {
    accepted(await updateUser(database, world.manager.principal, { id: world.limited.id, agentIds: null }, anyTarget));
    expect((await stored(world.limited.id)).limitedToAgents).toBe(false);
    expect(await agentsOf(world.limited.id)).toEqual([]);
  });

  it('that disables somebody ends all of their sessions and nobody else’s; enabling again does not revive them', async () => {
    const { id } = world.operator;
    accepted(await updateUser(database, world.manager.principal, { id, disabled: true }, anyTarget));
    expect((await stored(id)).disabledAt).toBeInstanceOf(Date);
    const session = (userId: string): Promise<Session> => database.source.manager.findOneByOrFail(Session, { userId });
    expect((await session(id)).revokedAt).toBeInstanceOf(Date);
    expect((await session(world.secondOperator.id)).revokedAt).toBeNull();

    accepted(await updateUser(database, world.manager.principal, { id, disabled: false }, anyTarget));
    expect((await stored(id)).disabledAt).toBeNull();
    expect((await session(id)).revokedAt).toBeInstanceOf(Date);
  });

  it('of an owner by an administrator is forbidden', async () => {
    expect(
      codes(await updateUser(database, world.admin.principal, { id: world.owner.id, displayName: 'X' }, anyTarget)),
    ).toEqual(['FORBIDDEN id']);
  });

  it('by two owners who disable each other at once leaves one owner', async () => {
    const second = accepted(await create(world.owner.principal, { workspaceRole: 'OWNER' }));
    const secondPrincipal: Principal = { ...world.owner.principal, userId: second.id };
    const outcomes = await Promise.all([
      updateUser(database, world.owner.principal, { id: second.id, disabled: true }, anyTarget),
      updateUser(database, secondPrincipal, { id: world.owner.id, disabled: true }, anyTarget),
    ]);
    expect(outcomes.flatMap(codes)).toEqual(['NOT_FOUND id']);
    const owners = await database.source.manager.findBy(User, {
      workspaceId: world.workspace.id,
      workspaceRole: 'OWNER',
    });
    expect(owners.filter((owner) => owner.disabledAt === null)).toHaveLength(1);
  });

  it.each<[string, Partial<UpdateUser>, string]>([
    ['take MANAGE_MEMBERS from each other', { permissions: ['HANDLE_CONVERSATIONS'] }, 'FORBIDDEN id'],
    ['disable each other', { disabled: true }, 'NOT_FOUND id'],
  ])('by two members who %s at once leaves one who manages members', async (_, change, code) => {
    const { manager: first, operator: second } = world;
    await database.source.manager.update(User, { id: second.id }, { permissions: ['MANAGE_MEMBERS'] });
    const outcomes = await Promise.all([
      updateUser(database, first.principal, { id: second.id, ...change }, anyTarget),
      updateUser(
        database,
        { ...second.principal, permissions: ['MANAGE_MEMBERS'] },
        { id: first.id, ...change },
        anyTarget,
      ),
    ]);
    expect(outcomes.flatMap(codes)).toEqual([code]);
    const left = await database.source.manager.findBy(User, { id: In([first.id, second.id]), disabledAt: IsNull() });
    expect(left.filter(({ permissions }) => permissions.includes('MANAGE_MEMBERS'))).toHaveLength(1);
  });

  it('of the last member with MANAGE_MEMBERS: not by members, themselves included, but by staff', async () => {
    const { id, principal } = world.manager;
    const taken = { id, permissions: ['VIEW_CONVERSATIONS'] } as const;
    expect(codes(await updateUser(database, principal, taken, anyTarget))).toEqual(['FORBIDDEN permissions']);
    expect(codes(await updateUser(database, world.operator.principal, taken, anyTarget))).toEqual(['FORBIDDEN id']);
    accepted(await updateUser(database, world.admin.principal, taken, anyTarget));
  });

  it('by somebody whose MANAGE_MEMBERS was taken after the request had begun is forbidden', async () => {
    await database.source.manager.update(User, { id: world.manager.id }, { permissions: [] });
    const outcome = await updateUser(
      database,
      world.manager.principal,
      { id: world.viewer.id, permissions: [] },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN id']);
  });

  it('tells every process of another permission or limit, and of nothing else', async () => {
    const { id } = world.operator;
    const told = (): Promise<object[]> =>
      database.source.query('select name from outbox where subject_id = $1 order by id', [id]);
    accepted(await updateUser(database, world.manager.principal, { id, displayName: 'Another' }, anyTarget));
    expect(await told()).toEqual([]);
    accepted(await updateUser(database, world.manager.principal, { id, permissions: [] }, anyTarget));
    accepted(await updateUser(database, world.manager.principal, { id, agentIds: [world.agent.id] }, anyTarget));
    expect(await told()).toEqual([{ name: 'ACCESS_CHANGED' }, { name: 'ACCESS_CHANGED' }]);
  });
});

describe('setAvailability', () => {
  it.each(['visitor', 'agentKey', 'staffKey'] as const)('by %s, who is no person, is forbidden', async (who) => {
    expect(codes(await setAvailability(database, world[who].principal, { available: false }))).toEqual(['FORBIDDEN']);
  });

  it('stores the choice of the caller alone', async () => {
    expect(accepted(await setAvailability(database, world.operator.principal, { available: false })).available).toBe(
      false,
    );
    expect((await stored(world.operator.id)).available).toBe(false);
    expect((await stored(world.secondOperator.id)).available).toBe(true);
  });
});
