import type { DataSource } from 'typeorm';
import { requestHandoff } from '../../src/commands/conversation/request-handoff';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { newId } from '../../src/database/ids';
import { SERVER } from '../../src/database/scope';
import { transact } from '../../src/database/transact';
import { createMailTransport } from '../../src/delivery/mail/create-mail-transport';
import type { MailTransport } from '../../src/delivery/mail/mail-transport';
import type { Job } from '../../src/jobs/jobs';
import { type DeliveryDependencies, processDelivery } from '../../src/workers/process-delivery';
import { writeAlerts } from '../../src/workers/write-alerts';
import { LogBook } from '../realtime/support';
import { type PushEndpoint, startPushEndpoint } from '../support/push-endpoint';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
import { createBenchWorkspaceMail, deliveryParts } from './delivery-parts';

export interface DeliveryRow {
  state: string;
  attempts: number;
  detail: string | null;
  sent: boolean;
  /** Seconds until it is due. */
  wait: number;
}

/** A real mail server, a real push service, and a visitor who has just asked for a person. */
export class DeliveryBench {
  world!: World;
  handoffId = '';
  /** Jobs that would have gone into a queue. */
  readonly added: Job[] = [];

  private constructor(
    private readonly server: TestDatabase,
    readonly source: DataSource,
    readonly database: Database,
    readonly inbox: SmtpInbox,
    readonly browsers: PushEndpoint,
    private readonly mail: MailTransport,
    readonly log: LogBook,
  ) {}

  static async start(): Promise<DeliveryBench> {
    const server = await createTestDatabase();
    const source = createDataSource({ url: server.url, poolSize: 8, applicationName: 'baton-test' });
    await source.initialize();
    const inbox = await startSmtpInbox();
    const mail = createMailTransport({ smtpUrl: inbox.url, mailDirectory: '/nowhere', log: () => undefined });
    const database = { source, afterCommit: () => undefined };
    return new DeliveryBench(server, source, database, inbox, await startPushEndpoint(), mail, new LogBook());
  }

  /** A world of its own for the next test. */
  async reset(): Promise<void> {
    this.world = await createWorld(this.source);
    this.added.length = 0;
    const input = { conversationId: this.world.conversation.id, reason: 'A broken parcel', summary: null };
    const outcome = await requestHandoff(this.database, this.world.visitor.principal, { ...input, controlEpoch: null });
    this.handoffId = outcome.value!.handoff!.id;
  }

  async stop(): Promise<void> {
    await Promise.all([this.mail.close(), this.workspaceMail.close()]);
    await this.inbox.stop();
    await this.browsers.stop();
    await this.source.destroy();
    await this.server.drop();
  }

  readonly workspaceMail = createBenchWorkspaceMail();

  readonly dependencies: DeliveryDependencies = {
    ...deliveryParts(this.source, { mail: this.mail, workspaceMail: this.workspaceMail }),
    queues: {
      enqueue: async (jobs) => {
        this.added.push(...jobs);
      },
    },
    log: this.log,
  };

  /** What the router writes for a request, as that request stands; the delivery of the operator by that channel. */
  async alertOperator(channel: 'EMAIL' | 'PUSH' = 'EMAIL'): Promise<string> {
    const { conversation, agent, workspace, organization } = this.world;
    const text = { origin: 'VISITOR' as const, reason: 'A broken parcel', summary: null, text: '', name: null };
    const place = {
      workspaceId: workspace.id,
      organizationId: organization.id,
      agentId: agent.id,
      conversationId: conversation.id,
    };
    await transact(this.database, SERVER, (transaction) =>
      writeAlerts(transaction, [
        {
          kind: 'HANDOFF_REQUESTED',
          subjectId: this.handoffId,
          ...place,
          sequence: 0,
          occurredAt: new Date(),
          rung: 'EVERYONE',
          text,
          transfer: null,
        },
      ]),
    );
    const [row] = await this.source.query<{ id: string }[]>(
      'select d.id from deliveries d join notifications n on n.id = d.notification_id where n.user_id = $1 and d.channel = $2',
      [this.world.operator.id, channel],
    );
    return row!.id;
  }

  async choosePush(): Promise<string> {
    const { endpoint, p256dh, auth } = this.browsers.createSubscription();
    const id = newId();
    await this.source.query(
      `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, '{PUSH}', 'REQUESTS_ONLY')`,
      [this.world.operator.id, this.world.workspace.id],
    );
    await this.source.query(
      `insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5, $6)`,
      [id, this.world.workspace.id, this.world.operator.id, endpoint, p256dh, auth],
    );
    return id;
  }

  async send(deliveryId: string, using: Partial<DeliveryDependencies> = {}): Promise<void> {
    await processDelivery({ deliveryId, workspaceId: this.world.workspace.id }, { ...this.dependencies, ...using });
  }

  async makeDue(deliveryId: string): Promise<void> {
    await this.source.query('update deliveries set due_at = now() where id = $1', [deliveryId]);
  }

  async row(deliveryId: string): Promise<DeliveryRow> {
    const [found] = await this.source.query<DeliveryRow[]>(
      `select state, attempts, detail, sent_at is not null as sent, round(extract(epoch from due_at - now()))::int as wait
       from deliveries where id = $1`,
      [deliveryId],
    );
    return found!;
  }

  mailsTo(address: string): number {
    return this.inbox.mails.filter(({ envelope }) => envelope.to.includes(address)).length;
  }
}
