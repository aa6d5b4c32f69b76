import { newId } from '../../../src/database/ids';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase(25);
});
beforeEach(async () => {
  stage = await createStage(database);
  await stage.connects('operator', 'secondOperator', 'limited', 'viewer', 'otherMember', 'owner');
});
afterAll(() => database.close());

async function accept(): Promise<void> {
  accepted(await stage.asks());
  accepted(await stage.accepts());
}

describe('transferHandoff', () => {
  it.each([
    ['viewer', 'FORBIDDEN handoffId'],
    ['otherMember', 'NOT_FOUND handoffId'],
  ] as const)('by %s is refused', async (who, code) => {
    await accept();
    const before = await stage.everything();
    expect(codes(await stage.transfers('secondOperator', who))).toEqual([code]);
    expect(await stage.everything()).toEqual(before);
  });

  it.each([
    ['nobody', () => stage.transfers(null, 'operator', { toUserId: newId() }), 'NOT_FOUND toUserId'],
    ['a member of another organization', () => stage.transfers('otherMember'), 'NOT_FOUND toUserId'],
    ['one who only reads', () => stage.transfers('viewer'), 'OPERATOR_UNAVAILABLE toUserId'],
    ['one who is not online', () => stage.transfers('admin'), 'OPERATOR_UNAVAILABLE toUserId'],
    ['whom with too long a note', () => stage.transfers(null, 'operator', { note: 'x'.repeat(2001) }), 'INVALID note'],
    [
      'whom after control has moved',
      () => stage.transfers('secondOperator', 'operator', { expectedControlEpoch: 2 }),
      'STALE_CONTROL_EPOCH',
    ],
  ])('to %s is refused', async (_case, transfer, code) => {
    await accept();
    const before = await stage.everything();
    expect(codes(await transfer())).toEqual([code]);
    expect(await stage.everything()).toEqual(before);
  });

  it.each([
    ['disabled', 'update users set disabled_at = now() where id = $1'],
    ['set to away', 'update users set available = false where id = $1'],
    ['limited to other agents', 'update users set limited_to_agents = true where id = $1'],
  ])('to one who is %s is refused', async (_case, change) => {
    await accept();
    await database.source.query(change, [stage.world.secondOperator.id]);
    expect(codes(await stage.transfers('secondOperator'))).toEqual(['OPERATOR_UNAVAILABLE toUserId']);
    expect((await stage.row()).operatorId).toBe(stage.world.operator.id);
  });

  it.each([
    ['waits', () => stage.asks()],
    ['was handed back', () => accept().then(() => stage.handsBack())],
    ['was resolved', () => accept().then(() => stage.closes())],
  ])('of a handoff that %s is refused, to whomever', async (_case, reach) => {
    await reach();
    expect(codes(await stage.transfers('secondOperator'))).toEqual(['INVALID_TRANSITION']);
    expect(codes(await stage.transfers(null))).toEqual(['INVALID_TRANSITION']);
  });

  it('to an operator gives the conversation at once, one epoch further, and the AI has no part in it', async () => {
    await accept();
    const before = await stage.row();
    const [handoff] = await stage.handoffs();
    const { value } = await stage.transfers('secondOperator', 'operator', { note: 'Knows the case' });
    const [ada, ben] = [stage.world.operator.id, stage.world.secondOperator.id];
    expect(value?.handoff).toMatchObject({ state: 'ACCEPTED', acceptedById: ben, transferredById: ada });
    const { requestedAt, origin, reason } = handoff!;
    expect(value?.handoff).toMatchObject({ id: handoff!.id, requestedAt, origin, reason, version: 3 });
    expect(await stage.row()).toMatchObject({ controller: 'HUMAN', operatorId: ben });
    expect((await stage.row()).controlEpoch).toBe(before.controlEpoch + 1);
    expect((await stage.transcript()).at(-1)).toBe(
      `SYSTEM ${stage.world.secondOperator.row.displayName} has joined the conversation.`,
    );
    expect(await stage.turns()).toEqual([]);
    expect((await stage.holds()).map(({ userId, origin, ending }) => [userId, origin, ending])).toEqual([
      [ada, 'ACCEPTED', 'TRANSFERRED'],
      [ben, 'TRANSFERRED', null],
    ]);
    expect((await stage.notes()).map(({ text, authorUserId }) => [text, authorUserId])).toEqual([
      ['Knows the case', ada],
    ]);
    expect(codes(await stage.writes('operator', 'Still me'))).toEqual(['ALREADY_CLAIMED conversationId']);
    accepted(await stage.writes('secondOperator', 'Hello'));
  });

  it('lets an operator take it from another one who has left, online or not, without a reply of the AI', async () => {
    await accept();
    await stage.says('Are you there?');
    const { controlEpoch } = await stage.row();
    accepted(await stage.transfers('admin', 'admin'));
    expect(await stage.row()).toMatchObject({ controller: 'HUMAN', operatorId: stage.world.admin.id });
    expect(codes(await stage.replies('Me again', controlEpoch + 1))).toEqual(['STALE_CONTROL_EPOCH']);
    expect(await stage.turns()).toEqual([]);
  });

  it.each(['AI_SILENT', 'AI_ANSWERS'] as const)(
    'to the team under %s waits anew: the AI is silent, with a deadline of its own',
    async (whileWaiting) => {
      await stage.change({ whileWaiting });
      await accept();
      const first = (await stage.handoffs())[0]!.answerBy!;
      accepted(await stage.transfers(null));
      const row = await stage.row();
      expect(row).toMatchObject({ controller: 'NONE', operatorId: null, handoffState: 'REQUESTED' });
      expect(row.waitingSince).toBeInstanceOf(Date);
      const [handoff] = await stage.handoffs();
      expect(handoff).toMatchObject({ state: 'REQUESTED', acceptedById: null, acceptedAt: null, endedAt: null });
      expect(handoff!.answerBy!.getTime()).toBeGreaterThan(first.getTime());
      await stage.says('Hello?');
      expect(codes(await stage.replies('I am back', row.controlEpoch))).toEqual(['STALE_CONTROL_EPOCH']);
      expect(await stage.turns()).toEqual([]);
      expect(await stage.handoffs()).toHaveLength(1);
    },
  );

  it('to the team ends by its deadline with the AI, which answers what the visitor wrote last', async () => {
    await accept();
    accepted(await stage.writes('operator', 'One moment'));
    accepted(await stage.transfers(null));
    await stage.says('Hello?');
    expect(await stage.deadlinePasses()).toBe(true);
    expect(await stage.row()).toMatchObject({ controller: 'AI', handoffState: 'UNANSWERED' });
    expect(await stage.turnStates()).toEqual(['Hello? OPEN']);
  });

  it('to the team can be accepted by whoever handed it on, too, or be cancelled', async () => {
    await accept();
    accepted(await stage.transfers(null));
    accepted(await stage.accepts());
    accepted(await stage.transfers(null));
    accepted(await stage.cancels());
    expect((await stage.holds()).map(({ origin, ending }) => [origin, ending])).toEqual([
      ['ACCEPTED', 'TRANSFERRED'],
      ['ACCEPTED', 'TRANSFERRED'],
    ]);
  });

  it.each(['secondOperator', null] as const)('to %s a second time succeeds and changes nothing', async (to) => {
    await accept();
    accepted(await stage.transfers(to));
    const before = await stage.everything();
    accepted(await stage.transfers(to));
    expect(await stage.everything()).toEqual(before);
  });

  it('of an older handoff does not touch the newer one', async () => {
    await accept();
    const handoffId = await stage.newestId();
    await stage.handsBack();
    await stage.takesOver('secondOperator');
    expect(codes(await stage.transfers(null, 'operator', { handoffId }))).toEqual(['INVALID_TRANSITION handoffId']);
    expect((await stage.row()).operatorId).toBe(stage.world.secondOperator.id);
  });
});

