import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { createOrganization } from '../../../src/commands/organization/create-organization';
import { setHosts } from '../../../src/commands/organization/set-hosts';
import { AUDIT_SUBJECTS } from '../../../src/domain/audit';
import { AuditEntry } from '../../../src/entities/audit-entry';
import { createWorld } from '../../support/world';
import { anyTarget } from '../identity/any-target';
import { accepted, openDatabase } from '../identity/open-database';
import { ACCESS } from './audited-access';
import { CANNED_ANSWERS } from './audited-canned-answers';
import { as, type Scene, SETTINGS } from './audited-commands';
import { FLOWS } from './audited-flows';
import { MAIL } from './audited-mail';

const AUDITED = { ...SETTINGS, ...ACCESS, ...FLOWS, ...MAIL, ...CANNED_ANSWERS };

/** Every other command, and why the log says nothing of it. */
const NOT_AUDITED: Record<string, string> = {
  addNote: 'a note, which names its author',
  answerInquiry: 'a message, which names its author',
  answerTurn: 'a message of the AI',
  beginUpload: 'a part of createAttachment',
  createAttachment: 'nobody else sees it before it is sent, and then it is a message',
  finishUpload: 'a part of createAttachment',
  storePiece: 'a part of createAttachment',
  assignInquiry: 'who is asked to answer; every operator still may, and an answer names its author',
  climbLadder: 'the rungs of a handoff say it, and who is told is no change of control',
  closeInquiry: 'moves no control of a conversation: a note that a question is settled',
  endVisitorSession: "a visitor's own visit, on a computer of theirs",
  findAccounts: 'a read',
  markNotificationsSeen: 'what somebody has read is their own affair',
  markRead: 'what somebody has read is their own affair',
  postAgentReply: 'a message of the AI',
  receiveReply: 'a message of the visitor, by mail',
  registerPushSubscription: "a person's own browser",
  removePushSubscription: "a person's own browser",
  sendMessage: 'a message, which names its author; also where it opens a closed conversation again',
  sendTestNotification: 'a mail or a push to the very person who asks for it',
  retryDelivery: 'sends once more what is written already',
  sendAlone: 'sendMessage, which is how a message gets there',
  sendTogether: 'sendMessage, which is how a message gets there',
  setAvailability: "a person's own choice, several times a day",
  startConversation: 'visitors come and go; the conversation itself is the record',
  startVisitorSession: 'visitors come and go; the visitor itself is the record',
  submitInquiry: 'a message',
  turnOffMail: 'personal settings',
  updateNotificationSettings: 'personal settings',
};

const ROOT = join(__dirname, '../../../src/commands');

/** Exported functions that are given a database first: what the house calls a command. */
function commandsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return [];
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    return isExported && statement.parameters[0]?.type?.getText() === 'Database' ? [statement.name.text] : [];
  });
}

let scene: Scene & { readonly database: Awaited<ReturnType<typeof openDatabase>> };
beforeAll(async () => {
  const database = await openDatabase();
  scene = { database, world: await createWorld(database.source) };
});
beforeEach(async () => {
  scene = { ...scene, world: await createWorld(scene.database.source) };
});
afterAll(() => scene.database.close());

const entries = (): Promise<AuditEntry[]> => scene.database.source.manager.find(AuditEntry, { order: { id: 'ASC' } });

async function entriesOf(act: () => Promise<unknown>): Promise<AuditEntry[]> {
  const before = new Set((await entries()).map(({ id }) => id));
  await act();
  return (await entries()).filter(({ id }) => !before.has(id));
}

describe('the commands', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const commands = files.flatMap(commandsOf);

  it('are decided on, each of them: audited, or not and why', () => {
    expect(commands.length).toBeGreaterThan(45);
    expect([...Object.keys(AUDITED), ...Object.keys(NOT_AUDITED)].sort()).toEqual(commands.sort());
  });

  it.each(Object.keys(AUDITED))('%s leaves one entry: who did what to which object, from where', async (name) => {
    const { act, entry } = await AUDITED[name]!(scene);
    const written = await entriesOf(act);
    const { fields, ...expected } = entry();
    const { workspace } = scene.world;
    expect(written).toEqual([
      expect.objectContaining({ workspaceId: workspace.id, impersonatorId: null, ...expected }),
    ]);
    if (fields !== undefined) expect(written[0]!.changes.map(({ field }) => field)).toEqual(fields);
    expect(written[0]!.subjectKind).toBe(AUDIT_SUBJECTS[written[0]!.action]);
    // Neither what people write to each other, nor an address or a secret that a command was given.
    // (The name of a field is none of them.)
    const told = JSON.stringify(written[0]!.changes).replace('"field":"password"', '');
    expect(told).not.toMatch(/words of|@example\.com|a\.example|sealed|password/);
  });
});

describe('a command that changes nothing', () => {
  it.each([
    'updateAgent',
    'updateAgentHandoff',
    'updateOrganization',
    'removeWorkspaceMailSettings',
    'updateOrganizationHandoff',
    'setHosts',
    'updateUser',
    'setUserDisabled',
    'revokeApiKey',
    'revokeInvitation',
    'acceptHandoff',
    'transferHandoff',
    'signOut',
    'assignAgent',
  ])('leaves no entry: %s a second time', async (name) => {
    const { act } = await AUDITED[name]!(scene);
    await act();
    expect(await entriesOf(act)).toEqual([]);
  });
});

describe('a refused command', () => {
  it('leaves no entry', async () => {
    const { world, database } = scene;
    const input = { workspaceId: world.workspace.id, name: 'Mine' };
    const act = () => createOrganization(database, as(scene, 'operator'), input, anyTarget);
    expect((await act()).refusals).toHaveLength(1);
    expect(await entriesOf(act)).toEqual([]);
  });

  it('leaves no entry where it is refused last, by a transaction that rolls back', async () => {
    const { database, world } = scene;
    const foreign = await createWorld(database.source);
    const host = `${foreign.workspace.slug}.example`;
    const taken = { workspaceId: foreign.workspace.id, hosts: [host] };
    accepted(await setHosts(database, foreign.owner.principal, taken, { reservedHosts: [] }));
    const wanted = { workspaceId: world.workspace.id, hosts: ['free.example', host] };
    const written = await entriesOf(async () => {
      expect((await setHosts(database, as(scene, 'owner'), wanted, { reservedHosts: [] })).refusals).toHaveLength(1);
    });
    expect(written).toEqual([]);
  });
});
