import { createDataSource } from '../../src/database/data-source';
import type { DataSource } from 'typeorm';
import { ApiKey } from '../../src/entities/api-key';
import { Session } from '../../src/entities/session';
import { User } from '../../src/entities/user';
import { UserAgent } from '../../src/entities/user-agent';
import { VisitorSession } from '../../src/entities/visitor-session';
import { newApiKey, newToken } from '../../src/identity/tokens';
import { authenticate } from '../../src/queries/authenticate';
import { countStatements } from '../support/count-statements';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';

let testDatabase: TestDatabase;
let source: DataSource;
let world: World;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  source = createDataSource({ url: testDatabase.url, poolSize: 5, applicationName: 'baton-test' });
  await source.initialize();
});
beforeEach(async () => {
  world = await createWorld(source);
});
afterAll(async () => {
  await source.destroy();
  await testDatabase.drop();
});

const bearer = (token: string): ReturnType<typeof authenticate> => authenticate(source, `Bearer ${token}`);
const longAgo = new Date('2020-01-01');

describe('authenticate', () => {
  it.each([
    ['no header', null],
    ['an empty header', ''],
    ['another scheme', 'Basic b3NjYXI6cGFzc3dvcmQ='],
    ['a bearer without a token', 'Bearer '],
    ['a token of nobody', `Bearer ${newToken('USER_SESSION')}`],
    ['a visitor token of nobody', `Bearer ${newToken('VISITOR_SESSION')}`],
    ['a key of nobody', `Bearer ${newApiKey().key}`],
    ['two tokens', `Bearer ${newToken('USER_SESSION')} ${newToken('USER_SESSION')}`],
    ['a NUL', 'Bearer bat_u_\0'],
    ['a megabyte', `Bearer bat_u_${'x'.repeat(1_000_000)}`],
  ])('is nobody with %s', async (_case, header) => {
    expect(await authenticate(source, header)).toBeNull();
  });

  it.each([
    ['an expired session', () => source.manager.update(Session, { userId: world.operator.id }, { expiresAt: longAgo })],
    ['a revoked session', () => source.manager.update(Session, { userId: world.operator.id }, { revokedAt: longAgo })],
    [
      'a session of a disabled person',
      () => source.manager.update(User, { id: world.operator.id }, { disabledAt: longAgo }),
    ],
  ])('is nobody with %s', async (_case, end) => {
    expect(await bearer(world.operator.token)).not.toBeNull();
    await end();
    expect(await bearer(world.operator.token)).toBeNull();
  });

  it('is nobody with an expired visitor session', async () => {
    await source.manager.update(VisitorSession, { visitorId: world.visitor.id }, { expiresAt: longAgo });
    expect(await bearer(world.visitor.token)).toBeNull();
  });

  it.each([
    ['revoked', { revokedAt: longAgo }],
    ['expired', { expiresAt: longAgo }],
  ])('is nobody with a key that is %s', async (_case, change) => {
    await source.manager.update(ApiKey, { id: world.agentKey.id }, change);
    expect(await bearer(world.agentKey.token)).toBeNull();
  });

  it('is nobody with the right prefix of a key and another secret', async () => {
    const other = newApiKey().key.slice(-43);
    expect(await bearer(`${world.staffKey.row.prefix}_${other}`)).toBeNull();
  });

  it.each(['owner', 'admin', 'operator', 'limited', 'visitor', 'agentKey', 'staffKey'] as const)(
    'makes the principal of %s, whatever the case of the scheme',
    async (who) => {
      expect(await authenticate(source, `bearer  ${world[who].token}`)).toEqual(world[who].principal);
    },
  );

  it('limits a member without any agent to none, not to all', async () => {
    await source.manager.delete(UserAgent, { userId: world.limited.id });
    expect(await bearer(world.limited.token)).toEqual({ ...world.limited.principal, agentIds: [] });
  });

  it('tells when a session was last seen, to the minute', async () => {
    const lastSeen = async (): Promise<Date> =>
      (await source.manager.findOneByOrFail(Session, { userId: world.operator.id })).lastSeenAt;
    const fresh = await lastSeen();
    await bearer(world.operator.token);
    expect(await lastSeen()).toEqual(fresh);

    await source.manager.update(Session, { userId: world.operator.id }, { lastSeenAt: longAgo });
    await bearer(world.operator.token);
    expect((await lastSeen()).getTime()).toBeGreaterThanOrEqual(fresh.getTime());
  });

  it('tells when a key was last used, from the first time on', async () => {
    await bearer(world.staffKey.token);
    const first = (await source.manager.findOneByOrFail(ApiKey, { id: world.staffKey.id })).lastUsedAt;
    expect(first).toBeInstanceOf(Date);
    await bearer(world.staffKey.token);
    expect((await source.manager.findOneByOrFail(ApiKey, { id: world.staffKey.id })).lastUsedAt).toEqual(first);
  });

  it('tells many who come at the same instant apart, good and bad ones, in few transactions', async () => {
    const good = ['owner', 'operator', 'limited', 'visitor', 'otherVisitor', 'agentKey', 'staffKey'] as const;
    const other = await createWorld(source);
    await source.manager.update(Session, { userId: other.operator.id }, { revokedAt: longAgo });
    const asked = Array.from({ length: 8 }, () => [
      ...good.map((who) => [world[who].token, world[who].principal] as const),
      [other.owner.token, other.owner.principal] as const,
      [other.operator.token, null] as const,
      [newToken('VISITOR_SESSION'), null] as const,
      [`${world.staffKey.row.prefix}_${newApiKey().key.slice(-43)}`, null] as const,
    ]).flat();
    const counted = countStatements();
    try {
      expect(await Promise.all(asked.map(([token]) => bearer(token)))).toEqual(asked.map(([, principal]) => principal));
      // Of each kind: the first by itself, and then all others.
      expect(counted.texts.filter((text) => text === 'commit')).toHaveLength(6);
    } finally {
      counted.stop();
    }
  });

  it('asks anew for each who comes after a revocation, whoever is on the way', async () => {
    const before = Array.from({ length: 20 }, () => bearer(world.operator.token));
    await source.manager.update(Session, { userId: world.operator.id }, { revokedAt: longAgo });
    expect(await bearer(world.operator.token)).toBeNull();
    await Promise.all(before);
  });

  it('does not wait for somebody who is just writing the same session', async () => {
    await source.manager.update(Session, { userId: world.operator.id }, { lastSeenAt: longAgo });
    await source.transaction(async (manager) => {
      await manager.query('select 1 from sessions where user_id = $1 for update', [world.operator.id]);
      expect(await bearer(world.operator.token)).toEqual(world.operator.principal);
    });
  });
});
