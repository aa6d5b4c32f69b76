import type { DataSource } from 'typeorm';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { newId } from '../../src/database/ids';
import { type Read, read } from '../../src/database/scope';
import type { Handoff } from '../../src/entities/handoff';
import { Notification } from '../../src/entities/notification';
import { listInquiries } from '../../src/queries/inquiries';
import type { PageRequest } from '../../src/queries/keyset';
import {
  countUnseenNotifications,
  listAgents,
  listHandoffs,
  listMembers,
  listMessages,
  listNotifications,
  listOrganizations,
  listStaff,
} from '../../src/queries/lists';
import { findInquiry, findNotification } from '../../src/queries/own-rows';
import { listOpenTurns } from '../../src/queries/turns';
import { newNotification } from '../api/rows';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';

let database: StageDatabase;
let source: DataSource;
let stage: Stage;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
});
beforeEach(async () => {
  await createWorld(source);
  stage = await createStage(database);
  ({ world } = stage);
});
afterAll(() => database.close());

const readAll: Read = (work) => read(source, world.owner.principal, work);

interface Listed {
  readonly rows: readonly { readonly row: { readonly id: string }; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}

/** All ids, two a page. */
async function walk(read: (page: PageRequest) => Promise<Listed>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await read({ first: 2, after });
    ids.push(...page.rows.map(({ row }) => row.id));
    // A cursor that repeats a row would lead in circles.
    expect(new Set(ids).size).toBe(ids.length);
    if (!page.hasNextPage) return ids;
    after = page.rows.at(-1)!.cursor;
  }
}

const sorted = (...rows: { readonly id: string }[]): string[] => rows.map(({ id }) => id).sort();

describe('the lists of a workspace', () => {
  it('have its organizations, staff and members, oldest first, and nobody else’s', async () => {
    const { organization, otherOrganization, owner, admin, operator, secondOperator, limited, viewer, manager } = world;
    const { manager: entities } = source;
    const { id } = world.workspace;
    expect(await walk((page) => listOrganizations(entities, id, page))).toEqual(
      sorted(organization, otherOrganization),
    );
    expect(await walk((page) => listStaff(entities, id, page))).toEqual(sorted(owner, admin));
    expect(await walk((page) => listMembers(entities, organization.id, page))).toEqual(
      sorted(operator, secondOperator, limited, viewer, manager),
    );
  });

  it('have the agents that the viewer may see', async () => {
    const { agent, secondAgent, otherAgent, unassignedAgent } = world;
    const agents = (who: 'owner' | 'operator' | 'limited') => {
      const owner = who === 'owner' ? { workspaceId: world.workspace.id } : { organizationId: world.organization.id };
      return walk((page) => listAgents(source.manager, world[who].principal, owner, page));
    };
    expect(await agents('owner')).toEqual(sorted(agent, secondAgent, otherAgent, unassignedAgent));
    expect(await agents('operator')).toEqual(sorted(agent, secondAgent));
    expect(await agents('limited')).toEqual([agent.id]);
  });
});

describe('the messages of a conversation', () => {
  it('are in order of their sequence', async () => {
    for (let index = 0; index < 5; index += 1) await stage.says(`text ${index}`);
    const ids = (await stage.messages()).map(({ id }) => id);
    expect(await walk((page) => listMessages(source.manager, stage.conversationId, page))).toEqual(ids);
  });
});

