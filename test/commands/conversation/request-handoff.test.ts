import { assignAgent } from '../../../src/commands/agent/assign-agent';
import { updateAgentHandoff } from '../../../src/commands/agent/update-agent-handoff';
import { requestHandoff } from '../../../src/commands/conversation/request-handoff';
import { countOperators } from '../../../src/database/operators';
import { newId } from '../../../src/database/ids';
import { decideOffer, type OfferDecision } from '../../../src/domain/conversation/handoff-offer';
import { Agent } from '../../../src/entities/agent';
import { User } from '../../../src/entities/user';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
});
afterAll(() => database.close());

const disableEverybody = () =>
  database.source.manager.update(User, { workspaceId: stage.world.workspace.id }, { disabledAt: new Date() });

/** An open dashboard connection, until the given moment. */
async function connect(userId: string, until = "now() + interval '1 minute'"): Promise<void> {
  const sql = `insert into presences (process_id, workspace_id, actor_kind, actor_id, until) values ($1, $2, 'USER', $3, ${until})`;
  await database.source.query(sql, [newId(), stage.world.workspace.id, userId]);
}

async function offer(): Promise<OfferDecision> {
  const { manager } = database.source;
  const [row, agent] = [await stage.row(), await manager.findOneByOrFail(Agent, { id: stage.world.agent.id })];
  return decideOffer(agent, await countOperators(manager, row), row);
}

describe('requestHandoff', () => {
  it.each([
    ['promise 1: when handoff is switched off', () => stage.change({ handoffEnabled: false }), 'HANDOFF_NOT_OFFERED'],
    ['promise 3: when no operator is enabled', disableEverybody, 'HANDOFF_NOT_OFFERED'],
    ['promise 3: when nobody is online', () => stage.change({ offerWhenOffline: false }), 'HANDOFF_NOT_OFFERED'],
    ['when one waits already', () => stage.asks(), 'INVALID_TRANSITION'],
    ['when a person has the conversation', () => stage.takesOver(), 'INVALID_TRANSITION'],
    ['when the conversation is closed', () => stage.closes(), 'INVALID_TRANSITION'],
  ])('%s is refused and changes nothing', async (_case, prepare, code) => {
    await prepare();
    const before = await stage.everything();
    const outcome = await stage.asks();
    expect(codes(outcome)[0]).toMatch(new RegExp(`^${code}`));
    expect(outcome.value?.conversation.id).toBe(stage.conversationId);
    expect(await stage.everything()).toEqual(before);
  });

  it.each(['operator', 'owner', 'staffKey'] as const)('by %s, who can take over instead, is forbidden', async (who) => {
    const input = { conversationId: stage.conversationId, reason: null, summary: null, controlEpoch: null };
    const outcome = await requestHandoff(database, stage.world[who].principal, input);
    expect(codes(outcome)).toEqual(['FORBIDDEN conversationId']);
  });

  it.each([
    ['an over-long reason', { reason: 'x'.repeat(501) }, 'INVALID reason'],
    ['an over-long summary', { summary: 'x'.repeat(4001) }, 'INVALID summary'],
  ])('with %s is invalid', async (_case, change, code) => {
    const input = { conversationId: stage.conversationId, reason: null, summary: null, controlEpoch: null, ...change };
    expect(codes(await requestHandoff(database, stage.world.visitor.principal, input))).toEqual([code]);
  });

  it('promise 5: by the visitor waits with a reason, and without a summary, which is the AI’s', async () => {
    const { handoff, conversation } = accepted(await stage.asks());
    expect(handoff).toMatchObject({ state: 'REQUESTED', origin: 'VISITOR', reason: 'refund', summary: null });
    expect(conversation).toMatchObject({ controller: 'NONE', handoffState: 'REQUESTED', controlEpoch: 2 });
    expect(conversation.waitingSince).toEqual(handoff!.requestedAt);
    expect(await stage.told()).toEqual(['MESSAGE_ADDED', 'HANDOFF_CHANGED', 'CONVERSATION_CHANGED']);
  });

  it('promise 5: by the AI carries reason and summary', async () => {
    const { handoff } = accepted(await stage.asks(1));
    expect(handoff).toMatchObject({ origin: 'AI', reason: 'refund', summary: 'wants money' });
  });

  it('promise 5: by an AI that may not ask is refused; the visitor still may', async () => {
    await stage.change({ aiMayRequest: false });
    expect(codes(await stage.asks(1))).toEqual(['HANDOFF_NOT_OFFERED conversationId']);
    accepted(await stage.asks());
  });

  it('by the AI without its epoch is invalid, with an old one stale', async () => {
    const input = { conversationId: stage.conversationId, reason: null, summary: null, controlEpoch: null };
    const outcome = await requestHandoff(database, stage.world.agentKey.principal, input);
    expect(codes(outcome)).toEqual(['INVALID controlEpoch']);
    await stage.takesOver();
    await stage.handsBack();
    expect(codes(await stage.asks(1))).toEqual(['STALE_CONTROL_EPOCH']);
  });

  it('20 times at once opens one handoff', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => stage.asks()));
    expect(outcomes.filter(({ refusals }) => refusals.length === 0)).toHaveLength(1);
    expect(outcomes.flatMap(codes)).toEqual(Array.from({ length: 19 }, () => 'INVALID_TRANSITION'));
    expect(await stage.handoffs()).toHaveLength(1);
  });
});

