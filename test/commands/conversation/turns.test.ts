import { postAgentReply } from '../../../src/commands/conversation/post-agent-reply';
import { failTurn } from '../../../src/commands/turn/fail-turn';
import { newId } from '../../../src/database/ids';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
});
afterAll(() => database.close());

const briefs = async (): Promise<(string | null)[]> => (await stage.turns()).map(({ brief }) => brief);

/** Answers the open turn as the agent's runtime does. */
async function answer(text: string): Promise<void> {
  const { controlEpoch } = await stage.openTurn();
  const input = { conversationId: stage.conversationId, clientNonce: newId(), controlEpoch, text };
  accepted(await postAgentReply(database, stage.world.agentKey.principal, input));
}

describe('the AI’s turn', () => {
  it('does not open for an agent that nobody answers for', async () => {
    await stage.change({ responderKind: 'NONE' });
    await stage.says('hello');
    expect(await stage.turns()).toEqual([]);
    expect(await stage.told()).toEqual(['MESSAGE_ADDED']);
  });

  it.each([
    ['while a request waits in silence', () => stage.asks()],
    ['while a person has the conversation', () => stage.takesOver()],
  ])('does not open %s', async (_case, prepare) => {
    await prepare();
    await stage.says('hello');
    expect(await stage.turns()).toEqual([]);
  });

  it('is superseded by a newer message of the visitor', async () => {
    await stage.says('one');
    await stage.says('two');
    expect(await stage.turnStates()).toEqual(['one SUPERSEDED', 'two OPEN']);
    expect((await stage.told()).filter((name) => name === 'TURN_OPENED')).toHaveLength(2);
  });

  it('ends with a takeover and with closing', async () => {
    await stage.says('one');
    await stage.takesOver();
    await stage.handsBack();
    await stage.closes();
    expect(await stage.turnStates()).toEqual(['one FENCED', 'one FENCED']);
  });
});

describe('promise 12: the hand-back', () => {
  it('opens a turn with the brief for what the visitor wrote last and nobody answered', async () => {
    await stage.says('one');
    await stage.takesOver();
    await stage.says('two');
    await stage.handsBack('give a discount');
    expect(await stage.turnStates()).toEqual(['one FENCED', 'two OPEN']);
    expect(await stage.openTurn()).toMatchObject({ brief: 'give a discount', controlEpoch: 3 });
  });

  it('opens no turn when the operator answered; the brief goes with the next turn', async () => {
    await stage.takesOver();
    await stage.says('one');
    await stage.writes('operator', 'done');
    await stage.handsBack('was refunded');
    expect(await stage.turns()).toEqual([]);
    await stage.says('thanks');
    expect(await stage.openTurn()).toMatchObject({ brief: 'was refunded' });
  });

  it('gives the brief to the next turn only', async () => {
    await stage.takesOver();
    await stage.says('one');
    await stage.handsBack('brief');
    await answer('sure');
    await stage.says('two');
    expect(await briefs()).toEqual(['brief', null]);
  });

  it('gives the brief on when the turn that had it was superseded or failed', async () => {
    await stage.change({ aiMayRequest: false });
    await stage.takesOver();
    await stage.says('one');
    await stage.handsBack('brief');
    await stage.says('two');
    await failTurn(database, await stage.openTurn(), 'timeout');
    await stage.says('three');
    expect(await stage.turnStates()).toEqual(['one SUPERSEDED', 'two FAILED', 'three OPEN']);
    expect(await briefs()).toEqual(['brief', 'brief', 'brief']);
  });

  it('of a later episode without a brief does not bring the old one back', async () => {
    await stage.takesOver();
    await stage.handsBack('old');
    await stage.takesOver();
    await stage.says('one');
    await stage.handsBack();
    expect(await stage.openTurn()).toMatchObject({ brief: null });
  });

  it('opens a turn for a message that only an apology followed', async () => {
    await stage.change({ aiMayRequest: false });
    await stage.says('one');
    await failTurn(database, await stage.openTurn(), 'timeout');
    await stage.takesOver();
    await stage.handsBack('try again');
    expect(await stage.turnStates()).toEqual(['one FAILED', 'one OPEN']);
  });

  it('opens no turn where the AI had answered last', async () => {
    await stage.says('one');
    await answer('sure');
    await stage.takesOver();
    await stage.handsBack('brief');
    expect(await stage.turnStates()).toEqual(['one ANSWERED']);
  });
});

