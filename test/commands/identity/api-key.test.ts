import { createApiKey } from '../../../src/commands/api-key/create-api-key';
import { revokeApiKey } from '../../../src/commands/api-key/revoke-api-key';
import { ApiKey } from '../../../src/entities/api-key';
import { authenticate } from '../../../src/queries/authenticate';
import { NOWHERE } from '../../../src/domain/actor';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
  world = await createWorld(database.source);
});
afterAll(() => database.close());

describe('createApiKey', () => {
  it.each(['manager', 'agentKey'] as const)('by %s, who is no staff, is forbidden', async (who) => {
    const outcome = await createApiKey(database, world[who].principal, {
      workspaceId: world.workspace.id,
      name: 'Mine',
    });
    expect(codes(outcome)).toEqual(['FORBIDDEN']);
  });

  it('with a blank name and an end in the past is invalid', async () => {
    const input = { workspaceId: world.workspace.id, name: ' ', expiresAt: new Date(0) };
    expect(codes(await createApiKey(database, world.owner.principal, input))).toEqual([
      'INVALID name',
      'INVALID expiresAt',
    ]);
  });

  it('stores a hash and the prefix, and returns the secret once; the key works as the runtime of its agent', async () => {
    const input = {
      workspaceId: world.workspace.id,
      name: ' Runtime ',
      agentId: world.agent.id,
      expiresAt: new Date('2100-01-01'),
    };
    const { apiKey, secret } = accepted(await createApiKey(database, world.owner.principal, input));
    const row = await database.source.manager.findOneByOrFail(ApiKey, { id: apiKey.id });
    expect(row).toEqual(apiKey);
    expect(row).toMatchObject({
      name: 'Runtime',
      agentId: world.agent.id,
      expiresAt: input.expiresAt,
      revokedAt: null,
    });
    expect(secret.startsWith(`${row.prefix}_`)).toBe(true);
    expect(row.secretHash).toHaveLength(32);
    expect(row.secretHash.toString('latin1')).not.toContain(secret.slice(-20));
    expect(await authenticate(database.source, `Bearer ${secret}`)).toEqual({
      kind: 'API_KEY',
      ...NOWHERE,
      workspaceId: world.workspace.id,
      keyId: apiKey.id,
      agentId: world.agent.id,
      scopes: [],
      secretVersion: 1,
    });
  });
});

describe('revokeApiKey', () => {
  it.each(['manager', 'agentKey', 'visitor'] as const)(
    'by %s, to whom keys do not exist, is NOT_FOUND',
    async (who) => {
      expect(codes(await revokeApiKey(database, world[who].principal, { id: world.agentKey.id }))).toEqual([
        'NOT_FOUND id',
      ]);
    },
  );

  it('ends the key at once, and doing it again keeps the first moment', async () => {
    const { secret, apiKey } = accepted(
      await createApiKey(database, world.staffKey.principal, { workspaceId: world.workspace.id, name: 'Short-lived' }),
    );
    expect(await authenticate(database.source, `Bearer ${secret}`)).toMatchObject({ agentId: null });
    const revoked = accepted(await revokeApiKey(database, world.admin.principal, { id: apiKey.id }));
    expect(await authenticate(database.source, `Bearer ${secret}`)).toBeNull();
    const again = accepted(await revokeApiKey(database, world.admin.principal, { id: apiKey.id }));
    expect(again.revokedAt).toEqual(revoked.revokedAt);
    expect(await database.source.manager.findOneByOrFail(ApiKey, { id: apiKey.id })).toEqual(again);
  });
});
