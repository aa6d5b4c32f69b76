import type { Caller } from '../support/api-client';
import { CONVERSATION_SIGNALS, type SignalView } from '../support/documents';
import { eventually, type Scene, startScene, write } from './scene';

const MARKS = `query($id: ID!) { conversation(id: $id) { visitorReadSequence operatorReadSequence } }`;
interface Marks {
  readonly visitorReadSequence: number;
  readonly operatorReadSequence: number | null;
}

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
});
afterAll(() => scene.api.stop());

const marksOf = async (who: Caller, id: string): Promise<Marks> =>
  (await who.ask<{ conversation: Marks }>(MARKS, { id })).conversation;

describe('read marks', () => {
  it('tell nobody of an operator who only looks on: neither the field nor the signal', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    const signals = visitor.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    await write(visitor, conversationId, 'Hello');
    // What comes after it has been heard says that nothing came before.
    const heard = async (isTyping: boolean): Promise<void> => {
      const count = (): number => signals.items.filter((item) => item.isTyping === isTyping).length;
      const before = count();
      await eventually(
        async () => {
          await people.operator.act('setTyping', { conversationId, isTyping });
          return count() > before;
        },
        (isHeard) => isHeard,
      );
    };
    await heard(true);
    for (const who of ['operator', 'viewer', 'owner'] as const) {
      await people[who].act('markRead', { conversationId, upToSequence: 1 });
    }
    await heard(false);
    expect(signals.items.filter(({ __typename }) => __typename === 'ReadMarkChanged')).toEqual([]);
    expect(await marksOf(visitor, conversationId)).toEqual({ visitorReadSequence: 1, operatorReadSequence: null });

    // Once somebody has it, the others still look on unseen.
    await people.secondOperator.act('takeOverConversation', { conversationId });
    await people.owner.act('markRead', { conversationId, upToSequence: 2 });
    await heard(true);
    expect(signals.items.filter(({ __typename }) => __typename === 'ReadMarkChanged')).toEqual([]);
    expect((await marksOf(visitor, conversationId)).operatorReadSequence).toBe(0);
    await signals.stop();
  });

  it('tell the visitor and the operator who has it how far the other one has read, live and by the field', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    await people.operator.act('takeOverConversation', { conversationId });
    await write(visitor, conversationId, 'Hello');
    await write(people.operator, conversationId, 'Hi');
    // Whoever writes has read.
    for (const who of [visitor, people.operator, people.viewer]) {
      expect(await marksOf(who, conversationId)).toEqual({ visitorReadSequence: 2, operatorReadSequence: 3 });
    }
    await write(visitor, conversationId, 'Are you there?');
    const open = (who: Caller) => who.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    const [atVisitor, atOperator] = [open(visitor), open(people.operator)];
    let at = 4;
    // A signal may be lost before a stream is connected: then the next one tells as much.
    const untilTold = async (who: Caller, reader: string): Promise<void> => {
      const marks: number[] = [];
      const isTold = (item: SignalView): boolean => item.reader === reader && marks.includes(item.upToSequence!);
      await eventually(
        async () => {
          at = (await write(visitor, conversationId, `Text ${at}`)).sequence;
          if (reader === 'VISITOR') at = (await write(people.operator, conversationId, `Answer ${at}`)).sequence;
          await who.act('markRead', { conversationId, upToSequence: at + 100 });
          marks.push(at);
          return [atVisitor, atOperator].every(({ items }) => items.some(isTold));
        },
        (areTold) => areTold,
      );
    };
    await untilTold(people.operator, 'OPERATOR');
    expect((await marksOf(visitor, conversationId)).operatorReadSequence).toBe(at);
    await untilTold(visitor, 'VISITOR');
    expect((await marksOf(people.operator, conversationId)).visitorReadSequence).toBe(at);

    // Read already: nothing new is told.
    const before = atVisitor.items.length;
    await visitor.act('markRead', { conversationId, upToSequence: 1 });
    await people.operator.act('setTyping', { conversationId, isTyping: true });
    await atVisitor.waitFor((item) => item.isTyping === true);
    expect(atVisitor.items.slice(before).filter(({ __typename }) => __typename === 'ReadMarkChanged')).toEqual([]);

    await people.operator.act('handBackToAi', { conversationId });
    expect((await marksOf(visitor, conversationId)).operatorReadSequence).toBeNull();
    await Promise.all([atVisitor.stop(), atOperator.stop()]);
  });
});
