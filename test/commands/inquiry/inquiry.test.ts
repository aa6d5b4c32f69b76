import { answerInquiry } from '../../../src/commands/inquiry/answer-inquiry';
import { closeInquiry } from '../../../src/commands/inquiry/close-inquiry';
import { submitInquiry, type SubmitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { newId } from '../../../src/database/ids';
import type { Outcome } from '../../../src/domain/refusal';
import { Delivery } from '../../../src/entities/delivery';
import { Inquiry } from '../../../src/entities/inquiry';
import { InquiryAnswer } from '../../../src/entities/inquiry-answer';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from '../conversation/stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
});
afterAll(() => database.close());

type Who = Exclude<
  { [Key in keyof World]: World[Key] extends { principal: unknown } ? Key : never }[keyof World],
  undefined
>;

function submit(change: Partial<SubmitInquiry> = {}, who: Who = 'visitor'): Promise<Outcome<Inquiry>> {
  return submitInquiry(database, stage.world[who].principal, {
    conversationId: stage.conversationId,
    email: ' vera@example.com ',
    name: ' Vera ',
    text: 'where is my parcel?',
    idempotencyKey: 'key',
    ...change,
  });
}

function answer(inquiryId: string, who: Who = 'operator', text = 'on its way', idempotencyKey = 'key') {
  return answerInquiry(database, stage.world[who].principal, { inquiryId, text, idempotencyKey });
}

const count = (entity: typeof Inquiry | typeof InquiryAnswer | typeof Delivery): Promise<number> =>
  database.source.manager.count(entity, { where: { workspaceId: stage.world.workspace.id } });
async function readUpTo(readerId: string): Promise<number | undefined> {
  const sql = 'select sequence from conversation_reads where conversation_id = $1 and reader_id = $2';
  return (await database.source.query<{ sequence: number }[]>(sql, [stage.conversationId, readerId]))[0]?.sequence;
}

describe('submitInquiry', () => {
  it.each<[string, Partial<SubmitInquiry>, string]>([
    ['without an address', { email: '' }, 'INVALID email'],
    ['with two addresses', { email: 'a@example.com,b@example.com' }, 'INVALID email'],
    ['with a line break in the address', { email: 'a@example.com\nBcc: b@example.com' }, 'INVALID email'],
    ['without a text', { text: ' ' }, 'INVALID text'],
    ['with a blank name', { name: ' ' }, 'INVALID name'],
    ['without a key', { idempotencyKey: '' }, 'INVALID idempotencyKey'],
  ])('promise 11: %s is refused', async (_case, change, code) => {
    expect(codes(await submit(change))).toEqual([code]);
    expect(await count(Inquiry)).toBe(0);
    expect(await stage.messages()).toEqual([]);
  });

  it.each<[Who, string]>([
    ['otherVisitor', 'NOT_FOUND conversationId'],
    ['otherMember', 'NOT_FOUND conversationId'],
    ['operator', 'FORBIDDEN conversationId'],
    ['agentKey', 'FORBIDDEN conversationId'],
  ])('by %s, who is not the visitor, is refused', async (who, code) => {
    expect(codes(await submit({}, who))).toEqual([code]);
    expect(await count(Inquiry)).toBe(0);
  });

  it('promise 1: where handoff is switched off is HANDOFF_NOT_OFFERED', async () => {
    await stage.change({ handoffEnabled: false });
    expect(codes(await submit())).toEqual(['HANDOFF_NOT_OFFERED conversationId']);
  });

  it('while a person has the conversation is INVALID_TRANSITION', async () => {
    await stage.takesOver();
    expect(codes(await submit())).toEqual(['INVALID_TRANSITION conversationId']);
  });

  it('promise 11: lands in the conversation and among the inquiries, and is told', async () => {
    await stage.asks();
    await stage.deadlinePasses();
    const told = (await stage.told()).length;
    const inquiry = accepted(await submit());
    expect(inquiry).toMatchObject({
      email: 'vera@example.com',
      name: 'Vera',
      text: 'where is my parcel?',
      state: 'OPEN',
      organizationId: stage.world.organization.id,
      handoffId: await stage.newestId(),
    });
    expect((await stage.messages()).at(-1)).toMatchObject({
      kind: 'INQUIRY',
      authorKind: 'VISITOR',
      text: 'where is my parcel?',
    });
    expect((await stage.told()).slice(told)).toEqual(['MESSAGE_ADDED', 'INQUIRY_CHANGED']);
    expect(await readUpTo(stage.world.visitor.id)).toBe((await stage.row()).lastSequence);
  });

  it('gives the AI no turn: an inquiry is for people', async () => {
    accepted(await submit());
    expect(await stage.turns()).toEqual([]);
  });

  it('with the same key returns the first one, also 20 times at once and after a person came', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => submit()));
    expect(new Set(outcomes.map((outcome) => accepted(outcome).id)).size).toBe(1);
    await stage.takesOver();
    const before = await stage.everything();
    accepted(await submit());
    expect(await count(Inquiry)).toBe(1);
    expect(await stage.everything()).toEqual(before);
  });

  it('with the same key and another text or address is IDEMPOTENCY_MISMATCH with the first one', async () => {
    const first = accepted(await submit());
    for (const change of [{ text: 'something else' }, { email: 'other@example.com' }]) {
      const outcome = await submit(change);
      expect(codes(outcome)).toEqual(['IDEMPOTENCY_MISMATCH idempotencyKey']);
      expect(outcome.value?.id).toBe(first.id);
    }
    expect(await count(Inquiry)).toBe(1);
  });
});

