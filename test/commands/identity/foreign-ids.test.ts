import { assignAgent } from '../../../src/commands/agent/assign-agent';
import { createAgent } from '../../../src/commands/agent/create-agent';
import { setAgentResponder } from '../../../src/commands/agent/set-agent-responder';
import { updateAgent } from '../../../src/commands/agent/update-agent';
import { updateAgentHandoff } from '../../../src/commands/agent/update-agent-handoff';
import { createApiKey } from '../../../src/commands/api-key/create-api-key';
import { revokeApiKey } from '../../../src/commands/api-key/revoke-api-key';
import { removePushSubscription } from '../../../src/commands/notification/remove-push-subscription';
import { createOrganization } from '../../../src/commands/organization/create-organization';
import { updateOrganization } from '../../../src/commands/organization/update-organization';
import { createUser } from '../../../src/commands/user/create-user';
import { updateUser } from '../../../src/commands/user/update-user';
import { newId } from '../../../src/database/ids';
import type { Principal } from '../../../src/domain/actor';
import type { Outcome } from '../../../src/domain/refusal';
import { PushSubscription } from '../../../src/entities/push-subscription';
import { createPasswordHasher } from '../../../src/identity/password-hasher';
import { testSecrets } from '../../support/secrets';
import { createWorld, type World } from '../../support/world';
import { codes, openDatabase } from './open-database';
import { anyTarget } from './any-target';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
let foreign: World;
let foreignSubscription: PushSubscription;

beforeAll(async () => {
  database = await openDatabase();
  world = await createWorld(database.source);
  foreign = await createWorld(database.source);
  foreignSubscription = {
    id: newId(),
    workspaceId: foreign.workspace.id,
    userId: foreign.operator.id,
    endpoint: 'https://push.example.com/foreign',
    p256dh: 'x',
    auth: 'y',
    userAgent: null,
    createdAt: new Date(),
    lastSuccessAt: null,
  };
  await database.source.manager.insert(PushSubscription, foreignSubscription);
});
afterAll(() => database.close());

const passwords = createPasswordHasher({ cost: 16 });
const sealSecret = (clear: string, place: string): string => testSecrets.seal(clear, place);
const checkTarget = (): Promise<null> => Promise.resolve(null);
const person = { displayName: 'New', email: 'new@example.com', password: 'long enough password' };

interface Case {
  readonly command: string;
  readonly path: string;
  /** An id that exists, in another workspace. */
  readonly foreignId: () => string;
  /** The id of something that is in the same workspace, but of another organization; null where members never see any. */
  readonly neighbourId: (() => string) | null;
  readonly run: (principal: Principal, id: string) => Promise<Outcome<unknown>>;
}

