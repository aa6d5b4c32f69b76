import { postAgentReply } from '../../../src/commands/conversation/post-agent-reply';
import { sendMessage } from '../../../src/commands/conversation/send-message';
import { newId } from '../../../src/database/ids';
import { createWorld } from '../../support/world';
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

const send = (who: 'otherVisitor' | 'agentKey' | 'staffKey' | 'manager' | 'operator', conversationId?: string) =>
  sendMessage(database, stage.world[who].principal, {
    conversationId: conversationId ?? stage.conversationId,
    clientNonce: 'n',
    text: 'hello',
  });

describe('sendMessage', () => {
  it.each([
    ['of nobody', () => send('operator', newId()), 'NOT_FOUND conversationId'],
    ['of another visitor', () => send('otherVisitor'), 'NOT_FOUND conversationId'],
    ['of another organization', () => stage.writes('otherMember', 'hello'), 'NOT_FOUND conversationId'],
    ['that the caller only reads', () => stage.writes('viewer', 'hello'), 'FORBIDDEN conversationId'],
    ['by the AI, which has its own mutation', () => send('agentKey'), 'FORBIDDEN conversationId'],
    ['by a back end, which is no person', () => send('staffKey'), 'FORBIDDEN conversationId'],
    ['with a blank text', () => stage.says('  '), 'INVALID text'],
    ['with NUL in it', () => stage.says('a\0'), 'INVALID text'],
    ['without a nonce', () => stage.says('hello', ''), 'INVALID clientNonce'],
  ])('to a conversation %s is refused and writes nothing', async (_case, act, code) => {
    const before = await stage.everything();
    const outcome = await act();
    expect(codes(outcome)).toEqual([code]);
    expect(outcome.value).toBeNull();
    expect(await stage.everything()).toEqual(before);
  });

  it('to a conversation of another workspace is as to none', async () => {
    const foreign = await createWorld(database.source);
    const input = { conversationId: stage.conversationId, clientNonce: 'n', text: 'hello' };
    expect(codes(await sendMessage(database, foreign.owner.principal, input))).toEqual(['NOT_FOUND conversationId']);
  });

  it.each([
    ['the AI is in control', async () => undefined, 'INVALID_TRANSITION'],
    ['a request waits', () => stage.asks(), 'INVALID_TRANSITION'],
    ['another operator has it', () => stage.takesOver('secondOperator'), 'ALREADY_CLAIMED'],
    ['it was handed back', () => stage.takesOver().then(() => stage.handsBack()), 'INVALID_TRANSITION'],
    ['it is closed', () => stage.closes(), 'INVALID_TRANSITION'],
  ])('by an operator while %s is refused', async (_case, prepare, code) => {
    await prepare();
    expect(codes(await stage.writes('operator', 'hello'))).toEqual([`${code} conversationId`]);
    expect(await stage.transcript()).not.toContain('OPERATOR hello');
  });

  it('by the operator who has the conversation is written, told and read by its author', async () => {
    await stage.takesOver();
    const { message } = accepted(await stage.writes('operator', 'hello'));
    expect(message).toMatchObject({ sequence: 2, authorKind: 'OPERATOR', authorUserId: stage.world.operator.id });
    expect((await stage.told()).at(-1)).toBe('MESSAGE_ADDED');
    const reads = 'select sequence from conversation_reads where conversation_id = $1 and reader_id = $2';
    const read = await database.source.query<unknown[]>(reads, [stage.conversationId, stage.world.operator.id]);
    expect(read).toEqual([{ sequence: 2 }]);
  });

  it('by the visitor is possible in every state', async () => {
    const steps = [
      () => Promise.resolve(),
      () => stage.asks(),
      () => stage.accepts(),
      () => stage.handsBack(),
      () => stage.closes(),
    ];
    for (const [index, step] of steps.entries()) {
      await step();
      expect(accepted(await stage.says(`hello ${index}`)).wasDuplicate).toBe(false);
    }
  });
});

describe('a closed conversation', () => {
  it('opens again for the AI when the visitor writes, one epoch further, with a turn', async () => {
    await stage.takesOver();
    await stage.closes();
    const closed = await stage.row();
    expect(closed).toMatchObject({ status: 'CLOSED', controller: 'NONE', handoffState: 'RESOLVED', operatorId: null });
    expect(closed.closedAt).toBeInstanceOf(Date);

    await stage.says('one more thing');
    const opened = await stage.row();
    expect(opened).toMatchObject({ status: 'OPEN', controller: 'AI', closedAt: null });
    expect(opened.controlEpoch).toBe(closed.controlEpoch + 1);
    expect(await stage.turnStates()).toEqual(['one more thing OPEN']);
    expect((await stage.openTurn()).controlEpoch).toBe(opened.controlEpoch);
  });
});

