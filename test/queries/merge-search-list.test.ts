import type { DataSource } from 'typeorm';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { newId } from '../../src/database/ids';
import { read } from '../../src/database/scope';
import { mergeSearchList } from '../../src/queries/merge-search-list';
import { accepted, openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';

let database: StageDatabase;
/** Of the role that Baton runs as. */
let application: DataSource;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
  application = await database.openApplication();
  world = await createWorld(database.source);
});
afterAll(async () => {
  await database.close();
});

async function say(text: string): Promise<void> {
  const conversationId = world.conversation.id;
  const sent = await sendMessage(database, world.visitor.principal, { conversationId, text, clientNonce: newId() });
  accepted(sent);
}

const tenant = (): { workspaceId: string } => ({ workspaceId: world.workspace.id });

async function found(text: string): Promise<unknown> {
  const [row] = await read(application, tenant(), (manager) =>
    manager.query<{ ids: string[] }[]>('select search_conversations($1, 5000) as ids', [`%${text}%`]),
  );
  return row?.ids;
}

describe('the list of texts that wait for the index', () => {
  it('is merged, after which they are found as before', async () => {
    await say('a pineapple');
    expect(await found('pineapple')).toEqual([world.conversation.id]);
    expect(await mergeSearchList(application)).toBeGreaterThan(0);
    expect(await mergeSearchList(application)).toBe(0);
    expect(await found('pineapple')).toEqual([world.conversation.id]);
  });

  it('is merged by nobody but the server itself', async () => {
    const merge = 'select merge_search_list()';
    await expect(application.query(merge)).rejects.toThrow(/permission denied/);
    await expect(read(application, tenant(), (manager) => manager.query(merge))).rejects.toThrow(/permission denied/);
  });

  it('may be gone with its index', async () => {
    await database.source.query('drop index messages_text');
    await say('a mango');
    expect(await mergeSearchList(application)).toBe(0);
    expect(await found('mango')).toEqual([world.conversation.id]);
  });
});
