import { type AttachmentView, CONVERSATION_EVENTS, type EventView, type MessageView } from '../support/documents';
import { eventually, readMessages, ready, request, type Scene, startScene } from './scene';
import { announce, download, picture, text, upload } from './attachment-files';
import { decodePublicId } from '../../src/domain/public-id';
import type { JobPayloads } from '../../src/jobs/jobs';
import { loadTurn } from '../../src/workers/load-turn';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const fileOf = (message: Pick<MessageView, 'attachments'> | null | undefined): AttachmentView =>
  message!.attachments[0]!;

describe('a message with files', () => {
  it('of a visitor: in the answer, the transcript, the event and the replay, and to be downloaded', async () => {
    const { operator } = scene.people;
    const visit = await scene.visit();
    const { visitor, conversationId } = visit;
    const feed = await ready(operator.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    const [one, two] = [picture(300_000), text('Grüße, \u4f60\u597d', 'Größe "1".txt')];
    const attachmentIds = [await upload(visitor, conversationId, one), await upload(visitor, conversationId, two)];
    const { message } = await visitor.act('sendMessage', {
      conversationId,
      clientNonce: 'n',
      text: 'Look',
      attachmentIds,
    });
    const expected = [
      { id: attachmentIds[0], fileName: 'photo.png', contentType: 'image/png', byteSize: 300_000, state: 'ATTACHED' },
      { id: attachmentIds[1], fileName: 'Größe "1".txt', contentType: 'text/plain', state: 'ATTACHED' },
    ];
    expect(message!.attachments).toMatchObject(expected);
    expect((await readMessages(operator, conversationId)).at(-1)!.attachments).toMatchObject(expected);
    const event = await feed.waitFor((item) => item.message?.id === message!.id);
    expect(event.message!.attachments).toMatchObject(expected);
    const replay = operator.subscribe<EventView>(CONVERSATION_EVENTS, {
      id: conversationId,
      after: feed.items[0]!.cursor,
    });
    const again = await replay.waitFor((item) => item.message?.id === message!.id);
    expect(again.message!.attachments).toMatchObject(expected);
    expect((await download(fileOf(event.message))).equals(one.bytes)).toBe(true);
    expect(await download(message!.attachments[1]!)).toEqual(two.bytes);
    await Promise.all([feed.stop(), replay.stop()]);
  });

  it('needs no words, of visitor, operator and AI; without files it does', async () => {
    const { operator, agentKey } = scene.people;
    const visit = await scene.visit();
    const { visitor, conversationId } = visit;
    const wordless = { conversationId, clientNonce: 'w', text: '' };
    expect(await visitor.refusals('sendMessage', wordless)).toEqual(['INVALID']);
    expect(await visitor.refusals('sendMessage', { ...wordless, attachmentIds: [] })).toEqual(['INVALID']);
    const own = await upload(visitor, conversationId);
    expect(fileOf((await visitor.act('sendMessage', { ...wordless, attachmentIds: [own] })).message).id).toBe(own);

    const ai = await upload(agentKey, conversationId, text('a,b\n1,2', 'table.csv'));
    const reply = { ...wordless, controlEpoch: 1, attachmentIds: [ai] };
    expect(fileOf((await agentKey.act('postAgentReply', reply)).message)).toMatchObject({
      id: ai,
      contentType: 'text/csv',
    });

    await operator.act('acceptHandoff', { handoffId: await request(visit) });
    const operators = await upload(operator, conversationId);
    const answer = { ...wordless, attachmentIds: [operators] };
    expect(fileOf((await operator.act('sendMessage', answer)).message).id).toBe(operators);
  });

  it('is written once: a retry names the same files, and other files are another message', async () => {
    const { visitor, conversationId } = await scene.visit();
    const [a, b] = [await upload(visitor, conversationId), await upload(visitor, conversationId)];
    const message = { conversationId, clientNonce: 'n', text: 'Look', attachmentIds: [a] };
    const first = await visitor.act('sendMessage', message);
    const second = await visitor.act('sendMessage', message);
    expect([second.wasDuplicate, second.message!.id]).toEqual([true, first.message!.id]);
    expect(second.message!.attachments).toEqual(first.message!.attachments);
    for (const attachmentIds of [[b], [a, b], []]) {
      expect(await visitor.refusals('sendMessage', { ...message, attachmentIds })).toEqual(['IDEMPOTENCY_MISMATCH']);
    }
    expect(await visitor.refusals('sendMessage', { ...message, clientNonce: 'o' })).toEqual(['CONFLICT']);
    expect(await readMessages(visitor, conversationId)).toHaveLength(1);
  });

  it('of two that claim one file at the same moment exactly one has it, twenty times', async () => {
    const { visitor, conversationId } = await scene.visit();
    for (let round = 0; round < 20; round += 1) {
      const id = await upload(visitor, conversationId, picture(40));
      const answers = await Promise.all(
        ['x', 'y', 'z'].map((nonce) => {
          const clientNonce = `${nonce}${String(round)}`;
          return visitor.refusals('sendMessage', { conversationId, clientNonce, text: '', attachmentIds: [id] });
        }),
      );
      expect(answers.flat()).toEqual(['CONFLICT', 'CONFLICT']);
    }
    const held = (await readMessages(visitor, conversationId)).flatMap((message) => message.attachments);
    expect(new Set(held.map(({ id }) => id)).size).toBe(20);
    expect(held).toHaveLength(20);
  });

  it('refuses files that are not there yet, somebody else’s, of another conversation, and too many', async () => {
    const { operator } = scene.people;
    const visit = await scene.visit();
    const { visitor, conversationId } = visit;
    const elsewhere = await scene.visit();
    const message = { conversationId, clientNonce: 'n', text: 'Look' };
    const refusals = async (attachmentIds: readonly string[]): Promise<unknown> =>
      (await visitor.attempt('sendMessage', { ...message, attachmentIds })).userErrors.map(({ code, path }) => [
        code,
        ...path,
      ]);
    const good = await upload(visitor, conversationId);
    const pending = await announce(visitor, conversationId, picture());
    expect(await refusals([good, pending.id])).toEqual([['INVALID_TRANSITION', 'attachmentIds', '1']]);
    for (const id of [
      await upload(operator, conversationId),
      await upload(elsewhere.visitor, elsewhere.conversationId),
      good.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ]) {
      expect(await refusals([id])).toEqual([['NOT_FOUND', 'attachmentIds', '0']]);
    }
    expect(await refusals(['x'])).toEqual([['NOT_FOUND', 'attachmentIds', '0']]);
    const six = [...'abcdef'].map((last) => good.replace(/.$/, last));
    expect(await refusals(six)).toEqual([['LIMIT_EXCEEDED', 'attachmentIds']]);
    // Nothing of it was taken.
    expect((await visitor.act('sendMessage', { ...message, attachmentIds: [good] })).message!.attachments).toHaveLength(
      1,
    );
  });

  it('tells a model which files there are, for it sees none', async () => {
    const { visitor, conversationId } = await scene.visit();
    const attachmentIds = [await upload(visitor, conversationId, picture(50, 'receipt.png'))];
    await visitor.act('sendMessage', { conversationId, clientNonce: 'n', text: 'My receipt', attachmentIds });
    const [ref] = await scene.api.source.query<[JobPayloads['run-turn']]>(
      `select id as "turnId", workspace_id as "workspaceId", conversation_id as "conversationId" from turns where conversation_id = $1`,
      [decodePublicId('conversation', conversationId)],
    );
    const loaded = await loadTurn(scene.api.core.database.source, ref, () => null);
    expect(loaded!.turn.message.text).toBe('My receipt\n[Attached file: "receipt.png", image/png, 50 bytes]');
  });

  it('tells the bell which files there are where nothing was said', async () => {
    const { secondOperator } = scene.people;
    await secondOperator.act('updateNotificationSettings', { events: 'ALL_MESSAGES' });
    const { visitor, conversationId } = await scene.visit();
    const attachmentIds = [await upload(visitor, conversationId, picture(50, 'receipt.png'))];
    await visitor.act('sendMessage', { conversationId, clientNonce: 'n', text: '', attachmentIds });
    const bodies = async (): Promise<string[]> => {
      const rows = await scene.api.source.query<{ body: string }[]>(
        'select body from notifications where conversation_id = $1',
        [decodePublicId('conversation', conversationId)],
      );
      return rows.map(({ body }) => body);
    };
    const told = await eventually(bodies, (all) => all.length > 0);
    expect(told).toContain('receipt.png');
  });
});

describe('an inquiry with files', () => {
  it('has them, and its message has the same ones', async () => {
    const { visitor, conversationId } = await scene.visit();
    const attachmentIds = [await upload(visitor, conversationId)];
    const input = { conversationId, email: 'v@example.com', text: 'See the photo', idempotencyKey: 'i', attachmentIds };
    const { inquiry } = await visitor.act('submitInquiry', input);
    expect((await visitor.act('submitInquiry', input)).inquiry!.id).toBe(inquiry!.id);
    expect(await visitor.refusals('submitInquiry', { ...input, attachmentIds: [] })).toEqual(['IDEMPOTENCY_MISMATCH']);
    expect(await visitor.refusals('submitInquiry', { ...input, idempotencyKey: 'j' })).toEqual(['CONFLICT']);
    const asked = await scene.people.operator.ask<{ inquiry: { attachments: { id: string; url: string }[] } }>(
      'query ($id: ID!) { inquiry(id: $id) { attachments { id url } } }',
      { id: inquiry!.id },
    );
    expect(asked.inquiry.attachments.map(({ id }) => id)).toEqual(attachmentIds);
    expect((await download(asked.inquiry.attachments[0]!)).length).toBe(1000);
    const [message] = (await readMessages(visitor, conversationId)).slice(-1);
    expect(message).toMatchObject({ kind: 'INQUIRY', attachments: [{ id: attachmentIds[0] }] });
  });
});