describe('a retry with the same clientNonce', () => {
  it('returns the first message and writes nothing', async () => {
    const first = accepted(await stage.says('hello', 'nonce'));
    const before = await stage.everything();
    const second = accepted(await stage.says('hello', 'nonce'));
    expect(second).toEqual({ message: first.message, wasDuplicate: true });
    expect(await stage.everything()).toEqual(before);
  });

  it('20 times at once writes one row and tells it once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => stage.says('hello', 'nonce')));
    expect(new Set(outcomes.map((outcome) => accepted(outcome).message.id)).size).toBe(1);
    expect(outcomes.filter((outcome) => !outcome.value!.wasDuplicate)).toHaveLength(1);
    expect(await stage.transcript()).toEqual(['VISITOR hello']);
    expect(await stage.told()).toEqual(['MESSAGE_ADDED', 'TURN_OPENED']);
  });

  it('by an operator who has lost the conversation meanwhile still returns the first message', async () => {
    await stage.takesOver();
    const first = accepted(await stage.writes('operator', 'hello', 'nonce'));
    await stage.handsBack();
    await stage.takesOver('secondOperator');
    const second = accepted(await stage.writes('operator', 'hello', 'nonce'));
    expect(second).toEqual({ message: first.message, wasDuplicate: true });
  });

  it('by the visitor of a conversation closed meanwhile does not open it again', async () => {
    await stage.says('hello', 'nonce');
    await stage.closes();
    accepted(await stage.says('hello', 'nonce'));
    expect((await stage.row()).status).toBe('CLOSED');
  });

  it('by the AI after a takeover still returns the first reply', async () => {
    await stage.says('hello');
    const first = accepted(await stage.replies('hi', 1, 'nonce'));
    await stage.takesOver();
    const second = accepted(await stage.replies('hi', 1, 'nonce'));
    expect(second).toEqual({ message: first.message, wasDuplicate: true });
  });

  it('and another text is IDEMPOTENCY_MISMATCH with the first message', async () => {
    const first = accepted(await stage.says('hello', 'nonce'));
    const before = await stage.everything();
    const outcome = await stage.says('goodbye', 'nonce');
    expect(codes(outcome)).toEqual(['IDEMPOTENCY_MISMATCH clientNonce']);
    expect(outcome.value?.message).toEqual(first.message);
    expect(await stage.everything()).toEqual(before);
  });

  it('of another author or in another conversation is a message of its own', async () => {
    await stage.says('hello', 'nonce');
    accepted(await stage.replies('hi', 1, 'nonce'));
    await stage.takesOver('operator');
    accepted(await stage.writes('operator', 'me', 'nonce'));
    await stage.handsBack();
    await stage.takesOver('secondOperator');
    accepted(await stage.writes('secondOperator', 'me too', 'nonce'));
    const other = await createStage(database);
    accepted(await other.says('hello', 'nonce'));
    const texts = (await stage.messages()).filter(({ kind }) => kind === 'TEXT').map(({ text }) => text);
    expect(texts).toEqual(['hello', 'hi', 'me', 'me too']);
  });
});

describe('postAgentReply', () => {
  it.each(['visitor', 'operator', 'owner', 'staffKey'] as const)(
    'by %s, who is not the AI, is forbidden',
    async (who) => {
      const input = { conversationId: stage.conversationId, clientNonce: 'n', controlEpoch: 1, text: 'hi' };
      expect(codes(await postAgentReply(database, stage.world[who].principal, input))).toEqual([
        'FORBIDDEN conversationId',
      ]);
      expect(await stage.transcript()).toEqual([]);
    },
  );

  it('by the runtime of another agent is as to no conversation', async () => {
    const { agentKey, secondAgent } = stage.world;
    const input = { conversationId: stage.conversationId, clientNonce: 'n', controlEpoch: 1, text: 'hi' };
    const outcome = await postAgentReply(database, { ...agentKey.principal, agentId: secondAgent.id }, input);
    expect(codes(outcome)).toEqual(['NOT_FOUND conversationId']);
  });

  it('under the current epoch is written and answers the open turn', async () => {
    await stage.says('hello');
    accepted(await stage.replies('hi', 1));
    expect(await stage.transcript()).toEqual(['VISITOR hello', 'AI hi']);
    expect(await stage.turnStates()).toEqual(['hello ANSWERED']);
  });
});