describe('the handoffs and inquiries', () => {
  it('are newest first, by state, and for a limited member of its agents', async () => {
    for (let index = 0; index < 3; index += 1) {
      await stage.asks();
      await stage.cancels();
    }
    await stage.takesOver();
    const newestFirst = (await stage.handoffs()).map(({ id }) => id).reverse();
    const organization = { organizationId: world.organization.id };
    const handoffs = (states: Handoff['state'][] | null, agentIds: string[] | null = null) =>
      listHandoffs(readAll, { ...world.limited.principal, agentIds }, organization, states);
    expect(await walk((page) => handoffs(null).page(page))).toEqual(newestFirst);
    expect(await walk((page) => handoffs(['CANCELLED']).page(page))).toEqual(newestFirst.slice(1));
    expect(await handoffs(['CANCELLED']).count()).toBe(3);
    expect(await handoffs([]).count()).toBe(0);
    expect(await handoffs(null, [world.agent.id]).count()).toBe(4);
    expect(await handoffs(null, [world.secondAgent.id]).count()).toBe(0);
    const ofConversation = { conversationId: world.conversation.id };
    expect(await listHandoffs(readAll, world.visitor.principal, ofConversation, null).count()).toBe(4);
  });

  it('are counted up to 1000', async () => {
    await source.query(
      `insert into inquiries (id, workspace_id, organization_id, conversation_id, agent_id, email, text, idempotency_key, created_at)
       select gen_random_uuid(), $1, $2, $3, $4, 'v@example.com', 'text', n::text, now() from generate_series(1, 1001) n`,
      [world.workspace.id, world.organization.id, world.conversation.id, world.agent.id],
    );
    const inquiries = (states: ('OPEN' | 'CLOSED')[] | null) =>
      listInquiries(readAll, world.owner.principal, { organizationId: world.organization.id }, { states });
    expect(await inquiries(null).count()).toBe(1000);
    expect(await inquiries(['CLOSED']).count()).toBe(0);
    expect((await inquiries(['OPEN']).page({ first: 100 })).hasNextPage).toBe(true);
  });
});

describe('the notifications of a person', () => {
  it('are newest first, the unseen ones counted, and nobody else’s', async () => {
    const ids = Array.from({ length: 5 }, () => newId());
    for (const [index, id] of ids.entries()) {
      const values = [id, world.workspace.id, world.operator.id, newId(), index === 0 ? new Date() : null];
      await source.query(
        `insert into notifications (id, workspace_id, user_id, kind, subject_id, title, body, seen_at)
         values ($1, $2, $3, 'MESSAGE_RECEIVED', $4, 't', 'b', $5)`,
        values,
      );
    }
    const { manager } = source;
    expect(await walk((page) => listNotifications(manager, world.operator.id, page))).toEqual([...ids].reverse());
    expect(await countUnseenNotifications(manager, world.operator.id)).toBe(4);
    expect(await countUnseenNotifications(manager, world.secondOperator.id)).toBe(0);
  });
});

describe('the open turns of an agent', () => {
  it('are those that wait, without the ended ones and those of others', async () => {
    await stage.says('one');
    await stage.says('two');
    const other = await createStage(database);
    await other.says('elsewhere');
    const turns = await listOpenTurns(source.manager, { id: world.agent.id, workspaceId: world.workspace.id });
    expect(turns.map(({ subjectId }) => subjectId)).toEqual([(await stage.openTurn()).id]);
    expect(turns[0]!.snapshot).toEqual({ ...(await stage.openTurn()) });
  });
});

describe('a row by id', () => {
  it('is found within the caller’s workspace and in no other', async () => {
    const question = {
      conversationId: stage.conversationId,
      email: 'v@example.com',
      name: null,
      text: 'q',
      idempotencyKey: 'k',
    };
    const { id } = accepted(await submitInquiry(database, world.visitor.principal, question));
    const foreign = await createWorld(source);
    expect((await findInquiry(source.manager, world.owner.principal, id))?.id).toBe(id);
    expect(await findInquiry(source.manager, foreign.owner.principal, id)).toBeNull();
  });

  it('of one person is found by that person alone', async () => {
    const row = newNotification(world.operator.row, null);
    await source.manager.insert(Notification, row);
    expect((await findNotification(source.manager, world.operator.principal, row.id))?.id).toBe(row.id);
    expect(await findNotification(source.manager, world.owner.principal, row.id)).toBeNull();
    expect(await findNotification(source.manager, world.visitor.principal, row.id)).toBeNull();
  });
});
