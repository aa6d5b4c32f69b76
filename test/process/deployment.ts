import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { DEFAULT_ANNOUNCEMENTS } from '../../src/domain/conversation/handoff-settings';
import { newId } from '../../src/database/ids';
import { encodePublicId } from '../../src/domain/public-id';
import { responderSecretPlace } from '../../src/domain/secrets';
import type { Agent } from '../../src/entities/agent';
import { until } from '../realtime/support';
import { Caller } from '../support/api-client';
import { type ConversationView, READ_CONVERSATION, READ_MESSAGES, type MessageView } from '../support/documents';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { TEST_SECRET_KEY, testSecrets } from '../support/secrets';
import { createWorld, insertVisitor, type World } from '../support/world';
import { addressOf, type BatonProcess, type ProcessGarden } from './baton-process';
import { createMigratedDatabase, createOutsideDatabase, type OutsideDatabase } from './outside-database';

export interface DeploymentOptions {
  readonly garden: ProcessGarden;
  /** Null: everything over PostgreSQL. */
  readonly redisUrl: string | null;
  /** Whether a process of `npm run migrate` makes the tables. */
  readonly migrates: boolean;
  readonly apis: number;
}

export interface ApiProcess {
  readonly baton: BatonProcess;
  /** Of the GraphQL endpoint. */
  readonly url: string;
}

/** A row that a test has locked. */
export interface HeldRow {
  /** Whether somebody waits for a lock on this database. */
  isWaitedFor(): Promise<boolean>;
  release(): Promise<void>;
}

/** A conversation of a new visitor. */
export interface Visit {
  readonly visitor: Caller;
  readonly conversationId: string;
}

/** What the conversation of a world's agent says when nobody came. */
export const UNANSWERED = DEFAULT_ANNOUNCEMENTS.unanswered.replace('{agent}', 'Ada');

/** Six of a world may handle its agent: owner, admin, operator, secondOperator, limited, manager. */
export const OPERATORS = 6;

/** Separate API and worker processes on one migrated outside database, with a mail server. */
export class Deployment {
  readonly apis: ApiProcess[] = [];
  readonly workers: BatonProcess[] = [];

  private constructor(
    private readonly options: DeploymentOptions,
    readonly database: OutsideDatabase,
    readonly inbox: SmtpInbox,
    private readonly source: DataSource,
  ) {}

  static async start(options: DeploymentOptions): Promise<Deployment> {
    const { garden, migrates } = options;
    const [database, inbox] = await Promise.all([
      migrates ? migratedBy(garden) : createMigratedDatabase(),
      startSmtpInbox(),
    ]);
    const source = createDataSource({ url: database.url, poolSize: 2, applicationName: 'baton-test' });
    await source.initialize();
    const deployment = new Deployment(options, database, inbox, source);
    await Promise.all(Array.from({ length: options.apis }, () => deployment.addApi()));
    return deployment;
  }

  async addApi(env: Record<string, string> = {}): Promise<ApiProcess> {
    const baton = this.options.garden.run('api', { ...this.env(), ...env });
    const api = { baton, url: `${await addressOf(baton)}/graphql` };
    this.apis.push(api);
    return api;
  }

  async addWorker(env: Record<string, string> = {}): Promise<BatonProcess> {
    const worker = this.options.garden.run('worker', { ...this.env(), ...env });
    await worker.printed(/the worker is ready/);
    this.workers.push(worker);
    return worker;
  }

  /** With the agent's secret in clear, as one gives it to the API. */
  createWorld(agent: Partial<Agent>): Promise<World> {
    const id = newId();
    const { responderSecret = null } = agent;
    const sealed = responderSecret === null ? null : testSecrets.seal(responderSecret, responderSecretPlace(id));
    return createWorld(this.source, { agent: { ...agent, id, responderSecret: sealed } });
  }