describe('promise 3: somebody could answer', () => {
  it('when one of those who may handle the agent is online: connected and available', async () => {
    await stage.change({ offerWhenOffline: false });
    const { operator, viewer, otherMember, secondOperator } = stage.world;
    await connect(viewer.id);
    await connect(otherMember.id);
    await connect(secondOperator.id, "now() - interval '1 s'");
    expect(await offer()).toEqual({ mode: 'NONE', reason: 'NOBODY_ONLINE', inquiryAvailable: true });

    await database.source.manager.update(User, { id: operator.id }, { available: false });
    await connect(operator.id);
    expect((await offer()).reason).toBe('NOBODY_ONLINE');
    await database.source.manager.update(User, { id: operator.id }, { available: true });
    expect((await offer()).mode).toBe('POPUP');
    accepted(await stage.asks());
  });

  it('counts staff, members who handle conversations and those limited to this agent, and nobody else', async () => {
    const { workspace, organization, agent, secondAgent, otherAgent, unassignedAgent } = stage.world;
    const total = (agentId: string, organizationId: string | null) =>
      countOperators(database.source.manager, { workspaceId: workspace.id, organizationId, agentId });
    // owner, admin, operator, secondOperator, limited and manager
    expect((await total(agent.id, organization.id)).total).toBe(6);
    expect((await total(secondAgent.id, organization.id)).total).toBe(5);
    expect((await total(otherAgent.id, otherAgent.organizationId)).total).toBe(3);
    expect((await total(unassignedAgent.id, null)).total).toBe(2);
  });
});

describe('the handoff settings, seen from the widget', () => {
  it('promise 1: switched off, no handoff is offered', async () => {
    accepted(
      await updateAgentHandoff(database, stage.world.owner.principal, {
        agentId: stage.world.agent.id,
        enabled: false,
      }),
    );
    expect(await offer()).toEqual({ mode: 'NONE', reason: 'DISABLED', inquiryAvailable: false });
  });

  it('promise 2: an agent that loses its organization keeps the fixed popup, and shows the plain one', async () => {
    const { owner, agent, unassignedAgent } = stage.world;
    const fixed = (agentId: string) => updateAgentHandoff(database, owner.principal, { agentId, fixedPopup: true });
    expect(codes(await fixed(unassignedAgent.id))).toEqual(['AGENT_NOT_IN_ORGANIZATION fixedPopup']);
    accepted(await fixed(agent.id));
    expect((await offer()).mode).toBe('FIXED_POPUP');
    accepted(await assignAgent(database, owner.principal, { agentId: agent.id, organizationId: null }));
    expect((await database.source.manager.findOneByOrFail(Agent, { id: agent.id })).fixedPopup).toBe(true);
    expect((await offer()).mode).toBe('POPUP');
  });

  it('promise 4: only with MANAGE_AGENT_SETTINGS, or as staff, can somebody switch it on', async () => {
    const { agent, operator, manager, admin } = stage.world;
    await stage.change({ handoffEnabled: false });
    const enable = (who: typeof operator) =>
      updateAgentHandoff(database, who.principal, { agentId: agent.id, enabled: true });
    expect(codes(await enable(operator))).toEqual(['FORBIDDEN agentId']);
    expect((await offer()).reason).toBe('DISABLED');
    for (const who of [manager, admin]) {
      await stage.change({ handoffEnabled: false });
      accepted(await enable(who));
      expect((await offer()).mode).toBe('POPUP');
    }
  });
});
