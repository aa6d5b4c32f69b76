import { type AttachmentView, type MessageView } from '../support/documents';
import { addScene, readMessages, type Scene, startScene, write } from './scene';
import { announce, picture, put, upload } from './attachment-files';
import { forgetUnattached } from '../../src/queries/attachments';
import { decodePublicId } from '../../src/domain/public-id';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ env: { BATON_ATTACHMENT_MB: '2', BATON_CONVERSATION_ATTACHMENTS_MB: '4' } });
});
afterAll(() => scene.api.stop());

const MB = 1024 * 1024;
const fileOf = (message: Pick<MessageView, 'attachments'> | null | undefined): AttachmentView =>
  message!.attachments[0]!;
const count = async (what: string): Promise<number> => {
  const [row] = await scene.api.source.query<[{ n: number }]>(`select count(*)::int as n from ${what}`);
  return row.n;
};

describe('createAttachment', () => {
  it.each([
    ['a type that is not taken', { fileName: 'drawing.svg' }, 'INVALID'],
    ['a program', { fileName: 'setup.exe' }, 'INVALID'],
    ['no ending', { fileName: 'README' }, 'INVALID'],
    ['an ending that hides behind another one', { fileName: 'photo.png.html' }, 'INVALID'],
    ['a folder in the name', { fileName: '../photo.png' }, 'INVALID'],
    ['a line break in the name', { fileName: 'a\r\nb.png' }, 'INVALID'],
    ['a name that shows as another one', { fileName: 'a\u202egnp.png' }, 'INVALID'],
    ['no name', { fileName: '' }, 'INVALID'],
    ['a declared type that the name contradicts', { contentType: 'application/pdf' }, 'INVALID'],
    ['an empty file', { byteSize: 0 }, 'INVALID'],
    ['a negative size', { byteSize: -1 }, 'INVALID'],
    ['a file above the limit', { byteSize: 2 * MB + 1 }, 'LIMIT_EXCEEDED'],
  ])('refuses %s', async (_name, change, code) => {
    const { visitor, conversationId } = await scene.visit();
    const input = { conversationId, fileName: 'photo.png', byteSize: 10, ...change };
    expect(await visitor.refusals('createAttachment', input)).toEqual([code]);
  });

  it('takes what browsers call a type otherwise, and a file whose type nobody knows', async () => {
    const { visitor, conversationId } = await scene.visit();
    for (const contentType of ['image/PNG; q=1', '', 'application/octet-stream', null]) {
      const input = { conversationId, fileName: 'Photo.PNG', byteSize: 10, contentType };
      const { attachment } = await visitor.act('createAttachment', input);
      expect(attachment).toMatchObject({ contentType: 'image/png', state: 'PENDING', url: null });
    }
  });

  it('keeps a conversation within its bytes, and an author within ten files that are not sent', async () => {
    const visit = await scene.visit();
    const big = { conversationId: visit.conversationId, fileName: 'a.png', byteSize: 2 * MB };
    await visit.visitor.act('createAttachment', big);
    await visit.visitor.act('createAttachment', big);
    expect(await visit.visitor.refusals('createAttachment', { ...big, byteSize: 1 })).toEqual(['LIMIT_EXCEEDED']);

    const { visitor, conversationId } = await scene.visit();
    const small = { conversationId, fileName: 'a.png', byteSize: 1 };
    const answers = await Promise.all(Array.from({ length: 15 }, () => visitor.refusals('createAttachment', small)));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(10);
    // Another author's are counted for themselves.
    expect(await scene.people.operator.refusals('createAttachment', small)).toEqual([]);
  });

  it('is for who writes there: visitor, operator and AI, nobody else', async () => {
    const { visitor, conversationId } = await scene.visit();
    const { people, nobody } = scene;
    const input = { conversationId, fileName: 'a.png', byteSize: 1 };
    for (const who of [visitor, people.operator, people.agentKey]) {
      expect(await who.refusals('createAttachment', input)).toEqual([]);
    }
    expect(await people.viewer.refusals('createAttachment', input)).toEqual(['FORBIDDEN']);
    expect(await people.staffKey.refusals('createAttachment', input)).toEqual(['FORBIDDEN']);
    expect(await people.otherVisitor.refusals('createAttachment', input)).toEqual(['NOT_FOUND']);
    const { errors } = await nobody.post(
      'mutation($i: CreateAttachmentInput!) { createAttachment(input: $i) { uploadUrl } }',
      { i: input },
    );
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});

describe('what happens to files', () => {
  it('erasing the visitor takes rows, bytes and addresses along', async () => {
    const { visitor, conversationId } = await scene.visit();
    const id = await upload(visitor, conversationId, picture(600_000));
    const sent = await visitor.act('sendMessage', { conversationId, clientNonce: 'n', text: '', attachmentIds: [id] });
    const waiting = await announce(visitor, conversationId, picture());
    const mine = `where conversation_id = '${decodePublicId('conversation', conversationId)!}'`;
    expect(await count(`attachments ${mine}`)).toBe(2);
    const pieces = `attachment_pieces p where attachment_id = '${decodePublicId('attachment', id)!}'`;
    expect(await count(pieces)).toBe(3);
    await visitor.act('eraseVisitor', {});
    expect(await count(`attachments ${mine}`)).toBe(0);
    expect(await count(pieces)).toBe(0);
    expect((await fetch(fileOf(sent.message).url!)).status).toBe(404);
    expect(await put(waiting.uploadUrl, picture().bytes)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('an export names them', async () => {
    const { visitor, conversationId } = await scene.visit();
    const id = await upload(visitor, conversationId, picture(77, 'mine.png'));
    const { records } = await visitor.act('exportVisitor', {});
    const [record] = records!.filter(({ kind }) => kind === 'attachment');
    expect(record).toMatchObject({ id, fileName: 'mine.png', byteSize: 77, contentType: 'image/png' });
  });

  it('what went with no message is swept after a day, with its bytes; what is sent stays', async () => {
    const { visitor, conversationId } = await scene.visit();
    const [kept, old, fresh] = [
      await upload(visitor, conversationId),
      await upload(visitor, conversationId),
      await upload(visitor, conversationId),
    ];
    await visitor.act('sendMessage', { conversationId, clientNonce: 'n', text: '', attachmentIds: [kept] });
    const ids = [kept, old].map((id) => decodePublicId('attachment', id));
    await scene.api.source.query(
      `update attachments set created_at = now() - interval '25 hours' where id = any ($1)`,
      [ids],
    );
    const forget = (): Promise<number> => forgetUnattached(scene.api.core.database.source, { hours: 24, limit: 100 });
    expect([await forget(), await forget()]).toEqual([1, 0]);
    const rest = await scene.api.source.query<{ id: string }[]>(
      'select distinct a.id from attachments a join attachment_pieces p on p.attachment_id = a.id where conversation_id = $1',
      [decodePublicId('conversation', conversationId)],
    );
    const expected = [kept, fresh].map((id) => decodePublicId('attachment', id));
    expect(rest.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(
      await visitor.refusals('sendMessage', { conversationId, clientNonce: 'o', text: '', attachmentIds: [old] }),
    ).toEqual(['NOT_FOUND']);
  });

  it('another workspace sees nothing of them, whatever it names', async () => {
    const other = await addScene(scene.api);
    const { visitor, conversationId } = await scene.visit();
    const id = await upload(visitor, conversationId);
    const theirs = await other.visit();
    const input = { conversationId: theirs.conversationId, clientNonce: 'n', text: 'x', attachmentIds: [id] };
    expect(await theirs.visitor.refusals('sendMessage', input)).toEqual(['NOT_FOUND']);
    expect(
      await other.people.owner.refusals('createAttachment', { conversationId, fileName: 'a.png', byteSize: 1 }),
    ).toEqual(['NOT_FOUND']);
    await write(theirs.visitor, theirs.conversationId, 'x');
    expect((await readMessages(theirs.visitor, theirs.conversationId)).at(-1)!.attachments).toEqual([]);
  });
});
