import { answerInquiry } from '../../../src/commands/inquiry/answer-inquiry';
import { closeInquiry } from '../../../src/commands/inquiry/close-inquiry';
import { openReplyAddress } from '../../../src/commands/inquiry/open-reply-address';
import { type ReceivedReply, receiveReply } from '../../../src/commands/inquiry/receive-reply';
import { submitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { eraseVisitor } from '../../../src/commands/visitor/erase-visitor';
import { newId } from '../../../src/database/ids';
import { Inquiry } from '../../../src/entities/inquiry';
import { findRepliedInquiry } from '../../../src/queries/reply-addresses';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from '../conversation/stage';

let database: StageDatabase;
let stage: Stage;
let inquiryId: string;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
  const { conversationId, world } = stage;
  const question = { conversationId, email: 'vera@example.com', name: null, text: 'q', idempotencyKey: 'key' };
  inquiryId = accepted(await submitInquiry(database, world.visitor.principal, question)).id;
  accepted(
    await answerInquiry(database, world.operator.principal, { inquiryId, text: 'try this', idempotencyKey: 'a' }),
  );
});
afterAll(() => database.close());

const reply = (change: Partial<ReceivedReply> = {}) =>
  receiveReply(database, {
    workspaceId: stage.world.workspace.id,
    inquiryId,
    messageId: '<1@example.com>',
    sender: 'Vera@example.com',
    text: ' it works ',
    ...change,
  });
const row = (): Promise<Inquiry> => database.source.manager.findOneByOrFail(Inquiry, { id: inquiryId });

describe('a reply by mail', () => {
  it('of nothing, or to what was erased, writes nothing', async () => {
    const before = await stage.everything();
    expect(await reply({ text: ' \n' })).toBe('EMPTY');
    expect(await reply({ inquiryId: newId() })).toBe('GONE');
    expect(await stage.everything()).toEqual(before);
  });

  it('is a message of the visitor, opens the inquiry again, also a closed one, and is told', async () => {
    const { operator } = stage.world;
    await closeInquiry(database, operator.principal, { inquiryId });
    const told = (await stage.told()).length;
    expect(await reply()).toBe('TAKEN');
    expect((await stage.messages()).at(-1)).toMatchObject({
      kind: 'INQUIRY',
      authorKind: 'VISITOR',
      text: 'it works',
    });
    expect(await row()).toMatchObject({ state: 'OPEN', assigneeId: operator.id });
    expect((await row()).lastMessageAt).toEqual((await stage.messages()).at(-1)!.createdAt);
    expect((await stage.told()).slice(told)).toEqual(['MESSAGE_ADDED', 'INQUIRY_CHANGED']);
    expect(await stage.turns()).toEqual([]);
  });

  it('that comes again, 10 times at once, is written once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => reply()));
    expect(outcomes.filter((outcome) => outcome === 'TAKEN')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['TAKEN', 'DUPLICATE']));
  });

  it('of another sender names it, and one that is too long is cut', async () => {
    await reply({ sender: 'viktor@example.com' });
    expect((await stage.messages()).at(-1)?.text).toBe('(Sent from viktor@example.com)\n\nit works');
    await reply({ messageId: '<2@example.com>', text: `a\0\ud800${'😀'.repeat(9000)}` });
    const { text } = (await stage.messages()).at(-1)!;
    expect([[...text].length, text.isWellFormed(), text.at(-1)]).toEqual([8000, true, '…']);
  });

  it('is one of 20 in an hour at most', async () => {
    for (let index = 0; index < 20; index += 1) expect(await reply({ messageId: `<${index}@x>` })).toBe('TAKEN');
    expect(await reply({ messageId: '<20@x>' })).toBe('TOO_MANY');
    expect(await reply({ messageId: '<0@x>' })).toBe('DUPLICATE');
  });
});

describe('the reply address of an inquiry', () => {
  it('leads to it by its token alone, however often it was opened, until the visitor is erased', async () => {
    const inquiry = { id: inquiryId, workspaceId: stage.world.workspace.id };
    const token = newId();
    await openReplyAddress(database.source, inquiry, token);
    await openReplyAddress(database.source, inquiry, newId());
    await openReplyAddress(database.source, inquiry, token);
    const found = { workspaceId: inquiry.workspaceId, inquiryId };
    expect(await findRepliedInquiry(database.source, token)).toEqual(found);
    expect(await findRepliedInquiry(database.source, newId())).toBeNull();
    accepted(await eraseVisitor(database, stage.world.visitor.principal, { visitorId: null }));
    expect(await findRepliedInquiry(database.source, token)).toBeNull();
  });
});