describe('answerInquiry', () => {
  let inquiryId: string;

  beforeEach(async () => {
    inquiryId = accepted(await submit()).id;
  });

  it.each<[Who, string]>([
    ['viewer', 'FORBIDDEN inquiryId'],
    ['visitor', 'FORBIDDEN inquiryId'],
    ['staffKey', 'FORBIDDEN inquiryId'],
    ['otherMember', 'NOT_FOUND inquiryId'],
    ['otherVisitor', 'NOT_FOUND inquiryId'],
  ])('by %s is refused and sends nothing', async (who, code) => {
    expect(codes(await answer(inquiryId, who))).toEqual([code]);
    expect(codes(await closeInquiry(database, stage.world[who].principal, { inquiryId }))).toEqual([code]);
    expect([await count(InquiryAnswer), await count(Delivery)]).toEqual([0, 0]);
  });

  it('of another workspace, or of none, is NOT_FOUND; with a blank text invalid', async () => {
    const foreign = await createWorld(database.source);
    const input = { inquiryId, text: 'hi', idempotencyKey: 'key' };
    expect(codes(await answerInquiry(database, foreign.owner.principal, input))).toEqual(['NOT_FOUND inquiryId']);
    expect(codes(await answer(newId()))).toEqual(['NOT_FOUND inquiryId']);
    expect(codes(await answer(inquiryId, 'operator', ' '))).toEqual(['INVALID text']);
  });

  it('promise 11: writes the answer into the conversation and one pending e-mail', async () => {
    const told = (await stage.told()).length;
    expect(accepted(await answer(inquiryId)).state).toBe('ANSWERED');
    expect((await stage.messages()).at(-1)).toMatchObject({
      kind: 'INQUIRY',
      authorKind: 'OPERATOR',
      authorUserId: stage.world.operator.id,
      text: 'on its way',
    });
    const written = await database.source.manager.findOneByOrFail(InquiryAnswer, { inquiryId });
    const delivery = await database.source.manager.findOneByOrFail(Delivery, { inquiryAnswerId: written.id });
    expect(delivery).toMatchObject({ channel: 'EMAIL', state: 'PENDING', notificationId: null, attempts: 0 });
    expect((await stage.told()).slice(told)).toEqual(['MESSAGE_ADDED', 'INQUIRY_CHANGED']);
    // Of no conversation: what leaves the server is no part of anybody's stream.
    const sql = 'select name, conversation_id from outbox where subject_id = $1';
    expect(await database.source.query(sql, [delivery.id])).toEqual([
      { name: 'DELIVERY_ADDED', conversation_id: null },
    ]);
    expect(await readUpTo(stage.world.operator.id)).toBe((await stage.row()).lastSequence);
  });

  it('leaves control where it is', async () => {
    const { controller, controlEpoch } = await stage.row();
    await answer(inquiryId);
    expect(await stage.row()).toMatchObject({ controller, controlEpoch });
  });

  it('with the same key answers once, also 20 times at once; with another text it is a mismatch', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => answer(inquiryId)));
    outcomes.forEach(accepted);
    const before = await stage.everything();
    expect(codes(await answer(inquiryId, 'operator', 'lost'))).toEqual(['IDEMPOTENCY_MISMATCH idempotencyKey']);
    expect([await count(InquiryAnswer), await count(Delivery)]).toEqual([1, 1]);
    expect(await stage.everything()).toEqual(before);
  });

  it('with another key answers again', async () => {
    await answer(inquiryId);
    accepted(await answer(inquiryId, 'secondOperator', 'and arrived', 'other key'));
    expect([await count(InquiryAnswer), await count(Delivery)]).toEqual([2, 2]);
  });

  it('of a closed inquiry is INVALID_TRANSITION; a retry of what was answered before still succeeds', async () => {
    await answer(inquiryId);
    const close = () => closeInquiry(database, stage.world.operator.principal, { inquiryId });
    expect(accepted(await close()).state).toBe('CLOSED');
    accepted(await answer(inquiryId));
    expect(codes(await answer(inquiryId, 'operator', 'more', 'other key'))).toEqual(['INVALID_TRANSITION inquiryId']);
    const told = await stage.told();
    expect(accepted(await close()).state).toBe('CLOSED');
    expect(await stage.told()).toEqual(told);
  });
});
