import { AGENT_TURNS, type TurnView } from '../support/documents';
import { type Scene, startScene, write } from './scene';

let scene: Scene;
/** No worker: the AI is a runtime with a key (responder API), played by the tests. */
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

describe('promise 12 — handBackToAi ends the episode, and the AI goes on with what it missed', () => {
  it('refuses a member who may not handle, and a conversation that no person has', async () => {
    const { people } = scene;
    const { conversationId } = await scene.visit();
    expect(await people.operator.refusals('handBackToAi', { conversationId })).toEqual(['INVALID_TRANSITION']);
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.viewer.refusals('handBackToAi', { conversationId })).toEqual(['FORBIDDEN']);
  });

  it("gives the AI the brief, the words of the person, and the visitor's last message as its turn", async () => {
    const { people, ids } = scene;
    const { visitor, conversationId } = await scene.visit();
    await people.operator.act('takeOverConversation', { conversationId });
    await write(people.operator, conversationId, 'I have booked your refund.');
    await write(visitor, conversationId, 'Thanks. And when does it arrive?');
    const turns = people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: ids.agent });
    const brief = 'Refund of 20 euros booked; 3 days.';
    const { handoff, conversation } = await people.operator.act('handBackToAi', { conversationId, brief });
    expect(handoff).toMatchObject({ state: 'RETURNED', brief });
    expect(conversation).toMatchObject({ controller: 'AI', operator: null, handoff: null });
    const turn = await turns.waitFor((item) => item.conversation.id === conversationId);
    expect(turn).toMatchObject({ brief, message: { text: 'Thanks. And when does it arrive?' }, controlEpoch: 3 });
    expect(turn.conversation.messages.nodes).toContainEqual({
      authorKind: 'OPERATOR',
      text: 'I have booked your refund.',
    });
    await turns.stop();
  });

  it('opens no turn when the person had the last word, and hides the brief from the visitor', async () => {
    const { people, ids } = scene;
    const { visitor, conversationId } = await scene.visit();
    await write(visitor, conversationId, 'Hello?');
    await people.operator.act('takeOverConversation', { conversationId });
    await write(people.operator, conversationId, 'All done.');
    const turns = people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: ids.agent });
    const { handoff } = await people.operator.act('handBackToAi', { conversationId, brief: 'Difficult customer' });
    const document = 'query($id: ID!) { handoff(id: $id) { brief state } }';
    expect(await visitor.ask(document, { id: handoff!.id })).toEqual({ handoff: { brief: null, state: 'RETURNED' } });
    await write(visitor, conversationId, 'One more thing');
    const turn = await turns.waitFor((item) => item.conversation.id === conversationId);
    expect(turn).toMatchObject({ message: { text: 'One more thing' }, brief: 'Difficult customer' });
    await turns.stop();
  });
});
