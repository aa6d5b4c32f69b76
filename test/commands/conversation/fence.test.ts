import { answerTurn } from '../../../src/commands/turn/answer-turn';
import { failTurn } from '../../../src/commands/turn/fail-turn';
import { requestHuman } from '../../../src/commands/turn/request-human';
import { dispatchOutbox } from '../../../src/database/outbox';
import type { Turn } from '../../../src/entities/turn';
import { readEventsAfter } from '../../../src/queries/read-events';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

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

const LATE = 'a late reply';

/** What moved control before the reply came, and whether the AI has control again by then. */
const MOVES: [string, () => Promise<unknown>][] = [
  ['a takeover', () => stage.takesOver()],
  ['a request', () => stage.asks()],
  ['a request that was accepted', () => stage.asks().then(() => stage.accepts())],
  ['a takeover and the hand-back', () => stage.takesOver().then(() => stage.handsBack())],
  ['a request and its cancellation', () => stage.asks().then(() => stage.cancels())],
  ['a request and its deadline', () => stage.asks().then(() => stage.deadlinePasses())],
  ['closing', () => stage.closes()],
  ['closing and opening again', () => stage.closes().then(() => stage.says('still there?'))],
];

/** The late reply is nowhere: neither in the transcript, nor in the log from which everybody is told. */
async function expectNothingOf(before: unknown): Promise<void> {
  expect(await stage.everything()).toEqual(before);
  expect(await stage.transcript()).not.toContain(`AI ${LATE}`);
  await dispatchOutbox(database.source);
  const { events } = await readEventsAfter(database.source.manager, 0, 10_000);
  expect(events.filter(({ snapshot }) => snapshot?.text === LATE)).toEqual([]);
  expect(await database.source.query('select 1 from notifications union all select 1 from deliveries')).toEqual([]);
}

describe('promise 7: a reply of the AI that comes late', () => {
  it.each(MOVES)('by answerTurn, after %s, is dropped', async (_move, move) => {
    await move();
    const before = await stage.everything();
    expect(await answerTurn(database, turn, LATE)).toBe(false);
    await expectNothingOf(before);
  });

  it.each(MOVES)('by postAgentReply, after %s, is STALE_CONTROL_EPOCH', async (_move, move) => {
    await move();
    const before = await stage.everything();
    const outcome = await stage.replies(LATE, turn.controlEpoch);
    expect(codes(outcome)).toEqual(['STALE_CONTROL_EPOCH']);
    expect(outcome.value).toBeNull();
    await expectNothingOf(before);
  });

  it.each(MOVES)('as a failure or a call for a person, after %s, changes nothing either', async (_move, move) => {
    await move();
    const before = await stage.everything();
    expect(await failTurn(database, turn, 'timeout')).toBe(false);
    expect(await requestHuman(database, turn, { reason: null, summary: null })).toMatchObject({ granted: false });
    expect(codes(await stage.asks(turn.controlEpoch))).toEqual(['STALE_CONTROL_EPOCH']);
    await expectNothingOf(before);
  });

  it('with an epoch guessed ahead, while a person is in control, is refused too', async () => {
    await stage.takesOver();
    const { controlEpoch } = await stage.row();
    expect(codes(await stage.replies(LATE, controlEpoch))).toEqual(['STALE_CONTROL_EPOCH']);
    expect(codes(await stage.replies(LATE, controlEpoch + 1))).toEqual(['STALE_CONTROL_EPOCH']);
  });

  it('promise 9: while a request waits in silence, with the current epoch, is refused', async () => {
    await stage.asks();
    const { controlEpoch, controller } = await stage.row();
    expect(controller).toBe('NONE');
    expect(codes(await stage.replies(LATE, controlEpoch))).toEqual(['STALE_CONTROL_EPOCH']);
  });

  it('at the same instant as a takeover, 40 times, is before it or nowhere', async () => {
    for (let round = 0; round < 40; round += 1) {
      const { controlEpoch } = await stage.row();
      const [reply, takeover] = await Promise.all([stage.replies(`reply ${round}`, controlEpoch), stage.takesOver()]);
      accepted(takeover);
      const texts = await stage.transcript();
      const joined = texts.lastIndexOf('SYSTEM oscar has joined the conversation.');
      const at = texts.indexOf(`AI reply ${round}`);
      expect(at === -1).toBe(reply.refusals.length > 0);
      expect(at).toBeLessThan(joined);
      accepted(await stage.handsBack());
    }
  });
});
