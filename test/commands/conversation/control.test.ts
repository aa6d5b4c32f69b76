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

describe('takeOverConversation', () => {
  it.each(['viewer', 'otherMember'] as const)('by %s, who may not handle the agent, is refused', async (who) => {
    const code = who === 'viewer' ? 'FORBIDDEN conversationId' : 'NOT_FOUND conversationId';
    expect(codes(await stage.takesOver(who))).toEqual([code]);
    expect((await stage.row()).controller).toBe('AI');
  });

  it('with an epoch of the past is STALE_CONTROL_EPOCH and shows how things stand', async () => {
    await stage.asks();
    const outcome = await stage.takesOver('operator', 1);
    expect(codes(outcome)).toEqual(['STALE_CONTROL_EPOCH']);
    expect(outcome.value?.conversation.controlEpoch).toBe(2);
    accepted(await stage.takesOver('operator', 2));
  });

  it('promise 5: without a request makes a handoff that is born accepted', async () => {
    const { handoff, conversation } = accepted(await stage.takesOver('limited'));
    const { id } = stage.world.limited;
    expect(handoff).toMatchObject({
      state: 'ACCEPTED',
      origin: 'OPERATOR',
      acceptedById: id,
      answerBy: null,
      version: 1,
    });
    expect(conversation).toMatchObject({
      controller: 'HUMAN',
      operatorId: id,
      handoffId: handoff!.id,
      controlEpoch: 2,
    });
  });

  it('promise 5: of a waiting request accepts that one', async () => {
    const asked = accepted(await stage.asks()).handoff!;
    const { handoff, conversation } = accepted(await stage.takesOver());
    expect(handoff).toMatchObject({ id: asked.id, state: 'ACCEPTED', origin: 'VISITOR', version: 2 });
    expect(conversation.waitingSince).toBeNull();
    expect(await stage.handoffs()).toHaveLength(1);
  });

  it('of a conversation that a person has, even oneself, is INVALID_TRANSITION', async () => {
    await stage.takesOver();
    expect(codes(await stage.takesOver('operator'))).toEqual(['INVALID_TRANSITION']);
    const outcome = await stage.takesOver('secondOperator');
    expect(codes(outcome)).toEqual(['INVALID_TRANSITION']);
    expect(outcome.value?.conversation.operatorId).toBe(stage.world.operator.id);
  });
});

describe('handBackToAi', () => {
  it.each([
    ['when nobody has the conversation', () => Promise.resolve(), 'INVALID_TRANSITION'],
    ['when a request waits', () => stage.asks(), 'INVALID_TRANSITION'],
    ['when it is closed', () => stage.closes(), 'INVALID_TRANSITION'],
  ])('%s is refused', async (_case, prepare, code) => {
    await prepare();
    expect(codes(await stage.handsBack())).toEqual([code]);
  });

  it('by a reader is forbidden, by the visitor and with an over-long brief refused', async () => {
    await stage.takesOver();
    expect(codes(await stage.handsBack(null, 'viewer'))).toEqual(['FORBIDDEN conversationId']);
    expect(codes(await stage.handsBack('x'.repeat(2001)))).toEqual(['INVALID brief']);
    expect((await stage.row()).controller).toBe('HUMAN');
  });

  it('promise 12: by another operator, who may take over, ends the episode', async () => {
    await stage.takesOver('operator');
    const { handoff, conversation } = accepted(await stage.handsBack('be kind', 'secondOperator'));
    expect(handoff).toMatchObject({ state: 'RETURNED', brief: 'be kind', acceptedById: stage.world.operator.id });
    expect(handoff!.endedAt).toBeInstanceOf(Date);
    expect(conversation).toMatchObject({
      controller: 'AI',
      operatorId: null,
      handoffState: 'RETURNED',
      controlEpoch: 3,
    });
  });

  it('keeps no brief that is blank', async () => {
    await stage.takesOver();
    expect(accepted(await stage.handsBack(' \n')).handoff?.brief).toBeNull();
  });
});

describe('closeConversation', () => {
  it('while a request waits is INVALID_TRANSITION; by a reader it is forbidden', async () => {
    expect(codes(await stage.closes('viewer'))).toEqual(['FORBIDDEN conversationId']);
    await stage.asks();
    expect(codes(await stage.closes())).toEqual(['INVALID_TRANSITION']);
    expect((await stage.row()).status).toBe('OPEN');
  });

  it('twice is INVALID_TRANSITION the second time', async () => {
    accepted(await stage.closes());
    expect(codes(await stage.closes())).toEqual(['INVALID_TRANSITION']);
  });

  it('resolves the handoff of a person, and leaves an ended one as it was', async () => {
    await stage.takesOver();
    expect(accepted(await stage.closes()).handoff?.state).toBe('RESOLVED');
    await stage.says('again');
    await stage.asks();
    await stage.cancels();
    expect(accepted(await stage.closes()).handoff?.state).toBe('CANCELLED');
    expect((await stage.handoffs()).map(({ state }) => state)).toEqual(['RESOLVED', 'CANCELLED']);
  });
});

describe('promise 8: the visitor is told of each change of control', () => {
  const announcements = {
    requested: 'requested {operator} {agent}',
    accepted: 'accepted {operator} {agent}',
    returned: 'returned {operator} {agent}',
    unanswered: 'unanswered {operator} {agent}',
    cancelled: 'cancelled {operator} {agent}',
  };
  const joined = ['requested Our team Ada', 'accepted oscar Ada'];

  it.each([
    ['asking', () => stage.asks(), ['requested Our team Ada']],
    ['accepting', () => stage.asks().then(() => stage.accepts()), joined],
    ['taking over', () => stage.takesOver(), ['accepted oscar Ada']],
    ['taking a waiting request over', () => stage.asks().then(() => stage.takesOver()), joined],
    [
      'handing back, by a colleague',
      () => stage.takesOver().then(() => stage.handsBack(null, 'secondOperator')),
      ['accepted oscar Ada', 'returned oscar Ada'],
    ],
    [
      'cancelling',
      () => stage.asks().then(() => stage.cancels()),
      ['requested Our team Ada', 'cancelled Our team Ada'],
    ],
    [
      'the deadline',
      () => stage.asks().then(() => stage.deadlinePasses()),
      ['requested Our team Ada', 'unanswered Our team Ada'],
    ],
    ['closing', () => stage.closes(), ['The conversation was closed. Write again whenever you need us.']],
  ])('by %s', async (_case, act, texts) => {
    await stage.change({ announcements });
    await act();
    const messages = await stage.messages();
    expect(messages.map(({ text }) => text)).toEqual(texts);
    for (const message of messages) {
      expect(message).toMatchObject({ kind: 'HANDOFF_EVENT', authorKind: 'SYSTEM', authorUserId: null });
    }
    const { handoffId } = await stage.row();
    expect(messages.map((message) => message.handoffId)).toEqual(messages.map(() => handoffId));
    expect((await stage.told()).filter((name) => name === 'MESSAGE_ADDED')).toHaveLength(texts.length);
  });

  it('and a name that contains a placeholder is not expanded', async () => {
    await stage.change({ announcements, displayName: '{operator}' });
    await database.source.manager.update(User, { id: stage.world.operator.id }, { displayName: '{agent} $&' });
    await stage.takesOver();
    expect((await stage.messages()).map(({ text }) => text)).toEqual(['accepted {agent} $& {operator}']);
  });

  it('and a refused command tells nothing', async () => {
    await stage.takesOver();
    const before = await stage.transcript();
    await stage.takesOver('secondOperator');
    await stage.asks();
    expect(await stage.transcript()).toEqual(before);
  });
});
