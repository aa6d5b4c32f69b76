import { mailTranscript } from '../../src/commands/conversation/mail-transcript';
import { answerInquiry } from '../../src/commands/inquiry/answer-inquiry';
import { openReplyAddress } from '../../src/commands/inquiry/open-reply-address';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { inviteUser } from '../../src/commands/invitation/invite-user';
import { logInAs } from '../../src/commands/session/log-in-as';
import { requestPasswordReset } from '../../src/commands/password-reset/request-password-reset';
import { newId } from '../../src/database/ids';
import { dispatchOutbox } from '../../src/database/outbox';
import { accepted, createStage, type Stage, type StageDatabase } from '../commands/conversation/stage';

const SOON = new Date(Date.now() + 3_600_000);

/** So that a piece could be moved to another attachment, if nothing but its place were looked at. */
let pieces = 0;

/** A workspace with a row in every table of tenants, and a value in every reference. `database` is the superuser's. */
export async function fullStage(database: StageDatabase): Promise<Stage> {
  const { source } = database;
  const stage = await createStage(database);
  const { workspace, organization, agent, visitor, admin, operator, manager, conversation } = stage.world;
  await stage.says('hello');
  await stage.asks();
  await stage.accepts();
  await stage.writes('operator', 'hi');
  await stage.handsBack();
  const question = { email: 'v@example.com', name: null, text: 'q', idempotencyKey: newId() };
  const inquiry = accepted(
    await submitInquiry(database, visitor.principal, { conversationId: conversation.id, ...question }),
  );
  const answer = { inquiryId: inquiry.id, text: 'a', idempotencyKey: newId() };
  accepted(await answerInquiry(database, operator.principal, answer));
  accepted(
    await mailTranscript(database, operator.principal, { conversationId: conversation.id, idempotencyKey: 't' }),
  );
  await openReplyAddress(database.source, inquiry, newId());
  const invited = { organizationId: organization.id, email: 'n@example.com', permissions: [], agentIds: [agent.id] };
  accepted(await inviteUser(database, manager.principal, invited, { mailTokens: (_kind, id) => id }));
  accepted(await logInAs(database, admin.principal, { userId: operator.id, reason: 'r' }));
  await requestPasswordReset(database, operator.row, { mailTokens: (_kind, id) => id, answerAfterMs: 0 });
  await stage.takesOver('secondOperator');
  accepted(await stage.transfers('operator', 'operator', { note: 'n' }));
  const [notificationId, subscriptionId, attachmentId] = [newId(), newId(), newId()];
  const [message] = await source.query<[{ id: string }]>('select id from messages where conversation_id = $1 limit 1', [
    conversation.id,
  ]);
  const inserts: [string, unknown[]][] = [
    [
      'notification_settings (user_id, workspace_id, channels, events)',
      [operator.id, workspace.id, ['EMAIL'], 'ALL_MESSAGES'],
    ],
    [
      'push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth)',
      [subscriptionId, workspace.id, operator.id, `https://push.example.com/${subscriptionId}`, 'p', 'a'],
    ],
    [
      'notifications (id, workspace_id, user_id, kind, subject_id, conversation_id, title, body)',
      [notificationId, workspace.id, operator.id, 'MESSAGE_RECEIVED', newId(), conversation.id, 't', 'b'],
    ],
    [
      'deliveries (id, workspace_id, notification_id, channel, push_subscription_id, digest_id)',
      [newId(), workspace.id, notificationId, 'PUSH', subscriptionId, notificationId],
    ],
    [
      'mail_settings (workspace_id, host, port, security, from_address, updated_at)',
      [workspace.id, 'smtp.example.com', 587, 'STARTTLS', 'team@example.com', SOON],
    ],
    ['used_identity_tokens', [workspace.id, agent.id, Buffer.from(newId()), SOON]],
    [
      'presences (process_id, workspace_id, actor_kind, actor_id, until)',
      [newId(), workspace.id, 'USER', operator.id, SOON],
    ],
    [
      'watches (process_id, workspace_id, conversation_id, user_id, until)',
      [newId(), workspace.id, conversation.id, operator.id, SOON],
    ],
    [
      `attachments (id, workspace_id, conversation_id, author_kind, author_user_id, file_name, content_type, byte_size, state,
         attempt, message_id, created_at)`,
      [
        attachmentId,
        workspace.id,
        conversation.id,
        'OPERATOR',
        operator.id,
        'a.png',
        'image/png',
        1,
        'ATTACHED',
        1,
        message.id,
        SOON,
      ],
    ],
    [
      'attachment_pieces (workspace_id, attachment_id, position, bytes)',
      [workspace.id, attachmentId, (pieces += 1), Buffer.from('a')],
    ],
    [
      'canned_answers (id, workspace_id, organization_id, title, shortcut, text, created_at, updated_at)',
      [newId(), workspace.id, organization.id, 't', `/${newId()}`, 'x', SOON, SOON],
    ],
    ['hosts (host, workspace_id, organization_id)', [`${newId()}.example`, workspace.id, organization.id]],
  ];
  for (const [into, values] of inserts) {
    await source.query(`insert into ${into} values (${values.map((_, index) => `$${index + 1}`).join(', ')})`, values);
  }
  await dispatchOutbox(source);
  // One that waits to be moved into the log.
  accepted(await stage.writes('operator', 'still here'));
  return stage;
}
