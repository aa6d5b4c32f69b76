import type { DataSource } from 'typeorm';
import { newId } from '../../src/database/ids';
import { Agent } from '../../src/entities/agent';
import { type Delivery } from '../../src/entities/delivery';
import { User } from '../../src/entities/user';
import { answerInquiry } from '../../src/commands/inquiry/answer-inquiry';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { type Read, read, type Scope } from '../../src/database/scope';
import { Loaders } from '../../src/queries/loaders';
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
  stage = await createStage(database);
  ({ world } = stage);
});
afterAll(() => database.close());

let reads = 0;
/** Each read of a loader is one statement. */
const readOf =
  (scope: Scope): Read =>
  (work) => {
    reads += 1;
    return read(source, scope, work);
  };
const loaders = (cache = true): Loaders => new Loaders(readOf, world.operator.principal, cache);

/** How many statements `work` sends. */
async function statements(work: () => Promise<unknown>): Promise<number> {
  const before = reads;
  await work();
  return reads - before;
}

describe('a loader by id', () => {
  it('finds no row of another workspace, and null for what does not exist, in the order of the questions', async () => {
    const foreign = await createWorld(source);
    const ids = [world.secondAgent.id, foreign.agent.id, newId(), world.agent.id];
    const { agents } = loaders();
    const rows = await Promise.all(ids.map((id) => agents.load(id)));
    expect(rows.map((row) => row?.id ?? null)).toEqual([ids[0], null, null, ids[3]]);
    expect(rows[3]).toBeInstanceOf(Agent);
    const stored = await source.manager.findOneByOrFail(Agent, { id: world.agent.id });
    expect(rows[3]).toEqual(stored);
  });

  it('of nobody reads nothing', async () => {
    await expect(new Loaders(readOf, null, true).agents.load(world.agent.id)).rejects.toThrow(/no tenant/);
  });

  it('asks once for twenty rows as for one', async () => {
    const many = loaders();
    const ids = [world.owner, world.admin, world.operator, world.viewer].map(({ id }) => id);
    expect(await statements(() => Promise.all(ids.map((id) => many.users.load(id))))).toBe(1);
  });

  it('without a cache reads again, as a subscription has to; with one it does not', async () => {
    const [cached, fresh] = [loaders(true), loaders(false)];
    const names = async (): Promise<unknown[]> => {
      const rows = await Promise.all([cached.users.load(world.viewer.id), fresh.users.load(world.viewer.id)]);
      return rows.map((row) => row?.displayName);
    };
    expect(await names()).toEqual(['vic', 'vic']);
    await source.manager.update(User, { id: world.viewer.id }, { displayName: 'Victoria' });
    expect(await names()).toEqual(['vic', 'Victoria']);
  });
});

describe('the loaders of a conversation', () => {
  it('find the newest message and how far the viewer has read', async () => {
    await stage.takesOver();
    await stage.writes('operator', 'hi');
    await stage.says('thanks');
    const { conversationId } = stage;
    const load = loaders();
    expect((await load.messageAt.load({ conversationId, sequence: 3 }))?.text).toBe('thanks');
    expect(await load.messageAt.load({ conversationId, sequence: 4 })).toBeNull();
    expect(await load.readSequence.loadMany([conversationId, newId()])).toEqual([2, 0]);
  });

  it('find inquiry, answers and deliveries below their owner', async () => {
    await stage.asks();
    await stage.deadlinePasses();
    const question = {
      conversationId: stage.conversationId,
      email: 'v@example.com',
      name: null,
      text: 'q',
      idempotencyKey: 'k',
    };
    const inquiry = accepted(await submitInquiry(database, world.visitor.principal, question));
    for (const text of ['one', 'two']) {
      const answer = { inquiryId: inquiry.id, text, idempotencyKey: text };
      accepted(await answerInquiry(database, world.operator.principal, answer));
    }
    const load = loaders();
    expect((await load.inquiriesOfHandoff.load(await stage.newestId())).map(({ id }) => id)).toEqual([inquiry.id]);
    const answers = await load.answersOfInquiry.load(inquiry.id);
    expect(answers.map(({ text }) => text)).toEqual(['one', 'two']);
    const deliveries = await load.deliveriesOfAnswer.loadMany(answers.map(({ id }) => id));
    expect(deliveries.map((rows) => (rows as Delivery[]).length)).toEqual([1, 1]);
    const foreign = await createWorld(source);
    const others = new Loaders(readOf, foreign.owner.principal, true);
    expect(await others.answersOfInquiry.load(inquiry.id)).toEqual([]);
  });
});

describe('the loaders of people', () => {
  const connect = (id: string, until: string): Promise<unknown> =>
    source.query(
      `insert into presences (process_id, workspace_id, actor_kind, actor_id, until) values ($1, $2, 'USER', $3, ${until})`,
      [newId(), world.workspace.id, id],
    );

  it('find who could answer for each agent, those online first, as the count of operators does', async () => {
    await connect(world.secondOperator.id, "now() + interval '1 minute'");
    await connect(world.operator.id, "now() - interval '1 s'");
    const scope = (agent: Agent) => ({
      workspaceId: world.workspace.id,
      organizationId: agent.organizationId,
      agentId: agent.id,
    });
    const { agent, secondAgent, unassignedAgent } = world;
    const load = loaders();
    const [first, second, third] = await Promise.all(
      [agent, secondAgent, unassignedAgent].map((one) => load.operators.load(scope(one))),
    );
    const names = (people: typeof first): string[] => people!.all.map(({ displayName }) => displayName);
    expect(names(first)).toEqual(['sara', 'adam', 'lena', 'mona', 'olga', 'oscar']);
    expect(first!.all.map(({ isOnline }) => isOnline)).toEqual([true, false, false, false, false, false]);
    expect([first!.online, second!.online, third!.online]).toEqual([1, 1, 0]);
    expect(names(second)).toEqual(['sara', 'adam', 'mona', 'olga', 'oscar']);
    expect(names(third)).toEqual(['adam', 'olga']);
  });

  it('find who is connected, users and visitors alike', async () => {
    await connect(world.operator.id, "now() + interval '1 minute'");
    await connect(world.visitor.id, "now() + interval '1 minute'");
    await connect(world.viewer.id, "now() - interval '1 s'");
    const ids = [world.operator.id, world.visitor.id, world.viewer.id, newId()];
    const found = await loaders().presences.loadMany(ids);
    expect(found).toMatchObject([true, true, false, false].map((isConnected) => ({ isConnected })));
  });

  it('find the agents that a member is limited to', async () => {
    const found = await loaders().limitedAgents.loadMany([world.limited.id, world.operator.id]);
    expect(found.map((agents) => (agents as Agent[]).map(({ id }) => id))).toEqual([[world.agent.id], []]);
  });
});