  async visit(agent: Agent, url: string): Promise<Visit> {
    const { token } = await insertVisitor(this.source.manager, agent, 'Vera');
    const visitor = new Caller(url, token);
    const { conversation } = await visitor.act('startConversation', { idempotencyKey: 'only' });
    return { visitor, conversationId: conversation!.id };
  }

  /** Of all turns, or of all deliveries, in the workspace of a world. */
  async statesOf(table: string, { workspace }: World): Promise<string[]> {
    const rows = await this.database.query<{ state: string }>(`select state from ${table} where workspace_id = $1`, [
      workspace.id,
    ]);
    return rows.map(({ state }) => state);
  }

  /** Deliveries that were begun once and have not ended: hanging somewhere, or waiting for their second try. */
  async begunDeliveries(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      "select id from deliveries where state = 'PENDING' and attempts = 1",
    );
    return rows.map(({ id }) => id);
  }

  /** Their wait is over, and so is the grace that sweepers give to jobs. One that was begun again is left alone. */
  async letThemBeDue(deliveryIds: readonly string[]): Promise<void> {
    await this.database.query(
      `update deliveries set due_at = now() - interval '16 seconds'
       where id = any ($1::uuid[]) and state = 'PENDING' and attempts = 1`,
      [deliveryIds],
    );
  }

  /** Nobody may write in the conversation until it is let go. */
  async holdConversation(id: string): Promise<HeldRow> {
    const runner = this.source.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select 1 from conversations where id = $1 for update', [id]);
    return {
      isWaitedFor: async () => {
        const [row] = await this.source.query<{ waits: boolean }[]>(
          `select exists (select from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()) as waits`,
        );
        return row?.waits === true;
      },
      release: async () => {
        await runner.rollbackTransaction();
        await runner.release();
      },
    };
  }

  /** After the processes, which the garden ends, or with them running: it cuts their connections. */
  async stop(): Promise<void> {
    await this.source.destroy();
    await this.inbox.stop();
    await this.database.drop();
  }

  private env(): Record<string, string> {
    const { redisUrl } = this.options;
    return {
      DATABASE_URL: this.database.env.DATABASE_URL,
      BATON_SECRET_KEY: TEST_SECRET_KEY,
      ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
      DATABASE_POOL_SIZE: '5',
      SMTP_URL: this.inbox.url,
      MAIL_FROM: 'no-reply@baton.example',
      BATON_ALLOW_LOOPBACK_TARGETS: 'true',
      BATON_DRAIN_SECONDS: '1',
    };
  }
}

async function migratedBy(garden: ProcessGarden): Promise<OutsideDatabase> {
  const database = await createOutsideDatabase();
  const { code, stderr } = await garden.run('migrate', database.env).ended;
  if (code !== 0) throw new Error(`npm run migrate failed: ${stderr}`);
  return database;
}

export async function conversationOf(caller: Caller, id: string): Promise<ConversationView> {
  return (await caller.ask<{ conversation: ConversationView }>(READ_CONVERSATION, { id })).conversation;
}

export async function messagesOf(caller: Caller, id: string): Promise<readonly MessageView[]> {
  type Answer = { conversation: { messages: { nodes: MessageView[] } } };
  return (await caller.ask<Answer>(READ_MESSAGES, { id })).conversation.messages.nodes;
}

/** Waits until the conversation has so many messages of that kind of author, and returns their texts. */
export async function saidBy(authorKind: string, caller: Caller, id: string, count = 1): Promise<string[]> {
  const texts = async (): Promise<string[]> =>
    (await messagesOf(caller, id)).filter((message) => message.authorKind === authorKind).map(({ text }) => text);
  await until(`${count} messages by ${authorKind}`, async () => (await texts()).length >= count, 90_000);
  return texts();
}

/** Of the people of a world. */
export function addressesOf(world: World): ReadonlySet<string> {
  return new Set(
    Object.values(world).flatMap((row) => ('principal' in row && 'email' in row.row ? [row.row.email] : [])),
  );
}

export function organizationIdOf(world: World): string {
  return encodePublicId('organization', world.organization.id);
}
