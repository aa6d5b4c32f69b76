import { acceptHandoff } from '../../../src/commands/conversation/accept-handoff';
import { decideOffer } from '../../../src/domain/conversation/handoff-offer';
import { VisitorSession } from '../../../src/entities/visitor-session';
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

describe('expireHandoff', () => {
  it.each([
    ['too early', () => stage.asks()],
    ['after it was accepted', () => stage.asks().then(() => stage.accepts())],
    ['after it was cancelled', () => stage.asks().then(() => stage.cancels())],
    ['of a takeover, which has no deadline', () => stage.takesOver()],
  ])('%s does nothing', async (_case, prepare) => {
    await prepare();
    const before = await stage.everything();
    expect(await stage.expires(await stage.newestId())).toBe(false);
    expect(await stage.everything()).toEqual(before);
  });

  it('of an older request leaves the newer one waiting, though its own time is over', async () => {
    await stage.asks();
    const older = await stage.newestId();
    await stage.cancels();
    await stage.asks();
    await database.source.query(`update handoffs set answer_by = now() - interval '1 s'`);
    expect(await stage.expires(older)).toBe(false);
    expect((await stage.row()).handoffState).toBe('REQUESTED');
  });

  it('promise 10: ends the request as UNANSWERED: the AI is back, the visitor is told and offered the inquiry', async () => {
    await stage.asks();
    const waiting = await stage.row();
    expect(waiting.waitingSince).toBeInstanceOf(Date);
    expect(await stage.deadlinePasses()).toBe(true);
    const row = await stage.row();
    expect(row).toMatchObject({ controller: 'AI', handoffState: 'UNANSWERED', waitingSince: null, operatorId: null });
    expect(row.controlEpoch).toBe(waiting.controlEpoch + 1);
    expect((await stage.transcript()).at(-1)).toMatch(/^SYSTEM Nobody from our team .* Ada is back/);
    expect((await stage.handoffs()).map(({ state, endedAt }) => [state, endedAt !== null])).toEqual([
      ['UNANSWERED', true],
    ]);
    expect(decideOffer(stage.world.agent, { total: 1, online: 0 }, row).inquiryAvailable).toBe(true);
    expect(await stage.deadlinePasses()).toBe(false);
  });

  it('promise 10: comes although the visitor is gone: no session, no connection, no job', async () => {
    await stage.asks();
    await database.source.manager.delete(VisitorSession, { visitorId: stage.world.visitor.id });
    expect(await stage.deadlinePasses()).toBe(true);
    expect(await stage.row()).toMatchObject({ controller: 'AI', handoffState: 'UNANSWERED' });
  });

  it('has a deadline as the agent says, by the clock of the database', async () => {
    await stage.change({ requestTimeoutSeconds: 77 });
    await stage.asks();
    const [handoff] = await stage.handoffs();
    expect(handoff!.answerBy!.getTime() - handoff!.requestedAt.getTime()).toBe(77_000);
  });

  it('called ten times at once ends it once', async () => {
    await stage.asks();
    await database.source.query(`update handoffs set answer_by = now() - interval '1 s'`);
    const id = await stage.newestId();
    const ended = await Promise.all(Array.from({ length: 10 }, () => stage.expires(id)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect((await stage.transcript()).filter((text) => text.includes('Nobody from our team'))).toHaveLength(1);
  });

  it('promise 10: against acceptHandoff at the same instant, 100 times: one of the two, never both, never neither', async () => {
    const winners = { accepted: 0, expired: 0 };
    for (let round = 0; round < 100; round += 1) {
      accepted(await stage.asks());
      const id = await stage.newestId();
      await database.source.query(`update handoffs set answer_by = now() - interval '1 ms' where id = $1`, [id]);
      const { principal } = stage.world.operator;
      const accept = () => acceptHandoff(database, principal, { handoffId: id });
      const expire = () => stage.expires(id);
      // Whoever is called first has the head start in every other round.
      const calls = round % 2 === 0 ? ([accept(), expire()] as const) : ([expire(), accept()] as const);
      const [one, other] = await Promise.all(calls);
      const [ended, outcome] = typeof one === 'boolean' ? [one, other] : [other, one];
      const won = outcome.refusals.length === 0;
      expect(won).not.toBe(ended);
      expect((await stage.row()).handoffState).toBe(won ? 'ACCEPTED' : 'UNANSWERED');
      if (!won) expect(codes(outcome)).toEqual(['INVALID_TRANSITION handoffId']);
      winners[won ? 'accepted' : 'expired'] += 1;
      if (won) accepted(await stage.handsBack());
    }
    expect(winners.accepted + winners.expired).toBe(100);
    const states = (await stage.handoffs()).map(({ state }) => state);
    expect(states.filter((state) => state === 'RETURNED')).toHaveLength(winners.accepted);
    expect(states.filter((state) => state === 'UNANSWERED')).toHaveLength(winners.expired);
  });
});
