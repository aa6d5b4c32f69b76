import type { DataSource } from 'typeorm';
import { requestHandoff } from '../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { newId } from '../../src/database/ids';
import { dispatchOutbox } from '../../src/database/outbox';
import { registerConsumer } from '../../src/queries/event-consumer';
import { ROUTER, routeEvents } from '../../src/workers/route-events';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';

/** One notification with what its deliveries say. */
export interface Told {
  user_id: string;
  kind: string;
  title: string;
  body: string;
  seen: boolean;
  deliveries: string[];
}

/** The log and its router on a real database, without any queue. */
export class RoutingBench {
  world!: World;

  private constructor(
    private readonly server: TestDatabase,
    readonly source: DataSource,
    readonly database: Database,
  ) {}

  static async start(): Promise<RoutingBench> {
    const server = await createTestDatabase();
    const source = createDataSource({ url: server.url, poolSize: 5, applicationName: 'baton-test' });
    await source.initialize();
    await registerConsumer(source, ROUTER);
    return new RoutingBench(server, source, { source, afterCommit: () => undefined });
  }

  /** A world of its own for the next test. */
  async reset(): Promise<void> {
    await this.drain();
    this.world = await createWorld(this.source);
  }

  async stop(): Promise<void> {
    await this.source.destroy();
    await this.server.drop();
  }

  /** Routes everything that was committed, what follows from it included. */
  async drain(): Promise<string[]> {
    const jobs: string[] = [];
    for (;;) {
      await dispatchOutbox(this.source);
      const batch = await routeEvents(this.database, 200);
      if (batch === null || batch.events === 0) return jobs;
      jobs.push(...batch.jobs.map((job) => job.name));
    }
  }

  async request(): Promise<string> {
    const input = {
      conversationId: this.world.conversation.id,
      reason: 'A broken parcel',
      summary: null,
      controlEpoch: null,
    };
    const outcome = await requestHandoff(this.database, this.world.visitor.principal, input);
    expect(outcome.refusals).toEqual([]);
    return outcome.value!.handoff!.id;
  }

  async say(text: string): Promise<string> {
    const input = { conversationId: this.world.conversation.id, clientNonce: newId(), text };
    return (await sendMessage(this.database, this.world.visitor.principal, input)).value!.message.id;
  }

  async choose(userId: string, channels: string[], events: string): Promise<void> {
    await this.source.query(
      `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, $3, $4)
       on conflict (user_id) do update set channels = excluded.channels, events = excluded.events`,
      [userId, this.world.workspace.id, channels, events],
    );
  }

  async registerBrowser(userId: string): Promise<string> {
    const id = newId();
    await this.source.query(
      `insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, 'key', 'secret')`,
      [id, this.world.workspace.id, userId, `https://push.example/${id}`],
    );
    return id;
  }

  /** Online, as with an open dashboard. */
  async connect(userId: string): Promise<void> {
    await this.source.query(
      `insert into presences (process_id, workspace_id, actor_kind, actor_id, until)
       values ($1, $2, 'USER', $3, now() + interval '1 minute')`,
      [newId(), this.world.workspace.id, userId],
    );
  }

  async watch(userId: string, seconds: number): Promise<void> {
    await this.source.query(
      `insert into watches (process_id, workspace_id, conversation_id, user_id, until)
       values ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
      [newId(), this.world.workspace.id, this.world.conversation.id, userId, seconds],
    );
  }

  async told(): Promise<Told[]> {
    return this.source.query<Told[]>(
      `select n.user_id, n.kind, n.title, n.body, n.seen_at is not null as seen,
         array(select concat_ws(' ', d.channel, d.state, d.detail) from deliveries d where d.notification_id = n.id
           order by d.channel, d.id) as deliveries
       from notifications n where n.workspace_id = $1 order by n.id`,
      [this.world.workspace.id],
    );
  }

  async eventsOf(name: string): Promise<{ user_id: string | null }[]> {
    return this.source.query('select user_id from events where name = $1 and workspace_id = $2', [
      name,
      this.world.workspace.id,
    ]);
  }

  operators(): string[] {
    const { owner, admin, operator, secondOperator, limited, manager } = this.world;
    return [owner, admin, operator, secondOperator, limited, manager].map(({ id }) => id).sort();
  }
}

export function ids(rows: { user_id: string | null }[]): string[] {
  return rows.map((row) => row.user_id ?? '').sort();
}