describe('at the same moment', () => {
  /** At every epoch the conversation has one holder, and the database agrees with itself. */
  async function checkHolder(): Promise<void> {
    const row = await stage.row();
    const open = (await stage.holds()).filter(({ endedAt }) => endedAt === null);
    expect(open.map(({ userId }) => userId)).toEqual(row.operatorId === null ? [] : [row.operatorId]);
    const holds = await stage.holds();
    for (const [index, hold] of holds.entries()) {
      const next = holds[index + 1];
      if (next !== undefined) expect(hold.endedAt!.getTime()).toBeLessThanOrEqual(next.beganAt.getTime());
    }
  }

  it('two transfers under one epoch: one of the two', async () => {
    for (let round = 0; round < 20; round += 1) {
      accepted(await stage.takesOver());
      const { controlEpoch: expectedControlEpoch } = await stage.row();
      const outcomes = await Promise.all([
        stage.transfers('secondOperator', 'operator', { expectedControlEpoch }),
        stage.transfers('owner', 'owner', { expectedControlEpoch }),
        stage.transfers(null, 'operator', { expectedControlEpoch }),
      ]);
      expect(outcomes.flatMap(codes)).toEqual(['STALE_CONTROL_EPOCH', 'STALE_CONTROL_EPOCH']);
      await checkHolder();
      const { controller } = await stage.row();
      accepted(controller === 'HUMAN' ? await stage.handsBack() : await stage.cancels());
    }
  });

  it('a transfer, a hand-back, and a deadline or a claim of what it left: nobody has it twice, and no turn too early', async () => {
    for (let round = 0; round < 20; round += 1) {
      accepted(await stage.takesOver());
      const handoffId = await stage.newestId();
      await Promise.all([
        stage.transfers(null),
        stage.handsBack(),
        stage.expires(handoffId),
        stage.accepts('secondOperator'),
        stage.transfers('owner', 'owner'),
      ]);
      await checkHolder();
      const { controller, handoffState } = await stage.row();
      expect(controller === 'AI').toBe(handoffState === 'RETURNED');
      if (controller === 'NONE') accepted(await stage.cancels());
      if (controller === 'HUMAN') accepted(await stage.handsBack());
    }
  });
});
