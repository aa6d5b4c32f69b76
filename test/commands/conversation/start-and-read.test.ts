import { markRead } from '../../../src/commands/conversation/mark-read';
import { startConversation } from '../../../src/commands/conversation/start-conversation';
import { Conversation } from '../../../src/entities/conversation';
import { ConversationRead } from '../../../src/entities/conversation-read';
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

describe('startConversation', () => {
  const start = (who: 'visitor' | 'otherVisitor' | 'operator' | 'agentKey', idempotencyKey = 'key') =>
    startConversation(database, stage.world[who].principal, { idempotencyKey });

  it.each(['operator', 'agentKey'] as const)('by %s, who is no visitor, is forbidden', async (who) => {
    expect(codes(await start(who))).toEqual(['FORBIDDEN']);
  });

  it('without a key is invalid', async () => {
    expect(codes(await start('visitor', ''))).toEqual(['INVALID idempotencyKey']);
  });

  it('begins with the AI, in the organization of the agent, and is told', async () => {
    const { visitor, agent, organization } = stage.world;
    const row = accepted(await start('visitor'));
    expect(row).toMatchObject({ visitorId: visitor.id, agentId: agent.id, organizationId: organization.id });
    expect(row).toMatchObject({ status: 'OPEN', controller: 'AI', controlEpoch: 1, lastSequence: 0 });
    const sql = 'select name from outbox where conversation_id = $1';
    expect(await database.source.query(sql, [row.id])).toEqual([{ name: 'CONVERSATION_CHANGED' }]);
    expect(await database.source.manager.findOneByOrFail(Conversation, { id: row.id })).toEqual(row);
  });

  it('with the same key 20 times at once is one conversation; of another visitor another one', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => start('visitor')));
    const ids = new Set(outcomes.map((outcome) => accepted(outcome).id));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain(accepted(await start('otherVisitor')).id);
    expect(ids).not.toContain(accepted(await start('visitor', 'other key')).id);
  });
});

describe('markRead', () => {
  const read = (
    who: 'visitor' | 'otherVisitor' | 'operator' | 'viewer' | 'agentKey' | 'otherMember',
    upToSequence: number,
  ) => markRead(database, stage.world[who].principal, { conversationId: stage.conversationId, upToSequence });
  const mark = async (readerId: string): Promise<number | undefined> =>
    (await database.source.manager.findOneBy(ConversationRead, { conversationId: stage.conversationId, readerId }))
      ?.sequence;

  it.each([
    ['by a key', 'agentKey', 1, 'FORBIDDEN'],
    ['by another visitor', 'otherVisitor', 1, 'NOT_FOUND conversationId'],
    ['by another organization', 'otherMember', 1, 'NOT_FOUND conversationId'],
    ['of a negative sequence', 'visitor', -1, 'INVALID upToSequence'],
  ] as const)('%s is refused', async (_case, who, sequence, code) => {
    expect(codes(await read(who, sequence))).toEqual([code]);
  });

  it('moves forward, never back and never beyond the newest message', async () => {
    for (const text of ['one', 'two', 'three']) await stage.says(text);
    const { id } = stage.world.viewer;
    for (const [upTo, expected] of [
      [2, 2],
      [1, 2],
      [0, 2],
      [2_000_000_000, 3],
    ] as const) {
      const { movedTo } = accepted(await read('viewer', upTo));
      expect(movedTo).toBe(upTo === 1 || upTo === 0 ? null : expected);
      expect(await mark(id)).toBe(expected);
    }
  });

  it('is each reader’s own', async () => {
    await stage.says('one');
    await read('viewer', 1);
    expect(await mark(stage.world.operator.id)).toBeUndefined();
    expect(await mark(stage.world.visitor.id)).toBe(1);
  });

  it('20 times at once keeps the highest', async () => {
    for (let index = 0; index < 20; index += 1) await stage.says(`text ${index}`);
    await Promise.all(Array.from({ length: 20 }, (_, index) => read('operator', index + 1)));
    expect(await mark(stage.world.operator.id)).toBe(20);
  });
});