const cases: Case[] = [
  {
    command: 'createOrganization in a workspace',
    path: 'workspaceId',
    foreignId: () => foreign.workspace.id,
    neighbourId: null,
    run: (principal, workspaceId) => createOrganization(database, principal, { workspaceId, name: 'New' }, anyTarget),
  },
  {
    command: 'updateOrganization of an organization',
    path: 'id',
    foreignId: () => foreign.organization.id,
    neighbourId: () => world.otherOrganization.id,
    run: (principal, id) => updateOrganization(database, principal, { id, name: 'Taken' }, anyTarget),
  },
  {
    command: 'createUser in a workspace',
    path: 'workspaceId',
    foreignId: () => foreign.workspace.id,
    neighbourId: null,
    run: (principal, workspaceId) =>
      createUser(database, principal, { ...person, workspaceId, workspaceRole: 'ADMIN' }, { ...anyTarget, passwords }),
  },
  {
    command: 'createUser in an organization',
    path: 'organizationId',
    foreignId: () => foreign.organization.id,
    neighbourId: () => world.otherOrganization.id,
    run: (principal, organizationId) =>
      createUser(
        database,
        principal,
        { ...person, workspaceId: principal.workspaceId, organizationId },
        { ...anyTarget, passwords },
      ),
  },
  {
    command: 'createUser limited to an agent',
    path: 'agentIds.0',
    foreignId: () => foreign.agent.id,
    neighbourId: () => world.otherAgent.id,
    run: (principal, id) => {
      const member = { ...person, workspaceId: principal.workspaceId, organizationId: world.organization.id };
      return createUser(database, principal, { ...member, agentIds: [id] }, { ...anyTarget, passwords });
    },
  },
  {
    command: 'updateUser of a user',
    path: 'id',
    foreignId: () => foreign.operator.id,
    neighbourId: () => world.otherMember.id,
    run: (principal, id) => updateUser(database, principal, { id, displayName: 'Taken' }, anyTarget),
  },
  {
    command: 'updateUser limited to an agent',
    path: 'agentIds.0',
    foreignId: () => foreign.agent.id,
    neighbourId: () => world.otherAgent.id,
    run: (principal, id) => updateUser(database, principal, { id: world.viewer.id, agentIds: [id] }, anyTarget),
  },
  {
    command: 'createAgent in a workspace',
    path: 'workspaceId',
    foreignId: () => foreign.workspace.id,
    neighbourId: null,
    run: (principal, workspaceId) => createAgent(database, principal, { workspaceId, displayName: 'New' }, anyTarget),
  },
  {
    command: 'createAgent in an organization',
    path: 'organizationId',
    foreignId: () => foreign.organization.id,
    neighbourId: null,
    run: (principal, organizationId) =>
      createAgent(
        database,
        principal,
        { workspaceId: principal.workspaceId, displayName: 'New', organizationId },
        anyTarget,
      ),
  },
  {
    command: 'updateAgent of an agent',
    path: 'id',
    foreignId: () => foreign.agent.id,
    neighbourId: () => world.otherAgent.id,
    run: (principal, id) => updateAgent(database, principal, { id, displayName: 'Taken' }, anyTarget),
  },
  {
    command: 'assignAgent of an agent',
    path: 'agentId',
    foreignId: () => foreign.agent.id,
    neighbourId: () => world.otherAgent.id,
    run: (principal, agentId) => assignAgent(database, principal, { agentId, organizationId: null }),
  },
  {
    command: 'assignAgent to an organization',
    path: 'organizationId',
    foreignId: () => foreign.organization.id,
    neighbourId: null,
    run: (principal, organizationId) => assignAgent(database, principal, { agentId: world.agent.id, organizationId }),
  },
  {
    command: 'updateAgentHandoff of an agent',
    path: 'agentId',
    foreignId: () => foreign.agent.id,
    neighbourId: () => world.otherAgent.id,
    run: (principal, agentId) => updateAgentHandoff(database, principal, { agentId, enabled: false }),
  },
  {
    command: 'setAgentResponder of an agent',
    path: 'agentId',
    foreignId: () => foreign.agent.id,
    neighbourId: () => world.otherAgent.id,
    run: (principal, agentId) =>
      setAgentResponder(database, principal, { agentId, kind: 'SCRIPTED' }, { checkTarget, sealSecret }),
  },
  {
    command: 'createApiKey in a workspace',
    path: 'workspaceId',
    foreignId: () => foreign.workspace.id,
    neighbourId: null,
    run: (principal, workspaceId) => createApiKey(database, principal, { workspaceId, name: 'New' }),
  },
  {
    command: 'createApiKey of an agent',
    path: 'agentId',
    foreignId: () => foreign.agent.id,
    neighbourId: null,
    run: (principal, agentId) =>
      createApiKey(database, principal, { workspaceId: principal.workspaceId, name: 'New', agentId }),
  },
  {
    command: 'revokeApiKey of a key',
    path: 'id',
    foreignId: () => foreign.staffKey.id,
    neighbourId: () => world.staffKey.id,
    run: (principal, id) => revokeApiKey(database, principal, { id }),
  },
  {
    command: 'removePushSubscription of a browser',
    path: 'id',
    foreignId: () => foreignSubscription.id,
    neighbourId: null,
    run: (principal, id) => removePushSubscription(database, principal, { id }),
  },
];

describe.each(cases)('$command', ({ path, foreignId, neighbourId, run }) => {
  it('of another workspace is NOT_FOUND, even for an owner', async () => {
    expect(codes(await run(world.owner.principal, foreignId()))).toEqual([`NOT_FOUND ${path}`]);
  });

  it('that does not exist gets the very same answer', async () => {
    const missing = await run(world.owner.principal, newId());
    expect(missing).toEqual(await run(world.owner.principal, foreignId()));
  });

  if (neighbourId !== null) {
    it('of another organization of the workspace is NOT_FOUND for a member who holds every permission', async () => {
      expect(codes(await run(world.manager.principal, neighbourId()))).toEqual([`NOT_FOUND ${path}`]);
    });
  }
});

it('leaves the foreign world as it was after all of these', async () => {
  await Promise.all(cases.map((one) => one.run(world.owner.principal, one.foreignId())));
  const { manager } = database.source;
  const [counts] = await manager.query<{ agents: string; users: string; organizations: string; open: string }[]>(
    `select (select count(*) from agents where workspace_id = $1 and version = 1) as agents,
       (select count(*) from users where workspace_id = $1 and display_name <> 'Taken') as users,
       (select count(*) from organizations where workspace_id = $1 and version = 1) as organizations,
       (select count(*) from api_keys where workspace_id = $1 and revoked_at is null) as open`,
    [foreign.workspace.id],
  );
  expect(counts).toEqual({ agents: '4', users: '8', organizations: '2', open: '2' });
  expect(await manager.countBy(PushSubscription, { id: foreignSubscription.id })).toBe(1);
});
