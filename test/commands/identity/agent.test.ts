import { assignAgent } from '../../../src/commands/agent/assign-agent';
import { createAgent } from '../../../src/commands/agent/create-agent';
import { updateAgent } from '../../../src/commands/agent/update-agent';
import { updateAgentHandoff } from '../../../src/commands/agent/update-agent-handoff';
import { DEFAULT_ANNOUNCEMENTS } from '../../../src/domain/conversation/handoff-settings';
import { Agent } from '../../../src/entities/agent';
import { Conversation } from '../../../src/entities/conversation';
import { UserAgent } from '../../../src/entities/user-agent';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';
import { anyTarget } from './any-target';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const stored = (id: string): Promise<Agent> => database.source.manager.findOneByOrFail(Agent, { id });

describe('createAgent', () => {
  it('by a member who holds every permission is forbidden', async () => {
    const outcome = await createAgent(
      database,
      world.manager.principal,
      {
        workspaceId: world.workspace.id,
        displayName: 'New',
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN']);
  });

  it('with an unusable name and picture is invalid', async () => {
    const input = { workspaceId: world.workspace.id, displayName: 'a\u202eb', avatarUrl: '/ada.png' };
    expect(codes(await createAgent(database, world.owner.principal, input, anyTarget))).toEqual([
      'INVALID displayName',
      'INVALID avatarUrl',
    ]);
  });

  it('stores an agent with handoff off, nobody to answer, and a public key of its own', async () => {
    const input = { workspaceId: world.workspace.id, displayName: ' Eve ', organizationId: world.organization.id };
    const agent = accepted(await createAgent(database, world.admin.principal, input, anyTarget));
    const second = accepted(await createAgent(database, world.admin.principal, input, anyTarget));
    expect(await stored(agent.id)).toEqual(agent);
    expect(agent).toMatchObject({
      workspaceId: world.workspace.id,
      organizationId: world.organization.id,
      displayName: 'Eve',
      handoffEnabled: false,
      fixedPopup: false,
      responderKind: 'NONE',
      announcements: DEFAULT_ANNOUNCEMENTS,
      version: 1,
    });
    expect(agent.publicKey).toMatch(/^pk_[\w-]{24}$/);
    expect(second.publicKey).not.toBe(agent.publicKey);
  });
});

describe('updateAgent', () => {
  it.each(['operator', 'visitor', 'agentKey'] as const)('by %s is forbidden', async (who) => {
    const outcome = await updateAgent(
      database,
      world[who].principal,
      { id: world.agent.id, displayName: 'Mine' },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN id']);
    expect((await stored(world.agent.id)).displayName).toBe('Ada');
  });

  it('of an agent that a limited member does not cover is NOT_FOUND', async () => {
    const principal = { ...world.manager.principal, agentIds: [world.agent.id] };
    expect(
      codes(await updateAgent(database, principal, { id: world.secondAgent.id, displayName: 'X' }, anyTarget)),
    ).toEqual(['NOT_FOUND id']);
    accepted(await updateAgent(database, principal, { id: world.agent.id, displayName: 'X' }, anyTarget));
  });

  it('with an old version is refused and returns the row as it is', async () => {
    const outcome = await updateAgent(
      database,
      world.owner.principal,
      {
        id: world.agent.id,
        displayName: 'Late',
        expectedVersion: 7,
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['STALE_VERSION expectedVersion']);
    expect(outcome.value).toMatchObject({ displayName: 'Ada', version: 1 });
  });

  it('with origins that are none is invalid', async () => {
    const allowedOrigins = ['https://shop.example.com', 'https://shop.example.com/', '*', 'null'];
    const outcome = await updateAgent(
      database,
      world.owner.principal,
      {
        id: world.agent.id,
        displayName: null,
        allowedOrigins,
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(
      ['displayName', 'allowedOrigins.1', 'allowedOrigins.2', 'allowedOrigins.3'].map((path) => `INVALID ${path}`),
    );
  });

  it('stores what is given, clears the picture on null and counts the version', async () => {
    const secret = { identitySecret: 'sealed', identitySecretCreatedAt: new Date() };
    await database.source.manager.update(Agent, { id: world.agent.id }, secret);
    const { id } = world.agent;
    accepted(
      await updateAgent(database, world.manager.principal, { id, avatarUrl: 'https://example.com/ada.png' }, anyTarget),
    );
    const input = {
      id,
      avatarUrl: null,
      allowedOrigins: ['https://shop.example.com'],
      identityVerificationRequired: true,
    };
    accepted(await updateAgent(database, world.owner.principal, { ...input, expectedVersion: 2 }, anyTarget));
    expect(await stored(id)).toEqual({
      ...world.agent,
      ...secret,
      avatarUrl: null,
      allowedOrigins: ['https://shop.example.com'],
      identityVerificationRequired: true,
      version: 3,
    });
  });
});

describe('assignAgent', () => {
  it.each(['manager', 'visitor', 'agentKey'] as const)('by %s, who is no staff, is forbidden', async (who) => {
    const outcome = await assignAgent(database, world[who].principal, {
      agentId: world.agent.id,
      organizationId: null,
    });
    expect(codes(outcome)).toEqual(['FORBIDDEN agentId']);
  });

  it('moves the agent, keeps its settings, and leaves its conversations where they began', async () => {
    const manager = database.source.manager;
    accepted(await updateAgentHandoff(database, world.owner.principal, { agentId: world.agent.id, fixedPopup: true }));
    accepted(await assignAgent(database, world.staffKey.principal, { agentId: world.agent.id, organizationId: null }));
    expect(await stored(world.agent.id)).toMatchObject({
      organizationId: null,
      fixedPopup: true,
      handoffEnabled: true,
      version: 3,
    });
    expect(await manager.findOneByOrFail(Conversation, { id: world.conversation.id })).toMatchObject({
      organizationId: world.organization.id,
    });
    expect(await manager.countBy(UserAgent, { agentId: world.agent.id })).toBe(0);
  });

  it('to where it is already changes nothing', async () => {
    const input = { agentId: world.agent.id, organizationId: world.organization.id };
    accepted(await assignAgent(database, world.owner.principal, input));
    expect((await stored(world.agent.id)).version).toBe(1);
    expect(await database.source.manager.countBy(UserAgent, { agentId: world.agent.id })).toBe(1);
  });
});
