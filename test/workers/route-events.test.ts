import type { DataSource } from 'typeorm';
import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { expireHandoff } from '../../src/commands/conversation/expire-handoff';
import { requestHandoff } from '../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { takeOverConversation } from '../../src/commands/conversation/take-over-conversation';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { newId } from '../../src/database/ids';
import { dispatchOutbox } from '../../src/database/outbox';
import { registerConsumer } from '../../src/queries/event-consumer';
import { ROUTER, routeEvents } from '../../src/workers/route-events';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';

let server: TestDatabase;
let source: DataSource;
let database: Database;
let world: World;

beforeAll(async () => {
  server = await createTestDatabase();
  source = createDataSource({ url: server.url, poolSize: 5, applicationName: 'baton-test' });
  await source.initialize();
  database = { source, afterCommit: () => undefined };
  await registerConsumer(source, ROUTER);
});

beforeEach(async () => {
  await drain();
  world = await createWorld(source);
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

/** Routes everything that was committed, what follows from it included. */
async function drain(): Promise<string[]> {
  const jobs: string[] = [];
  for (;;) {
    await dispatchOutbox(source);
    const batch = await routeEvents(database, 200);
    if (batch === null || batch.events === 0) return jobs;
    jobs.push(...batch.jobs.map((job) => job.name));
  }
}

async function request(): Promise<string> {
  const input = { conversationId: world.conversation.id, reason: 'A broken parcel', summary: null, controlEpoch: null };
  const outcome = await requestHandoff(database, world.visitor.principal, input);
  expect(outcome.refusals).toEqual([]);
  return outcome.value!.handoff!.id;
}

async function say(text: string): Promise<string> {
  const input = { conversationId: world.conversation.id, clientNonce: newId(), text };
  return (await sendMessage(database, world.visitor.principal, input)).value!.message.id;
}

async function choose(userId: string, channels: string[], events: string): Promise<void> {
  await source.query(
    `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, $3, $4)
     on conflict (user_id) do update set channels = excluded.channels, events = excluded.events`,
    [userId, world.workspace.id, channels, events],
  );
}

async function registerBrowser(userId: string): Promise<string> {
  const id = newId();
  await source.query(
    `insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, 'key', 'secret')`,
    [id, world.workspace.id, userId, `https://push.example/${id}`],
  );
  return id;
}

async function watch(userId: string, seconds: number): Promise<void> {
  await source.query(
    `insert into watches (process_id, workspace_id, conversation_id, user_id, until)
     values ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
    [newId(), world.workspace.id, world.conversation.id, userId, seconds],
  );
}

interface Told {
  user_id: string;
  kind: string;
  title: string;
  body: string;
  seen: boolean;
  deliveries: string[];
}

async function told(): Promise<Told[]> {
  return source.query<Told[]>(
    `select n.user_id, n.kind, n.title, n.body, n.seen_at is not null as seen,
       array(select concat_ws(' ', d.channel, d.state, d.detail) from deliveries d where d.notification_id = n.id
         order by d.channel, d.id) as deliveries
     from notifications n where n.workspace_id = $1 order by n.id`,
    [world.workspace.id],
  );
}

async function eventsOf(name: string): Promise<{ user_id: string | null }[]> {
  return source.query('select user_id from events where name = $1 and workspace_id = $2', [name, world.workspace.id]);
}

function operators(): string[] {
  const { owner, admin, operator, secondOperator, limited, manager } = world;
  return [owner, admin, operator, secondOperator, limited, manager].map(({ id }) => id).sort();
}

function ids(rows: { user_id: string | null }[]): string[] {
  return rows.map((row) => row.user_id ?? '').sort();
}

describe('a request', () => {
  it('tells neither a viewer, nor another organization, nor a member limited to another agent, nor a disabled user', async () => {
    await source.query('delete from user_agents where user_id = $1', [world.limited.id]);
    await source.query('update users set disabled_at = now() where id = $1', [world.secondOperator.id]);
    await request();
    await drain();
    const outsiders = [world.viewer.id, world.otherMember.id, world.limited.id, world.secondOperator.id];
    expect((await told()).filter((row) => outsiders.includes(row.user_id))).toEqual([]);
  });

  it('promise 6: becomes an entry and by default an e-mail for every operator who may handle the agent', async () => {
    await request();
    const jobs = await drain();
    const rows = await told();
    expect(ids(rows)).toEqual(operators());
    for (const row of rows) {
      expect(row).toMatchObject({ kind: 'HANDOFF_REQUESTED', title: 'Vera asks for a person', body: 'A broken parcel', seen: false });
      expect(row.deliveries).toEqual(['EMAIL PENDING']);
    }
    expect(ids(await eventsOf('NOTIFICATION_ADDED'))).toEqual(operators());
    expect(jobs.filter((name) => name === 'deliver')).toHaveLength(operators().length);
    expect(jobs.filter((name) => name === 'expire-handoff')).toHaveLength(1);
  });

  it('leaves by the channels that each person has chosen, once for each browser', async () => {
    await choose(world.operator.id, ['EMAIL', 'PUSH'], 'REQUESTS_ONLY');
    await registerBrowser(world.operator.id);
    await registerBrowser(world.operator.id);
    await choose(world.secondOperator.id, ['PUSH'], 'REQUESTS_ONLY');
    await choose(world.manager.id, [], 'ALL_MESSAGES');
    await request();
    await drain();
    const deliveries = new Map((await told()).map((row) => [row.user_id, row.deliveries]));
    expect(deliveries.get(world.operator.id)).toEqual(['EMAIL PENDING', 'PUSH PENDING', 'PUSH PENDING']);
    expect(deliveries.get(world.secondOperator.id)).toEqual(['PUSH SKIPPED NO_PUSH_SUBSCRIPTION']);
    expect(deliveries.get(world.manager.id)).toEqual([]);
  });

  it('gives to who is watching an entry that is seen, and sends nothing', async () => {
    await watch(world.operator.id, 60);
    await watch(world.secondOperator.id, -1);
    await request();
    await drain();
    const rows = new Map((await told()).map((row) => [row.user_id, row]));
    expect(rows.get(world.operator.id)).toMatchObject({ seen: true, deliveries: ['EMAIL SKIPPED WATCHING'] });
    expect(rows.get(world.secondOperator.id)).toMatchObject({ seen: false, deliveries: ['EMAIL PENDING'] });
    expect(ids(await eventsOf('NOTIFICATION_ADDED'))).not.toContain(world.operator.id);
  });

  it('is about staff alone for an agent of no organization', async () => {
    await source.query('update conversations set organization_id = null where id = $1', [world.conversation.id]);
    await request();
    await drain();
    expect(ids(await told())).toEqual([world.owner.id, world.admin.id].sort());
  });

  it('tells again when nobody answered, and when an inquiry was left', async () => {
    const handoffId = await request();
    await source.query(`update handoffs set answer_by = now() - interval '1 second' where id = $1`, [handoffId]);
    const ref = { id: handoffId, workspaceId: world.workspace.id, conversationId: world.conversation.id };
    expect(await expireHandoff(database, ref)).toBe(true);
    const inquiry = { conversationId: world.conversation.id, email: 'v@example.com', name: 'Vera V', text: 'Call me', idempotencyKey: 'i' };
    await submitInquiry(database, world.visitor.principal, inquiry);
    await drain();
    const mine = (await told()).filter((row) => row.user_id === world.operator.id);
    expect(mine.map(({ kind, title, body }) => ({ kind, title, body }))).toEqual([
      { kind: 'HANDOFF_REQUESTED', title: 'Vera asks for a person', body: 'A broken parcel' },
      { kind: 'HANDOFF_UNANSWERED', title: 'Nobody answered Vera in time', body: 'A broken parcel' },
      { kind: 'INQUIRY_SUBMITTED', title: 'Vera V left an inquiry', body: 'Call me' },
    ]);
  });
});

describe('what somebody did', () => {
  it('alerts nobody when an operator takes over and writes', async () => {
    await choose(world.secondOperator.id, ['EMAIL'], 'ALL_MESSAGES');
    const conversationId = world.conversation.id;
    await takeOverConversation(database, world.operator.principal, { conversationId, expectedControlEpoch: null });
    await sendMessage(database, world.operator.principal, { conversationId, clientNonce: 'n', text: 'Hello' });
    await drain();
    expect(await told()).toEqual([]);
  });
});

describe('a message of the visitor', () => {
  it('tells nobody by default', async () => {
    await say('Hello');
    await drain();
    expect(await told()).toEqual([]);
  });

  it('tells those who asked for all messages, except who is watching', async () => {
    for (const { id } of [world.operator, world.secondOperator, world.viewer, world.otherMember]) await choose(id, ['EMAIL'], 'ALL_MESSAGES');
    await watch(world.secondOperator.id, 60);
    const messageId = await say('Hello there');
    await drain();
    expect(await told()).toEqual([
      expect.objectContaining({ user_id: world.operator.id, kind: 'MESSAGE_RECEIVED', title: 'Vera wrote a message', body: 'Hello there' }),
    ]);
    expect(await source.query('select subject_id from notifications where workspace_id = $1', [world.workspace.id])).toEqual([{ subject_id: messageId }]);
  });

  it('tells only who has the conversation, while somebody has it', async () => {
    for (const { id } of [world.operator, world.secondOperator, world.owner]) await choose(id, ['EMAIL'], 'ALL_MESSAGES');
    const handoffId = await request();
    await acceptHandoff(database, world.operator.principal, { handoffId });
    await drain();
    await say('Are you there?');
    await drain();
    const messages = (await told()).filter((row) => row.kind === 'MESSAGE_RECEIVED');
    expect(ids(messages)).toEqual([world.operator.id]);
  });

  it('starts a turn for an agent that workers answer for, and none for the others', async () => {
    for (const [kind, expected] of [['SCRIPTED', 1], ['API', 0], ['NONE', 0]] as const) {
      await source.query('update agents set responder_kind = $2 where id = $1', [world.agent.id, kind]);
      await say('Hello');
      expect((await drain()).filter((name) => name === 'run-turn')).toHaveLength(expected);
    }
  });
});

describe('the router', () => {
  it('leaves the log to the process that routes already', async () => {
    await request();
    await dispatchOutbox(source);
    await source.transaction(async (manager) => {
      await manager.query('select * from event_consumers where name = $1 for update', [ROUTER]);
      expect(await routeEvents(database, 200)).toBeNull();
    });
    expect((await routeEvents(database, 200))?.events).toBeGreaterThan(0);
  });

  it('killed at any step, loses nothing and doubles nothing', async () => {
    await choose(world.operator.id, ['EMAIL', 'PUSH'], 'REQUESTS_ONLY');
    await registerBrowser(world.operator.id);
    await request();
    await dispatchOutbox(source);
    let steps = 0;
    for (; ; steps += 1) {
      const result = await routeEvents(dyingAt(steps), 200).catch((error: unknown) => error);
      if (!(result instanceof Died)) break;
      expect(await told()).toEqual([]);
    }
    // Lock, events, clock, conversations, texts, operators, notifications, browsers, deliveries, outbox, position …
    expect(steps).toBeGreaterThan(8);
    await drain();
    expect(ids(await told())).toEqual(operators());
    expect(await eventsOf('DELIVERY_ADDED')).toHaveLength(operators().length + 1);
  });

  it('sent back to the beginning of the log, doubles nothing', async () => {
    await request();
    await drain();
    const [before, events] = [await told(), await eventsOf('NOTIFICATION_ADDED')];
    await source.query('update event_consumers set position = 0 where name = $1', [ROUTER]);
    await drain();
    expect(await told()).toEqual(before);
    expect(await eventsOf('NOTIFICATION_ADDED')).toHaveLength(events.length);
  });
});

class Died extends Error {}

/** A database whose process dies before the statement of that number in the transaction. */
function dyingAt(step: number): Database {
  let count = 0;
  const dying = (manager: object): object =>
    new Proxy(manager, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (key !== 'query') return value;
        return (...args: unknown[]) => {
          if (count === step) throw new Died('The process died.');
          count += 1;
          return (value as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const transaction = (isolation: 'READ COMMITTED', work: (manager: never) => Promise<unknown>): Promise<unknown> =>
    source.transaction(isolation, (manager) => work(dying(manager) as never));
  return { source: { transaction } as unknown as DataSource, afterCommit: () => undefined };
}
