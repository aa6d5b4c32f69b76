import { updateAgentHandoff } from '../../../src/commands/agent/update-agent-handoff';
import { DEFAULT_ANNOUNCEMENTS } from '../../../src/domain/conversation/handoff-settings';
import { Agent } from '../../../src/entities/agent';
import { createWorld, type World } from '../../support/world';
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

const stored = (id: string): Promise<Agent> => database.source.manager.findOneByOrFail(Agent, { id });

describe('updateAgentHandoff', () => {
  it.each(['operator', 'viewer', 'visitor', 'agentKey'] as const)(
    'by %s, without MANAGE_AGENT_SETTINGS, is forbidden',
    async (who) => {
      const outcome = await updateAgentHandoff(database, world[who].principal, {
        agentId: world.agent.id,
        enabled: false,
      });
      expect(codes(outcome)).toEqual(['FORBIDDEN agentId']);
      expect((await stored(world.agent.id)).handoffEnabled).toBe(true);
    },
  );

  it('of a fixed popup for an agent without organization is AGENT_NOT_IN_ORGANIZATION', async () => {
    const outcome = await updateAgentHandoff(database, world.owner.principal, {
      agentId: world.unassignedAgent.id,
      fixedPopup: true,
    });
    expect(codes(outcome)).toEqual(['AGENT_NOT_IN_ORGANIZATION fixedPopup']);
    expect((await stored(world.unassignedAgent.id)).fixedPopup).toBe(false);
  });

  it.each([0, 86_401, 1.5])('with a timeout of %d seconds is invalid', async (requestTimeoutSeconds) => {
    const outcome = await updateAgentHandoff(database, world.owner.principal, {
      agentId: world.agent.id,
      requestTimeoutSeconds,
    });
    expect(codes(outcome)).toEqual(['INVALID requestTimeoutSeconds']);
  });

  it('with nulls, blank and over-long texts is invalid', async () => {
    const outcome = await updateAgentHandoff(database, world.owner.principal, {
      agentId: world.agent.id,
      enabled: null,
      title: ' ',
      subtitle: 'x'.repeat(501),
      announcements: { requested: null, accepted: 'é'.repeat(501), returned: '\u200b' },
    });
    const paths = [
      'enabled',
      'title',
      'subtitle',
      'announcements.requested',
      'announcements.accepted',
      'announcements.returned',
    ];
    expect(codes(outcome)).toEqual(paths.map((path) => `INVALID ${path}`));
  });

  it('by a manager of the organization stores every setting and leaves the other texts', async () => {
    const agent = accepted(
      await updateAgentHandoff(database, world.manager.principal, {
        agentId: world.agent.id,
        enabled: false,
        fixedPopup: true,
        offerWhenOffline: false,
        title: ' People ',
        subtitle: 'Real ones',
        requestTimeoutSeconds: 1,
        whileWaiting: 'AI_ANSWERS',
        aiMayRequest: false,
        announcements: { accepted: '{operator} is here' },
      }),
    );
    expect(await stored(agent.id)).toEqual({
      ...world.agent,
      handoffEnabled: false,
      fixedPopup: true,
      offerWhenOffline: false,
      handoffTitle: 'People',
      handoffSubtitle: 'Real ones',
      requestTimeoutSeconds: 1,
      whileWaiting: 'AI_ANSWERS',
      aiMayRequest: false,
      announcements: { ...DEFAULT_ANNOUNCEMENTS, accepted: '{operator} is here' },
      version: 2,
    });
  });

  it('by staff is allowed for an agent without organization', async () => {
    accepted(
      await updateAgentHandoff(database, world.admin.principal, { agentId: world.unassignedAgent.id, enabled: false }),
    );
    expect((await stored(world.unassignedAgent.id)).handoffEnabled).toBe(false);
  });
});
