import { mailTranscript } from '../../../src/commands/conversation/mail-transcript';
import { answerInquiry } from '../../../src/commands/inquiry/answer-inquiry';
import { submitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { retryDelivery } from '../../../src/commands/delivery/retry-delivery';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

let database: StageDatabase;
let stage: Stage;
beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
  await stage.says('Where is my parcel?');
});
afterAll(() => database.close());

type Who =
  'operator' | 'secondOperator' | 'viewer' | 'visitor' | 'otherVisitor' | 'otherMember' | 'agentKey' | 'staffKey';
const mail = (who: Who, idempotencyKey = 'key') =>
  mailTranscript(database, stage.world[who].principal, { conversationId: stage.conversationId, idempotencyKey });
const tell = (columns: string) =>
  database.source.query(`update visitors set ${columns} where id = $1`, [stage.world.visitor.id]);
const verify = () => tell(`email = 'v@example.com', is_verified = true, external_id = 'x', resume_token_hash = null`);
const leave = async (email: string): Promise<string> => {
  const question = { conversationId: stage.conversationId, email, name: null, text: 'q', idempotencyKey: email };
  return accepted(await submitInquiry(database, stage.world.visitor.principal, question)).id;
};
const mails = () =>
  database.source.query<{ id: string; state: string }[]>(
    'select d.id, d.state from deliveries d join transcripts t on t.id = d.transcript_id where t.conversation_id = $1',
    [stage.conversationId],
  );

describe('mailTranscript', () => {
  it.each<[Who, string]>([
    ['viewer', 'FORBIDDEN conversationId'],
    ['agentKey', 'FORBIDDEN conversationId'],
    ['staffKey', 'FORBIDDEN conversationId'],
    ['otherVisitor', 'NOT_FOUND conversationId'],
    ['otherMember', 'NOT_FOUND conversationId'],
  ])('by %s is refused', async (who, code) => {
    await verify();
    expect(codes(await mail(who))).toEqual([code]);
    expect(await mails()).toEqual([]);
  });

  it('by an anonymous visitor goes to no address that it has told, until an operator has written there', async () => {
    await tell(`email = 'victim@example.com'`);
    expect(codes(await mail('visitor'))).toEqual(['NO_MAIL_ADDRESS conversationId']);
    const inquiryId = await leave('victim@example.com');
    expect(codes(await mail('visitor'))).toEqual(['NO_MAIL_ADDRESS conversationId']);
    expect(await mails()).toEqual([]);
    const answer = { inquiryId, text: 'a', idempotencyKey: 'a' };
    accepted(await answerInquiry(database, stage.world.operator.principal, answer));
    expect(accepted(await mail('visitor')).email).toBe('victim@example.com');
  });

  it('by a verified visitor goes to the address that its token has named, up to what was said last', async () => {
    await verify();
    expect(accepted(await mail('visitor'))).toMatchObject({
      email: 'v@example.com',
      authorUserId: null,
      lastSequence: 1,
    });
    expect(await mails()).toMatchObject([{ state: 'PENDING' }]);
  });

  it('by an operator goes to what the conversation carries, and nowhere without', async () => {
    await tell('email = null');
    expect(codes(await mail('operator'))).toEqual(['NO_MAIL_ADDRESS conversationId']);
    await tell(`email = 'told@example.com'`);
    expect(accepted(await mail('operator')).email).toBe('told@example.com');
    await leave('left@example.com');
    expect(accepted(await mail('operator', 'again')).email).toBe('left@example.com');
  });

  it('of a conversation in which nothing was said is refused', async () => {
    stage = await createStage(database);
    await verify();
    expect(codes(await mail('visitor'))).toEqual(['INVALID_TRANSITION conversationId']);
  });

  it('with the same key mails once; that of somebody else is another one', async () => {
    await verify();
    const both = await Promise.all([mail('visitor'), mail('visitor')]);
    expect(new Set(both.map((one) => accepted(one).id)).size).toBe(1);
    await stage.says('More');
    expect(accepted(await mail('visitor')).lastSequence).toBe(1);
    expect(accepted(await mail('operator')).lastSequence).toBe(2);
    expect(await mails()).toHaveLength(2);
  });

  it('mails three times within a day, whoever asks, and again a day later', async () => {
    await verify();
    const all = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((key) => mail(key < 'c' ? 'visitor' : 'operator', key)),
    );
    expect(all.flatMap(codes)).toEqual(['LIMIT_EXCEEDED conversationId', 'LIMIT_EXCEEDED conversationId']);
    expect(await mails()).toHaveLength(3);
    const own = 'conversation_id = $1';
    await database.source.query(`update transcripts set created_at = created_at - interval '1 day' where ${own}`, [
      stage.conversationId,
    ]);
    expect(accepted(await mail('visitor', 'f')).email).toBe('v@example.com');
  });

  it('that has failed is sent again by who may handle the conversation, and by nobody else', async () => {
    await verify();
    accepted(await mail('visitor'));
    const [{ id: deliveryId } = { id: '' }] = await mails();
    await database.source.query(`update deliveries set state = 'FAILED' where id = $1`, [deliveryId]);
    const retry = (who: Who) => retryDelivery(database, stage.world[who].principal, { deliveryId });
    expect(codes(await retry('viewer'))).toEqual(['FORBIDDEN deliveryId']);
    expect(codes(await retry('otherMember'))).toEqual(['NOT_FOUND deliveryId']);
    expect(codes(await retry('visitor'))).toEqual(['FORBIDDEN']);
    expect(accepted(await retry('secondOperator')).state).toBe('PENDING');
  });
});
