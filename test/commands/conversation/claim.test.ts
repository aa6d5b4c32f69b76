import { acceptHandoff } from '../../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../../src/commands/conversation/cancel-handoff';
import { newId } from '../../../src/database/ids';
import type { UserPrincipal } from '../../../src/domain/actor';
import { User } from '../../../src/entities/user';
import { createWorld, principalOf } from '../../support/world';
import { newUser } from '../../support/world-rows';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase(25);
});
beforeEach(async () => {
  stage = await createStage(database);
});
afterAll(() => database.close());

/** Operators of the world's organization, beside those that it has. */
async function hire(count: number): Promise<UserPrincipal[]> {
  const { workspace, organization } = stage.world;
  const users = Array.from({ length: count }, (_, index) =>
    newUser(workspace.id, `${newId()}@example.com`, `Operator ${index}`, {
      organizationId: organization.id,
      permissions: ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'],
    }),
  );
  await database.source.manager.insert(User, users);
  return users.map((user) => principalOf(user, newId()));
}

describe('acceptHandoff', () => {
  it.each(['viewer', 'otherMember'] as const)('by %s, who may not handle the agent, is refused', async (who) => {
    await stage.asks();
    const before = await stage.everything();
    const code = who === 'viewer' ? 'FORBIDDEN handoffId' : 'NOT_FOUND handoffId';
    expect(codes(await stage.accepts(who))).toEqual([code]);
    expect(await stage.everything()).toEqual(before);
  });

  it('by somebody of another workspace, or of a request that does not exist, is NOT_FOUND', async () => {
    await stage.asks();
    const handoffId = await stage.newestId();
    const foreign = await createWorld(database.source);
    expect(codes(await acceptHandoff(database, foreign.owner.principal, { handoffId }))).toEqual([
      'NOT_FOUND handoffId',
    ]);
    const unknown = await acceptHandoff(database, stage.world.operator.principal, { handoffId: newId() });
    expect(codes(unknown)).toEqual(['NOT_FOUND handoffId']);
  });

  it('promise 7: of 50 operators at once has one winner; 49 are told who, and the winner may retry', async () => {
    const operators = await hire(50);
    await stage.asks();
    const handoffId = await stage.newestId();
    const outcomes = await Promise.all(operators.map((operator) => acceptHandoff(database, operator, { handoffId })));

    const winners = operators.filter((_, index) => outcomes[index]!.refusals.length === 0);
    expect(winners).toHaveLength(1);
    const [winner] = winners as [UserPrincipal];
    const losers = outcomes.filter(({ refusals }) => refusals.length > 0);
    expect(losers.flatMap(codes)).toEqual(Array.from({ length: 49 }, () => 'ALREADY_CLAIMED handoffId'));
    for (const { value } of losers) {
      expect(value?.handoff).toMatchObject({ id: handoffId, state: 'ACCEPTED', acceptedById: winner.userId });
      expect(value?.conversation).toMatchObject({ controller: 'HUMAN', operatorId: winner.userId, controlEpoch: 3 });
    }
    const name = (await database.source.manager.findOneByOrFail(User, { id: winner.userId })).displayName;
    expect(losers.every(({ refusals }) => refusals[0]!.message.includes(name))).toBe(true);

    const before = await stage.everything();
    const retry = accepted(await acceptHandoff(database, winner, { handoffId }));
    expect(retry.handoff).toMatchObject({ id: handoffId, acceptedById: winner.userId });
    expect(await stage.everything()).toEqual(before);
    expect((await stage.messages()).map(({ kind }) => kind)).toEqual(['HANDOFF_EVENT', 'HANDOFF_EVENT']);
  });

  it('promise 7: of operators who accept and operators who take over at once has one winner', async () => {
    const operators = await hire(10);
    await stage.asks();
    const handoffId = await stage.newestId();
    const outcomes = await Promise.all([
      ...operators.map((operator) => acceptHandoff(database, operator, { handoffId })),
      ...(['operator', 'secondOperator', 'owner', 'admin'] as const).map((who) => stage.takesOver(who)),
    ]);
    expect(outcomes.filter(({ refusals }) => refusals.length === 0)).toHaveLength(1);
    expect((await stage.handoffs()).map(({ id, state }) => [id, state])).toEqual([[handoffId, 'ACCEPTED']]);
  });

  it.each([
    ['cancelled', () => stage.cancels()],
    ['unanswered', () => stage.deadlinePasses()],
    ['handed back', () => stage.accepts().then(() => stage.handsBack())],
    ['resolved', () => stage.accepts().then(() => stage.closes())],
  ])('of a request that was %s is refused with how it ended', async (_case, end) => {
    await stage.asks();
    await end();
    const [ended] = await stage.handoffs();
    const outcome = await stage.accepts('secondOperator');
    expect(codes(outcome)).toEqual(['INVALID_TRANSITION handoffId']);
    expect(outcome.value?.handoff?.state).toBe(ended!.state);
  });

  it('of an older request of the conversation does not take the newer one', async () => {
    await stage.asks();
    const older = await stage.newestId();
    await stage.cancels();
    await stage.asks();
    const outcome = await acceptHandoff(database, stage.world.operator.principal, { handoffId: older });
    expect(codes(outcome)).toEqual(['INVALID_TRANSITION handoffId']);
    expect((await stage.row()).controller).toBe('NONE');
  });
});

describe('cancelHandoff', () => {
  it('of an older request of the conversation does not cancel the newer one', async () => {
    await stage.asks();
    const handoffId = await stage.newestId();
    await stage.cancels();
    await stage.asks();
    const outcome = await cancelHandoff(database, stage.world.visitor.principal, { handoffId });
    expect(codes(outcome)).toEqual(['INVALID_TRANSITION handoffId']);
    expect((await stage.row()).handoffState).toBe('REQUESTED');
  });

  it('by another visitor is as of no request, and by a reader forbidden', async () => {
    await stage.asks();
    const handoffId = await stage.newestId();
    const byOther = await cancelHandoff(database, stage.world.otherVisitor.principal, { handoffId });
    expect(codes(byOther)).toEqual(['NOT_FOUND handoffId']);
    expect(codes(await stage.cancels('viewer'))).toEqual(['FORBIDDEN handoffId']);
  });

  it('against acceptHandoff at once: one of the two, never both', async () => {
    for (let round = 0; round < 20; round += 1) {
      accepted(await stage.asks());
      const [accept, cancel] = await Promise.all([stage.accepts(), stage.cancels()]);
      expect(accept.refusals.length + cancel.refusals.length).toBe(1);
      const state = accept.refusals.length === 0 ? 'ACCEPTED' : 'CANCELLED';
      expect((await stage.row()).handoffState).toBe(state);
      if (state === 'ACCEPTED') accepted(await stage.handsBack());
    }
  });
});
