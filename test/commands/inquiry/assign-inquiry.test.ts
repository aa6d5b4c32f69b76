import { answerInquiry } from '../../../src/commands/inquiry/answer-inquiry';
import { assignInquiry } from '../../../src/commands/inquiry/assign-inquiry';
import { submitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { newId } from '../../../src/database/ids';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from '../conversation/stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

type Who = 'operator' | 'secondOperator' | 'viewer' | 'visitor' | 'otherMember';

const answer = (inquiryId: string, who: Who = 'operator', text = 'on its way', idempotencyKey = 'key') =>
  answerInquiry(database, stage.world[who].principal, { inquiryId, text, idempotencyKey });

describe('assignInquiry', () => {
  let inquiryId: string;
  const assign = (who: Who, userId: string | null) =>
    assignInquiry(database, stage.world[who].principal, { inquiryId, userId });

  beforeEach(async () => {
    stage = await createStage(database);
    const { conversationId, world } = stage;
    const question = { conversationId, email: 'v@example.com', name: null, text: 'q', idempotencyKey: 'key' };
    inquiryId = accepted(await submitInquiry(database, world.visitor.principal, question)).id;
  });

  it.each<[Who, string]>([
    ['viewer', 'FORBIDDEN inquiryId'],
    ['visitor', 'FORBIDDEN inquiryId'],
    ['otherMember', 'NOT_FOUND inquiryId'],
  ])('by %s is refused', async (who, code) => {
    expect(codes(await assign(who, stage.world.operator.id))).toEqual([code]);
  });

  it.each<'viewer' | 'otherMember'>(['viewer', 'otherMember'])(
    'to %s, who may not answer, is refused with the words for nobody',
    async (who) => {
      const [nobody, somebody] = [await assign('operator', newId()), await assign('operator', stage.world[who].id)];
      expect(codes(somebody)).toEqual(['NOT_FOUND userId']);
      expect(somebody.refusals).toEqual(nobody.refusals);
      expect(somebody.value?.assigneeId).toBeNull();
    },
  );

  it('to an operator, to staff and to nobody again is told each time; twice the same is told once', async () => {
    const { operator, owner } = stage.world;
    const told = (await stage.told()).length;
    expect(accepted(await assign('secondOperator', operator.id)).assigneeId).toBe(operator.id);
    accepted(await assign('operator', operator.id));
    expect(accepted(await assign('operator', owner.id)).assigneeId).toBe(owner.id);
    expect(accepted(await assign('operator', null)).assigneeId).toBeNull();
    expect((await stage.told()).slice(told)).toEqual(['INQUIRY_CHANGED', 'INQUIRY_CHANGED', 'INQUIRY_CHANGED']);
  });

  it('comes with the first answer where nobody has it, and stays where somebody does', async () => {
    const { operator, secondOperator } = stage.world;
    expect(accepted(await answer(inquiryId)).assigneeId).toBe(operator.id);
    expect(accepted(await answer(inquiryId, 'secondOperator', 'more', 'other')).assigneeId).toBe(operator.id);
    await assign('operator', secondOperator.id);
    const third = accepted(await answer(inquiryId, 'operator', 'even more', 'third'));
    expect(third.assigneeId).toBe(secondOperator.id);
    expect(third.lastMessageAt.getTime()).toBeGreaterThan(third.createdAt.getTime());
  });
});