describe('promise 10: a request that came to nothing', () => {
  it.each([
    ['unanswered', () => stage.deadlinePasses()],
    ['cancelled', () => stage.cancels()],
  ])('%s does not give the AI the question again that it asked a person for', async (_case, end) => {
    await stage.says('I want a human');
    await stage.asks(1);
    expect(await stage.turnStates()).toEqual(['I want a human HUMAN_REQUESTED']);
    await end();
    expect((await stage.row()).controller).toBe('AI');
    expect(await stage.turnStates()).toEqual(['I want a human HUMAN_REQUESTED']);
  });

  it.each([
    ['unanswered', () => stage.deadlinePasses()],
    ['cancelled', () => stage.cancels()],
  ])('%s gives the AI what was written meanwhile', async (_case, end) => {
    await stage.says('I want a human');
    await stage.asks(1);
    await stage.says('hello?');
    await end();
    expect(await stage.turnStates()).toEqual(['I want a human HUMAN_REQUESTED', 'hello? OPEN']);
    expect((await stage.openTurn()).controlEpoch).toBe(3);
  });
});

describe('promise 10: a request of the visitor that came to nothing', () => {
  it.each([
    ['unanswered', () => stage.deadlinePasses()],
    ['cancelled', () => stage.cancels()],
  ])('%s gives the AI the question back that it was answering', async (_case, end) => {
    await stage.says('how much?');
    accepted(await stage.asks());
    expect(await stage.turnStates()).toEqual(['how much? FENCED']);
    await end();
    expect(await stage.turnStates()).toEqual(['how much? FENCED', 'how much? OPEN']);
    expect((await stage.openTurn()).controlEpoch).toBe((await stage.row()).controlEpoch);
  });

  it('opens no turn where the AI had answered', async () => {
    await stage.says('how much?');
    await answer('ten');
    accepted(await stage.asks());
    await stage.cancels();
    expect(await stage.turnStates()).toEqual(['how much? ANSWERED']);
  });
});

describe('promise 9: while a request waits and the AI answers on', () => {
  beforeEach(() => stage.change({ whileWaiting: 'AI_ANSWERS' }));

  it('the turn that ran goes on under the new epoch, and its old reply is refused', async () => {
    await stage.says('how much?');
    accepted(await stage.asks());
    expect(await stage.row()).toMatchObject({ controller: 'AI', handoffState: 'REQUESTED', controlEpoch: 2 });
    expect(await stage.turnStates()).toEqual(['how much? FENCED', 'how much? OPEN']);
    expect((await stage.replies('old', 1)).refusals).toHaveLength(1);
    accepted(await stage.replies('ten', 2));
    expect(await stage.turnStates()).toEqual(['how much? FENCED', 'how much? ANSWERED']);
  });

  it('the visitor’s next message opens a turn', async () => {
    await stage.asks();
    await stage.says('meanwhile?');
    expect(await stage.turnStates()).toEqual(['meanwhile? OPEN']);
  });

  it('a request by the AI itself ends its turn', async () => {
    await stage.says('I want a human');
    accepted(await stage.asks(1));
    expect(await stage.turnStates()).toEqual(['I want a human HUMAN_REQUESTED']);
  });

  it.each([
    ['unanswered', () => stage.deadlinePasses()],
    ['cancelled', () => stage.cancels()],
  ])('a request that ends %s does not lose the question that the AI is answering', async (_case, end) => {
    await stage.says('how much?');
    await stage.asks();
    await end();
    expect(await stage.turnStates()).toEqual(['how much? FENCED', 'how much? FENCED', 'how much? OPEN']);
    expect((await stage.openTurn()).controlEpoch).toBe((await stage.row()).controlEpoch);
  });

  it('accepting silences it', async () => {
    await stage.says('how much?');
    await stage.asks();
    await stage.accepts();
    expect((await stage.replies('ten', 2)).refusals).toHaveLength(1);
    expect(await stage.turnStates()).toEqual(['how much? FENCED', 'how much? FENCED']);
  });
});
