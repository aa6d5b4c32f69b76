import { answerTurn } from '../../../src/commands/turn/answer-turn';
import { failTurn } from '../../../src/commands/turn/fail-turn';
import { requestHuman } from '../../../src/commands/turn/request-human';
import { newId } from '../../../src/database/ids';
import type { Turn } from '../../../src/entities/turn';
import { createWorld } from '../../support/world';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from '../conversation/stage';

let database: StageDatabase;
let stage: Stage;
let turn: Turn;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
  await stage.says('how much?');
  turn = await stage.openTurn();
});
afterAll(() => database.close());

const nobody = { reason: null, summary: null };

/** Turns that are over, or were never there. */
const ENDED: [string, () => Promise<unknown>][] = [
  ['answered', () => answerTurn(database, turn, 'ten')],
  ['superseded', () => stage.says('and shipping?')],
  ['failed', () => failTurn(database, turn, 'timeout')],
  ['ended by its own call for a person', () => requestHuman(database, turn, nobody)],
  ['fenced', () => stage.takesOver()],
];

describe.each(ENDED)('a turn that was %s', (_how, end) => {
  beforeEach(end);

  it('takes no answer, no failure and no call for a person', async () => {
    const before = await stage.everything();
    expect(await answerTurn(database, turn, 'late')).toBe(false);
    expect(await failTurn(database, turn, 'late')).toBe(false);
    const explanation = 'This turn is over.';
    expect(await requestHuman(database, turn, nobody)).toEqual({ granted: false, explanation });
    expect(await stage.everything()).toEqual(before);
  });
});

describe('a turn', () => {
  it('of another workspace, conversation or id than the job says is none', async () => {
    const foreign = await createWorld(database.source);
    for (const change of [
      { workspaceId: foreign.workspace.id },
      { conversationId: foreign.conversation.id },
      { id: newId() },
    ]) {
      expect(await answerTurn(database, { ...turn, ...change }, 'ten')).toBe(false);
    }
    expect(await stage.turnStates()).toEqual(['how much? OPEN']);
  });
});

describe('answerTurn', () => {
  it('writes the reply of the AI and ends the turn', async () => {
    expect(await answerTurn(database, turn, 'ten')).toBe(true);
    expect(await stage.transcript()).toEqual(['VISITOR how much?', 'AI ten']);
    expect(await stage.turnStates()).toEqual(['how much? ANSWERED']);
    expect((await stage.told()).at(-1)).toBe('MESSAGE_ADDED');
  });

  it('20 times at once answers once', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => answerTurn(database, turn, `ten ${i}`)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect((await stage.messages()).filter(({ authorKind }) => authorKind === 'AI')).toHaveLength(1);
  });

  it('stores what PostgreSQL can store of a text with NUL and lone surrogates', async () => {
    expect(await answerTurn(database, turn, 'a\0b\ud83d')).toBe(true);
    expect((await stage.transcript()).at(-1)).toBe('AI ab\ufffd');
  });
});

describe('failTurn', () => {
  it('apologises and, where the AI may ask and somebody is there, asks for a person', async () => {
    expect(await failTurn(database, turn, 'x'.repeat(5000))).toBe(true);
    expect(await stage.row()).toMatchObject({ controller: 'NONE', handoffState: 'REQUESTED', controlEpoch: 2 });
    expect((await stage.handoffs())[0]).toMatchObject({ origin: 'AI', reason: 'The AI could not answer.' });
    expect(await stage.turnStates()).toEqual(['how much? FAILED']);
    expect((await stage.turns())[0]!.detail).toHaveLength(1000);
    const [, apology, announcement] = await stage.transcript();
    expect(apology).toMatch(/^SYSTEM Sorry/);
    expect(announcement).toMatch(/^SYSTEM We are looking for somebody/);
  });

  it.each([
    ['the AI may not ask', () => stage.change({ aiMayRequest: false })],
    ['handoff is switched off', () => stage.change({ handoffEnabled: false })],
    ['nobody is online', () => stage.change({ offerWhenOffline: false })],
  ])('apologises and leaves control with the AI when %s', async (_case, prepare) => {
    await prepare();
    expect(await failTurn(database, turn, 'timeout')).toBe(true);
    expect(await stage.row()).toMatchObject({ controller: 'AI', handoffState: null, controlEpoch: 1, lastSequence: 2 });
    expect((await stage.transcript()).at(-1)).toMatch(/^SYSTEM Sorry/);
    expect(await stage.turnStates()).toEqual(['how much? FAILED']);
  });

  it('while a request waits and the AI answers on, apologises and leaves the request as it is', async () => {
    await stage.change({ whileWaiting: 'AI_ANSWERS' });
    await stage.asks();
    expect(await failTurn(database, await stage.openTurn(), 'timeout')).toBe(true);
    expect(await stage.row()).toMatchObject({ handoffState: 'REQUESTED', controlEpoch: 2 });
    expect(await stage.handoffs()).toHaveLength(1);
  });

  it('does not tell the visitor the detail', async () => {
    await failTurn(database, turn, 'connect ECONNREFUSED 10.0.0.1');
    expect((await stage.transcript()).join()).not.toContain('ECONNREFUSED');
  });
});

describe('requestHuman', () => {
  it.each([
    ['promise 5: the AI may not ask', () => stage.change({ aiMayRequest: false })],
    ['promise 3: nobody is online', () => stage.change({ offerWhenOffline: false })],
    ['promise 1: handoff is switched off', () => stage.change({ handoffEnabled: false })],
  ])('is not granted when %s, and the turn stays open', async (_case, prepare) => {
    await prepare();
    const before = await stage.everything();
    const result = await requestHuman(database, turn, nobody);
    expect(result).toEqual({ granted: false, explanation: expect.stringMatching(/\w+\.$/) });
    expect(await stage.everything()).toEqual(before);
    expect(await answerTurn(database, turn, 'I cannot reach anybody.')).toBe(true);
  });

  it('promise 5: asks with reason and summary, and ends the turn', async () => {
    expect(await requestHuman(database, turn, { reason: 'refund', summary: 'wants money' })).toEqual({ granted: true });
    expect((await stage.handoffs())[0]).toMatchObject({ origin: 'AI', reason: 'refund', summary: 'wants money' });
    expect(await stage.turnStates()).toEqual(['how much? HUMAN_REQUESTED']);
    expect((await stage.row()).controller).toBe('NONE');
  });

  it('cuts what a model says too much instead of refusing it', async () => {
    const request = { reason: '\u{1F600}'.repeat(600), summary: `\0${'x'.repeat(5000)}` };
    expect(await requestHuman(database, turn, request)).toEqual({ granted: true });
    const [handoff] = await stage.handoffs();
    expect([[...handoff!.reason!].length, handoff!.summary]).toEqual([500, 'x'.repeat(4000)]);
  });

  it('while a request waits already is not granted', async () => {
    await stage.change({ whileWaiting: 'AI_ANSWERS' });
    accepted(await stage.asks());
    expect(await requestHuman(database, await stage.openTurn(), nobody)).toMatchObject({ granted: false });
    expect(await stage.handoffs()).toHaveLength(1);
  });
});
