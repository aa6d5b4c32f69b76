import { newId } from '../../src/database/ids';
import { createMailTransport } from '../../src/delivery/mail/create-mail-transport';
import type { Job } from '../../src/jobs/jobs';
import { type DeliveryDependencies, processDelivery } from '../../src/workers/process-delivery';
import type { World } from '../support/world';
import { LogBook } from '../realtime/support';
import { type PushEndpoint, startPushEndpoint } from '../support/push-endpoint';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { createBenchWorkspaceMail, deliveryParts } from './delivery-parts';
import { RoutingBench } from './routing-bench';

/** The log, its router and what sends, with a real mail server and browsers; time passes when the test says so. */
export class AlertBench {
  readonly log = new LogBook();
  /** Jobs that would have gone into a queue. */
  readonly added: Job[] = [];

  private constructor(
    readonly routing: RoutingBench,
    readonly inbox: SmtpInbox,
    readonly browsers: PushEndpoint,
    readonly parts: Omit<DeliveryDependencies, 'log' | 'queues'>,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<AlertBench> {
    const routing = await RoutingBench.start();
    const inbox = await startSmtpInbox();
    const browsers = await startPushEndpoint();
    const mail = createMailTransport({ smtpUrl: inbox.url, mailDirectory: '/nowhere', log: () => undefined });
    const workspaceMail = createBenchWorkspaceMail();
    const parts = deliveryParts(routing.source, { mail, workspaceMail });
    const close = async (): Promise<void> => {
      await Promise.all([mail.close(), workspaceMail.close()]);
    };
    return new AlertBench(routing, inbox, browsers, parts, close);
  }

  get world(): World {
    return this.routing.world;
  }

  /** Of the world's operator, who gets both channels and all messages, in one browser; nobody else gets anything. */
  async reset(): Promise<void> {
    await this.routing.reset();
    this.added.length = 0;
    const { owner, admin, manager, limited, secondOperator, operator, workspace } = this.world;
    for (const { id } of [owner, admin, manager, limited, secondOperator])
      await this.routing.choose(id, [], 'REQUESTS_ONLY');
    await this.routing.choose(operator.id, ['EMAIL', 'PUSH'], 'ALL_MESSAGES');
    const { endpoint, p256dh, auth } = this.browsers.createSubscription();
    await this.routing.source.query(
      `insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5, $6)`,
      [newId(), workspace.id, operator.id, endpoint, p256dh, auth],
    );
  }

  async stop(): Promise<void> {
    await this.close();
    await this.inbox.stop();
    await this.browsers.stop();
    await this.routing.stop();
  }

  /** Everything that has happened by now seems to have happened that much earlier. */
  async pass(seconds: number): Promise<void> {
    for (const [table, columns] of Object.entries(INSTANTS)) {
      const moved = columns.map((column) => `${column} = ${column} - $2 * interval '1 second'`).join(', ');
      await this.routing.source.query(`update ${table} set ${moved} where workspace_id = $1`, [
        this.world.workspace.id,
        seconds,
      ]);
    }
  }

  /** Routes what was committed, then sends what is due, each by two workers at once. */
  async work(): Promise<void> {
    await this.routing.drain();
    const { id: workspaceId } = this.world.workspace;
    const due = await this.routing.source.query<{ id: string }[]>(
      `select id from deliveries where workspace_id = $1 and state = 'PENDING' and due_at <= now() order by id`,
      [workspaceId],
    );
    const twice = due.flatMap(({ id }) => [id, id]);
    await Promise.all(twice.map((deliveryId) => this.send(deliveryId)));
  }

  /** Runs the job of one delivery. */
  async send(deliveryId: string, using: Partial<DeliveryDependencies> = {}): Promise<void> {
    const queues: DeliveryDependencies['queues'] = {
      enqueue: async (jobs) => {
        this.added.push(...jobs);
      },
    };
    const payload = { deliveryId, workspaceId: this.world.workspace.id };
    await processDelivery(payload, { ...this.parts, queues, log: this.log, ...using });
  }

  /** Titles of what came to the operator by mail, oldest first. */
  mails(): string[] {
    const { email } = this.world.operator.row;
    return this.inbox.mails.filter(({ envelope }) => envelope.to.includes(email)).map(({ subject }) => subject ?? '');
  }

  /** What came to the operator's browser, oldest first: title and tag. */
  async pushes(): Promise<{ title: unknown; tag: unknown; topic: string | null }[]> {
    const rows = await this.routing.source.query<{ endpoint: string }[]>(
      'select endpoint from push_subscriptions where user_id = $1',
      [this.world.operator.id],
    );
    return this.browsers.received
      .filter((push) => rows.some(({ endpoint }) => endpoint === push.endpoint))
      .map(({ payload, topic }) => ({ title: payload['title'], tag: payload['tag'], topic }));
  }
}

const INSTANTS = {
  conversations: ['created_at'],
  notifications: ['created_at', 'window_start'],
  deliveries: ['due_at'],
};
