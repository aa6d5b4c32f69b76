import { type Caller } from '../support/api-client';
import { type OfferView, READ_PUBLIC_AGENT } from '../support/documents';
import { addScene, readConversation, type Scene, startScene, write } from './scene';

let base: Scene;
let second: Awaited<ReturnType<Scene['api']['startSecond']>>;
let scene: Scene;
beforeAll(async () => {
  base = await startScene({ withWorker: false });
  second = await base.api.startSecond();
});
beforeEach(async () => {
  scene = await addScene(base.api);
});
afterAll(async () => {
  await second.stop();
  await base.api.stop();
});

const READ_AGENT = 'query($id: ID!) { agent(id: $id) { id handoff { title } } }';
const LIST_AGENTS = 'query($id: ID!) { organization(id: $id) { agents(first: 50) { nodes { id } } } }';

/** Every look is through the process that did not move the agent. */
const there = (caller: Caller): Caller => caller.at(second.url);
const sees = async (caller: Caller, organizationId: string): Promise<{ byId: boolean; inList: boolean }> => {
  const { ids } = scene;
  const { agent } = await there(caller).ask<{ agent: object | null }>(READ_AGENT, { id: ids.agent });
  type Listed = { organization: { agents: { nodes: { id: string }[] } } };
  const { organization } = await there(caller).ask<Listed>(LIST_AGENTS, { id: organizationId });
  return { byId: agent !== null, inList: organization.agents.nodes.some(({ id }) => id === ids.agent) };
};
const offer = async (): Promise<OfferView> => {
  const variables = { key: scene.world.agent.publicKey };
  type Answer = { publicAgent: { handoffOffer: OfferView } };
  return (await there(scene.nobody).ask<Answer>(READ_PUBLIC_AGENT, variables)).publicAgent.handoffOffer;
};
const offered = async (): Promise<string[]> => (await offer()).operators.map(({ displayName }) => displayName);
const move = (organizationId: string | null): Promise<unknown> =>
  scene.people.admin.act('assignAgent', { agentId: scene.ids.agent, organizationId });
const NOWHERE = { byId: false, inList: false };
const EVERYWHERE = { byId: true, inList: true };

describe('an agent that moves to another organization', () => {
  it('is lost to the members of the former one, with its settings, and given to those of the new one', async () => {
    const { people, ids } = scene;
    const setTitle = { agentId: ids.agent, title: 'Need a person?' };
    expect(await sees(people.otherMember, ids.otherOrganization)).toEqual(NOWHERE);
    expect(await there(people.otherMember).refusals('updateAgentHandoff', setTitle)).toEqual(['NOT_FOUND']);
    await move(ids.otherOrganization);
    for (const member of [people.manager, people.operator, people.limited, people.viewer]) {
      expect(await sees(member, ids.organization)).toEqual(NOWHERE);
    }
    expect(await there(people.manager).refusals('updateAgentHandoff', setTitle)).toEqual(['NOT_FOUND']);
    expect(await sees(people.otherMember, ids.otherOrganization)).toEqual(EVERYWHERE);
    expect(await there(people.otherMember).refusals('updateAgentHandoff', setTitle)).toEqual([]);
  });

  it('is offered with the operators of the new one, and what had begun stays with the former one', async () => {
    const { people, ids, world } = scene;
    const begun = await scene.visit();
    expect(await offered()).toEqual(expect.arrayContaining(['lena', 'mona']));
    await move(ids.otherOrganization);
    expect(await offered()).toEqual(['adam', 'olga', 'otto']);
    const later = await scene.visit();
    await there(people.otherMember).act('takeOverConversation', { conversationId: later.conversationId });
    expect(await people.operator.refusals('takeOverConversation', { conversationId: later.conversationId })).toEqual([
      'NOT_FOUND',
    ]);
    await there(people.operator).act('takeOverConversation', { conversationId: begun.conversationId });
    await write(there(people.operator), begun.conversationId, 'Still here.');
    expect((await readConversation(begun.visitor, begun.conversationId)).controller).toBe('HUMAN');
    const foreign = { conversationId: begun.conversationId };
    expect(await there(people.otherMember).refusals('takeOverConversation', foreign)).toEqual(['NOT_FOUND']);
    expect(world.limited.principal.agentIds).toEqual([world.agent.id]);
    expect(await there(people.limited).refusals('takeOverConversation', foreign)).toEqual(['NOT_FOUND']);
  });

  it('keeps its fixed popup where it has an organization, and falls back to the plain one where it has none', async () => {
    const { people, ids } = scene;
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, fixedPopup: true });
    expect((await offer()).mode).toBe('FIXED_POPUP');
    await move(ids.otherOrganization);
    expect((await offer()).mode).toBe('FIXED_POPUP');
    await move(null);
    expect((await offer()).mode).toBe('POPUP');
    expect(await offered()).toEqual(['adam', 'olga']);
    expect(await sees(people.otherMember, ids.otherOrganization)).toEqual(NOWHERE);
  });

  it('and comes back, is given to nobody who was limited to it', async () => {
    const { people, ids } = scene;
    await move(ids.otherOrganization);
    await move(ids.organization);
    expect(await sees(people.operator, ids.organization)).toEqual(EVERYWHERE);
    expect(await sees(people.limited, ids.organization)).toEqual(NOWHERE);
  });
});
