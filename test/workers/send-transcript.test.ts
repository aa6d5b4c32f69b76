import { addNote } from '../../src/commands/conversation/add-note';
import { mailTranscript } from '../../src/commands/conversation/mail-transcript';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { eraseVisitor } from '../../src/commands/visitor/erase-visitor';
import { watchedSource } from '../support/watched-source';
import { DeliveryBench } from './delivery-bench';

let bench: DeliveryBench;
beforeAll(async () => {
  bench = await DeliveryBench.start();
});
beforeEach(() => bench.reset());
afterAll(() => bench.stop());

let nonce = 0;
const say = async (text: string): Promise<void> => {
  const { conversation, visitor } = bench.world;
  const input = { conversationId: conversation.id, clientNonce: String((nonce += 1)), text };
  expect((await sendMessage(bench.database, visitor.principal, input)).refusals).toEqual([]);
};
const ADDRESS = 'vera@visitor.example';
/** The transcript that the operator has mailed: its delivery. */
const mailed = async (columns = `email = '${ADDRESS}'`): Promise<string> => {
  const { conversation, operator, visitor } = bench.world;
  await bench.source.query(`update visitors set ${columns} where id = $1`, [visitor.id]);
  const input = { conversationId: conversation.id, idempotencyKey: 'key' };
  const { value } = await mailTranscript(bench.database, operator.principal, input);
  const [row] = await bench.source.query<{ id: string }[]>('select id from deliveries where transcript_id = $1', [
    value!.id,
  ]);
  return row!.id;
};
const ofWorld = () =>
  bench.inbox.mails.filter(({ text = '' }) => text.includes(bench.world.conversation.id.slice(0, 13)));

describe('a transcript', () => {
  it('brings what was said until then, in the language of the visitor, and no note', async () => {
    const { conversation, operator } = bench.world;
    const mark = conversation.id.slice(0, 13);
    await say(`First ${mark}`);
    const note = { conversationId: conversation.id, clientNonce: 'n', text: 'psst, a difficult one' };
    expect((await addNote(bench.database, operator.principal, note)).refusals).toEqual([]);
    const id = await mailed(`email = '${ADDRESS}', locale = 'de'`);
    await say('Too late');
    await bench.send(id);
    expect(await bench.row(id)).toMatchObject({ state: 'SENT', attempts: 1 });
    const [mail, ...more] = ofWorld();
    expect(more).toEqual([]);
    expect(mail!.envelope.to).toEqual([ADDRESS]);
    expect(mail!.subject).toMatch(/^Ihr Gespräch mit /);
    for (const body of [mail!.text, mail!.html]) {
      expect(body).toContain(`First ${mark}`);
      expect(body).not.toMatch(/psst|Too late/);
    }
  });

  it('killed at any step is one mail, the same each time', async () => {
    await say(`Hello ${bench.world.conversation.id.slice(0, 13)}`);
    const id = await mailed();
    let steps = 0;
    for (; ; steps += 1) {
      const died = await bench.send(id, { source: dyingAt(steps) }).then(
        () => false,
        (error: unknown) => error instanceof Died,
      );
      if (!died && (await bench.row(id)).state === 'SENT') break;
      expect(await bench.row(id)).toMatchObject({ state: 'PENDING' });
      await say(`Meanwhile ${steps}`);
      await bench.makeDue(id);
      expect(steps).toBeLessThan(100);
    }
    // Taken, transcript, conversation, visitor, inquiry, messages, agent, people, letterhead, route, id, result …
    expect(steps).toBeGreaterThan(10);
    const copies = ofWorld();
    expect(copies.length).toBeGreaterThan(0);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
    expect(new Set(copies.map(({ text }) => text)).size).toBe(1);
  });

  it('whose mail server drops the connection after the text is tried again under the same Message-ID', async () => {
    await say(`Hello ${bench.world.conversation.id.slice(0, 13)}`);
    const id = await mailed();
    bench.inbox.failNext({ kind: 'drop', at: 'DATA', keepMail: true });
    await bench.send(id);
    expect(await bench.row(id)).toMatchObject({ state: 'PENDING' });
    await bench.makeDue(id);
    await bench.send(id);
    expect(await bench.row(id)).toMatchObject({ state: 'SENT' });
    expect(ofWorld()).toHaveLength(2);
    expect(new Set(ofWorld().map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('is not sent any more once its visitor was erased', async () => {
    await say(`Hello ${bench.world.conversation.id.slice(0, 13)}`);
    const id = await mailed();
    const { owner, visitor, workspace } = bench.world;
    expect((await eraseVisitor(bench.database, owner.principal, { visitorId: visitor.id })).refusals).toEqual([]);
    expect(await bench.source.query('select from deliveries where id = $1', [id])).toEqual([]);
    expect(await bench.source.query('select from transcripts where workspace_id = $1', [workspace.id])).toEqual([]);
    for (const table of ['outbox', 'events']) {
      expect(await bench.source.query(`select from ${table} where subject_id = $1`, [id])).toEqual([]);
    }
    await bench.send(id);
    expect(ofWorld()).toEqual([]);
  });

  it('lets replies come back where its address is that of an inquiry', async () => {
    const { conversation, visitor } = bench.world;
    await say(`Hello ${conversation.id.slice(0, 13)}`);
    const question = { conversationId: conversation.id, email: ADDRESS, name: null, text: 'q', idempotencyKey: 'q' };
    const inquiry = await submitInquiry(bench.database, visitor.principal, question);
    expect(inquiry.refusals).toEqual([]);
    const id = await mailed('email = null');
    const openReplyAddress = ({ id: inquiryId }: { id: string }) => Promise.resolve(`reply+${inquiryId}@in.example`);
    await bench.send(id, { openReplyAddress });
    expect(ofWorld()[0]!.replyTo?.text).toContain(`reply+${inquiry.value!.id}@in.example`);
  });
});

class Died extends Error {}

function dyingAt(step: number): typeof bench.source {
  let count = 0;
  return watchedSource(bench.source, (sql) => {
    if (sql === 'rollback') return;
    if (count === step) throw new Died('The process died.');
    count += 1;
  });
}
