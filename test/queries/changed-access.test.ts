import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import type { Principal } from '../../src/domain/actor';
import { Session } from '../../src/entities/session';
import { VisitorSession } from '../../src/entities/visitor-session';
import { changedAccess } from '../../src/queries/changed-access';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';

let database: TestDatabase;
let source: DataSource;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  source = createDataSource({ url: database.url, poolSize: 2, applicationName: 'baton-test' });
  await source.initialize();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});
beforeEach(async () => {
  world = await createWorld(source);
});

const past = new Date(0);
type Who = 'owner' | 'operator' | 'limited' | 'manager' | 'visitor' | 'agentKey' | 'staffKey';
const everybody: Who[] = ['owner', 'operator', 'limited', 'manager', 'visitor', 'agentKey', 'staffKey'];

describe('changedAccess', () => {
  it.each<[string, Who, string, () => Promise<unknown>]>([
    [
      'whose session was revoked',
      'operator',
      'ENDED',
      () => source.manager.update(Session, { userId: world.operator.id }, { revokedAt: new Date() }),
    ],
    [
      'whose session has expired',
      'operator',
      'ENDED',
      () => source.manager.update(Session, { userId: world.operator.id }, { expiresAt: past }),
    ],
    [
      'who is disabled',
      'manager',
      'ENDED',
      () => source.query('update users set disabled_at = now() where id = $1', [world.manager.id]),
    ],
    [
      'whose key was revoked',
      'staffKey',
      'ENDED',
      () => source.query('update api_keys set revoked_at = now() where id = $1', [world.staffKey.id]),
    ],
    [
      'whose key has expired',
      'agentKey',
      'ENDED',
      () => source.query('update api_keys set expires_at = now() where id = $1', [world.agentKey.id]),
    ],
    [
      'whose secret is not the newest any more, nor the one before it',
      'agentKey',
      'ENDED',
      () => source.query('update api_keys set secret_version = secret_version + 1 where id = $1', [world.agentKey.id]),
    ],
    [
      'whose visit has expired',
      'visitor',
      'ENDED',
      () => source.manager.update(VisitorSession, { visitorId: world.visitor.id }, { expiresAt: past }),
    ],
    [
      'who lost a permission',
      'manager',
      'CHANGED',
      () => source.query(`update users set permissions = '{VIEW_CONVERSATIONS}' where id = $1`, [world.manager.id]),
    ],
    [
      'who has become limited to no agent',
      'operator',
      'CHANGED',
      () => source.query('update users set limited_to_agents = true where id = $1', [world.operator.id]),
    ],
    [
      'who lost an agent',
      'limited',
      'CHANGED',
      () => source.query('delete from user_agents where user_id = $1', [world.limited.id]),
    ],
    [
      'whose role is another one',
      'owner',
      'CHANGED',
      () => source.query(`update users set workspace_role = 'ADMIN' where id = $1`, [world.owner.id]),
    ],
  ])('names the one %s, and nobody else', async (_, who, change, act) => {
    const principals = everybody.map((one): Principal => world[one].principal);
    expect(await changedAccess(source, principals)).toEqual(new Map());
    await act();
    expect(await changedAccess(source, principals)).toEqual(new Map([[world[who].principal, change]]));
  });

  it('names nobody whose permissions stand in another order, or whose former secret still works', async () => {
    const principals = everybody.map((one): Principal => world[one].principal);
    await source.query(
      'update users set permissions = array(select p from unnest(permissions) with ordinality as t (p, n) order by n desc)',
    );
    await source.query(
      `update api_keys set secret_version = secret_version + 1, former_secret_hash = secret_hash,
         former_secret_expires_at = now() + interval '1 hour' where id = $1`,
      [world.staffKey.id],
    );
    expect(await changedAccess(source, principals)).toEqual(new Map());
  });

  it('asked about nobody, names nobody', async () => {
    expect(await changedAccess(source, [])).toEqual(new Map());
  });
});
