import { newId } from '../../src/database/ids';
import type { ReceivedMail } from '../support/smtp-inbox';
import type { DeliveryBench } from './delivery-bench';

interface Row {
  id: string;
  state: string;
  detail: string | null;
  channel: string;
  kind: string;
  held: boolean;
  tries: number;
}

/** The quiet hours of the operator of a bench. */
export class Night {
  constructor(private readonly bench: DeliveryBench) {}

  /** Every delivery to the operator, oldest first. */
  rows(): Promise<Row[]> {
    return this.bench.source.query(
      `select d.id, d.state, d.detail, d.channel, n.kind, d.not_before > now() as held, d.attempts - d.postponed as tries
     from deliveries d join notifications n on n.id = d.notification_id where n.user_id = $1 order by d.created_at, d.id`,
      [this.bench.world.operator.id],
    );
  }

  async digests(): Promise<Row[]> {
    return (await this.rows()).filter(({ kind }) => kind === 'DIGEST');
  }

  /** Quiet hours that have begun `from` hours from now and end `to` hours from now. */
  async quiet(from: number, to: number, letRequestsThrough = false): Promise<void> {
    const clock = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    await this.bench.source.query(
      `insert into notification_settings (user_id, workspace_id, channels, events, quiet_hours, let_requests_through)
     values ($1, $2, '{EMAIL}', 'ALL_MESSAGES', $3, $4)
     on conflict (user_id) do update set quiet_hours = excluded.quiet_hours, let_requests_through = excluded.let_requests_through`,
      [
        this.bench.world.operator.id,
        this.bench.world.workspace.id,
        JSON.stringify({ start: clock(from), end: clock(to), timeZone: 'UTC' }),
        letRequestsThrough,
      ],
    );
  }

  /** The night is over: what was held until its end is due. */
  async morning(): Promise<void> {
    await this.quiet(-5, -1);
    await this.bench.source.query(
      `update deliveries set not_before = date_trunc('hour', now()), due_at = now()
     where workspace_id = $1 and state = 'PENDING' and not_before is not null`,
      [this.bench.world.workspace.id],
    );
  }

  /** A message that the operator has under the bell, with a mail that has to leave. */
  async addMessage(title: string): Promise<string> {
    const { operator, workspace, conversation } = this.bench.world;
    const [notification, delivery] = [newId(), newId()];
    await this.bench.source.query(
      `insert into notifications (id, workspace_id, user_id, kind, subject_id, conversation_id, title, body)
     values ($1, $2, $3, 'MESSAGE_RECEIVED', $1, $4, $5, 'Words.')`,
      [notification, workspace.id, operator.id, conversation.id, title],
    );
    await this.bench.source.query(
      `insert into deliveries (id, workspace_id, notification_id, channel) values ($1, $2, $3, 'EMAIL')`,
      [delivery, workspace.id, notification],
    );
    return delivery;
  }

  async held(...titles: string[]): Promise<string[]> {
    await this.quiet(-1, 2);
    const ids: string[] = [];
    for (const title of titles) ids.push(await this.addMessage(title));
    for (const id of ids) await this.bench.send(id);
    return ids;
  }

  mails(): readonly ReceivedMail[] {
    return this.bench.inbox.mails.filter(({ envelope }) => envelope.to.includes(this.bench.world.operator.row.email));
  }
}
