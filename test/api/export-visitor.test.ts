import { Message } from '../../src/entities/message';
import { newId } from '../../src/database/ids';
import type { Caller } from '../support/api-client';
import { columnsWith } from '../support/search-database';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { type Scene, startScene } from './scene';
import { liveThrough, MARK, marked, uuidOf } from './visitor-data';

let inbox: SmtpInbox;
let scene: Scene;
beforeAll(async () => {
  inbox = await startSmtpInbox();
  scene = await startScene({ env: { SMTP_URL: inbox.url }, world: { agent: { responderKind: 'API' } } });
});
afterAll(async () => {
  await scene.api.stop();
  await inbox.stop();
});

type Records = Readonly<Record<string, unknown>>[];

/** All pages, as a client reads them. */
async function exported(reader: Caller, visitorId?: string): Promise<Records> {
  const records: Records = [];
  let after: string | null | undefined = null;
  do {
    const page = await reader.act('exportVisitor', { visitorId, after });
    expect(page.records!.length).toBeLessThanOrEqual(200);
    records.push(...page.records!);
    after = page.endCursor;
  } while (after != null);
  return records;
}

/** Snake case, as the columns are called. */
const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const TABLES: Readonly<Record<string, string>> = {
  conversation: 'conversations',
  delivery: 'deliveries',
  handoff: 'handoffs',
  inquiry: 'inquiries',
  inquiryAnswer: 'inquiry_answers',
  transcript: 'transcripts',
  message: 'messages',
  note: 'notes',
  notification: 'notifications',
  turn: 'turns',
  visitor: 'visitors',
};

describe('exportVisitor', () => {
  it('refuses a cursor that is none of an export', async () => {
    const { visitorId } = await scene.visit();
    for (const after of ['', 'x', '\0', Buffer.from('visitor:1').toString('base64url'), 'Ẽ'.repeat(1000)]) {
      expect(await scene.people.owner.refusals('exportVisitor', { visitorId, after })).toEqual(['INVALID']);
    }
  });

  it('tells staff everything, from every column that holds a word of the visitor, and no hash', async () => {
    const subject = await marked(scene);
    await liveThrough(scene, inbox, subject);
    const records = await exported(scene.people.owner, subject.visitorId);
    const told = new Set(
      records.flatMap(({ kind, ...fields }) =>
        Object.entries(fields)
          .filter(([, value]) => typeof value === 'string' && value.includes(MARK))
          .map(([name]) => `public.${TABLES[String(kind)] ?? ''}.${columnOf(name)}`),
      ),
    );
    const stored = await columnsWith(scene.api.source, MARK);
    // The log holds copies of these rows.
    expect([...told].sort()).toEqual(stored.filter((column) => !column.startsWith('public.events.')));
    const text = JSON.stringify(records);
    expect(text).not.toMatch(/hash/i);
    expect(text).not.toContain(uuidOf(subject.visitorId));
    expect(records[0]).toMatchObject({ kind: 'visitor', id: subject.visitorId, displayName: `Name ${MARK}` });

    const own = await exported(subject.visitor);
    expect(new Set(own.map(({ kind }) => kind))).toEqual(
      new Set([
        'auditEntry',
        'conversation',
        'handoff',
        'inquiry',
        'inquiryAnswer',
        'transcript',
        'message',
        'read',
        'visitor',
        'visitorSession',
      ]),
    );
    expect(JSON.stringify(own)).not.toMatch(/"summary"|"brief"|@example\.com/);
  });

  it('tells each message of a long transcript once, page by page', async () => {
    const { visitorId, conversationId } = await scene.visit();
    const rows = Array.from({ length: 450 }, (_, n): Message => {
      const text = { kind: 'TEXT', authorKind: 'VISITOR', authorUserId: null, text: `Line ${n}` } as const;
      const place = { conversationId: uuidOf(conversationId), workspaceId: scene.world.workspace.id };
      return {
        ...text,
        ...place,
        id: newId(),
        sequence: n + 1,
        attachments: null,
        clientNonce: null,
        handoffId: null,
        createdAt: new Date(),
      };
    });
    await scene.api.source.manager.insert(Message, rows);
    const messages = (await exported(scene.people.manager, visitorId)).filter(({ kind }) => kind === 'message');
    expect(messages.map(({ text }) => text)).toEqual(rows.map(({ text }) => text));
  });
});
