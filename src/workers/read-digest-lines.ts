import type { EntityManager } from 'typeorm';
import { isOperator } from '../database/operators';
import type { HandoffState } from '../domain/conversation/states';
import type { NotificationChannel, NotificationKind } from '../domain/notification/notification-kinds';
import { skipReason, type SkipReason } from '../domain/notification/skip-reason';
import { choiceOf } from '../domain/settings-layers';
import { readNotificationChoice } from '../queries/notification-choice';
import { channelOf } from './read-alert';

/** A delivery that is held, or in a digest, with what it would say; all as it is at this moment. */
export interface DigestLine {
  readonly id: string;
  readonly workspaceId: string;
  readonly attempts: number;
  readonly channel: NotificationChannel;
  readonly pushSubscriptionId: string | null;
  readonly notBefore: Date;
  readonly kind: NotificationKind;
  readonly title: string;
  readonly body: string;
  /** Why it need not be said any more. */
  readonly skipped: SkipReason | null;
}

interface Row extends Omit<DigestLine, 'skipped'> {
  readonly isFallback: boolean;
  readonly isSeen: boolean;
  readonly isTheOperator: boolean;
  readonly isWatching: boolean;
  readonly isClaimed: boolean;
  readonly organizationId: string | null;
  readonly agentId: string | null;
  readonly handoffState: HandoffState | null;
}

export type DigestPart = Pick<DigestLine, 'channel' | 'pushSubscriptionId'>;

/** What is held for a person whose quiet hours have ended by then, oldest first, locked. */
export function readHeld(
  manager: EntityManager,
  person: { readonly workspaceId: string; readonly userId: string },
  now: Date,
): Promise<DigestLine[]> {
  return readLines(manager, person, `d.state = 'PENDING' and d.not_before <= $3`, [now], 'for update of d');
}

/** What a digest brings by one way, oldest first. */
export function readDigest(
  manager: EntityManager,
  person: { readonly workspaceId: string; readonly userId: string },
  digestId: string,
  { channel, pushSubscriptionId }: DigestPart,
): Promise<DigestLine[]> {
  const condition = 'd.digest_id = $3 and d.channel = $4 and d.push_subscription_id is not distinct from $5';
  return readLines(manager, person, condition, [digestId, channel, pushSubscriptionId], '');
}

async function readLines(
  manager: EntityManager,
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string },
  condition: string,
  values: readonly unknown[],
  lock: string,
): Promise<DigestLine[]> {
  const rows = await manager.query<Row[]>(`${LINES} and ${condition} order by n.id, d.id ${lock}`, [
    workspaceId,
    userId,
    ...values,
  ]);
  const settings = choiceOf(await readNotificationChoice(manager, { workspaceId, userId }));
  const access = new Map<string, boolean>();
  const lines: DigestLine[] = [];
  for (const row of rows) {
    const { organizationId, agentId, kind, isSeen, isTheOperator, isWatching, isClaimed, handoffState } = row;
    // A night of messages is about a few agents.
    const key = `${organizationId ?? ''} ${agentId ?? ''}`;
    const mayHandle =
      access.get(key) ??
      (agentId !== null && (await isOperator(manager, { workspaceId, organizationId, agentId }, userId)));
    access.set(key, mayHandle);
    const facts = {
      ...{ kind, isSeen, isTheOperator, isWatching, isClaimed, handoffState, settings },
      channel: channelOf(row),
      isOperator: mayHandle,
    };
    lines.push({ ...row, skipped: skipReason(facts) });
  }
  return lines;
}

const LINES = `
select d.id, d.workspace_id as "workspaceId", d.attempts, d.channel, d.push_subscription_id as "pushSubscriptionId",
  d.not_before as "notBefore", d.is_fallback as "isFallback", n.kind, n.title, n.body, 
  n.seen_at is not null or exists (select from conversation_reads r where n.kind = 'MESSAGE_RECEIVED'
    and r.conversation_id = n.conversation_id and r.reader_id = n.user_id and r.sequence >= n.through_sequence) as "isSeen",
  exists (select from watches w where w.conversation_id = n.conversation_id and w.user_id = n.user_id and w.until > now()) as "isWatching",
  coalesce(c.operator_id <> n.user_id, false) as "isClaimed",
  c.organization_id as "organizationId", c.agent_id as "agentId", c.operator_id is not distinct from $2::uuid as "isTheOperator", h.state as "handoffState"
from deliveries d
join notifications n on n.id = d.notification_id and n.workspace_id = d.workspace_id
left join conversations c on c.id = n.conversation_id and c.workspace_id = n.workspace_id
-- Of a request that was handed to the team the subject is the hold that ended.
left join handoff_holds o on o.id = n.subject_id and o.workspace_id = n.workspace_id
left join handoffs h on h.id = coalesce(o.handoff_id, n.subject_id) and h.workspace_id = n.workspace_id and n.kind = 'HANDOFF_REQUESTED'
where n.workspace_id = $1 and n.user_id = $2`;
