import type { PublicIdType } from '../../domain/public-id';

/** A table that holds something about a visitor, in the order in which an export tells them. */
export interface ExportedTable {
  /** `kind` of its records. */
  readonly kind: string;
  readonly table: string;
  /** Unique, by which the export goes on. */
  readonly key: string;
  /** What `id` of a record names; null where rows have none that is public. */
  readonly idType: PublicIdType | null;
  /** Which rows, as a condition for `t`. $1: the visitor. */
  readonly where: string;
  /** Kept from the visitor, who never sees what operators and the AI note for each other: all of it, or these columns. */
  readonly internal?: true | readonly string[];
}

const OF_CONVERSATION = 't.conversation_id in (select id from conversations where visitor_id = $1)';
const OF_NOTIFICATION = `t.notification_id in (select n.id from notifications n join conversations c
  on c.id = n.conversation_id where c.visitor_id = $1)`;
const INQUIRIES = `(select i.id from inquiries i join conversations c on c.id = i.conversation_id where c.visitor_id = $1)`;

/** The event log and its outbox are left out: they hold copies of these rows, for a week at most. */
export const EXPORTED_TABLES: readonly ExportedTable[] = [
  { kind: 'visitor', table: 'visitors', key: 'id', idType: 'visitor', where: 't.id = $1' },
  { kind: 'visitorSession', table: 'visitor_sessions', key: 'id', idType: null, where: 't.visitor_id = $1' },
  { kind: 'presence', table: 'presences', key: 'process_id', idType: null, where: 't.actor_id = $1' },
  { kind: 'conversation', table: 'conversations', key: 'id', idType: 'conversation', where: 't.visitor_id = $1' },
  { kind: 'message', table: 'messages', key: 'id', idType: 'message', where: OF_CONVERSATION },
  // What they are called and what they are; the bytes are read from the addresses of the messages.
  { kind: 'attachment', table: 'attachments', key: 'id', idType: 'attachment', where: OF_CONVERSATION },
  { kind: 'read', table: 'conversation_reads', key: 'conversation_id', idType: null, where: 't.reader_id = $1' },
  {
    kind: 'handoff',
    table: 'handoffs',
    key: 'id',
    idType: 'handoff',
    where: OF_CONVERSATION,
    internal: ['summary', 'brief', 'transferred_by_id'],
  },
  { kind: 'hold', table: 'handoff_holds', key: 'id', idType: null, where: OF_CONVERSATION, internal: true },
  { kind: 'note', table: 'notes', key: 'id', idType: 'note', where: OF_CONVERSATION, internal: true },
  {
    kind: 'inquiry',
    table: 'inquiries',
    key: 'id',
    idType: 'inquiry',
    where: OF_CONVERSATION,
    internal: ['assignee_id', 'email_key'],
  },
  {
    kind: 'handoffRung',
    table: 'handoff_rungs',
    key: 'id',
    idType: null,
    where: OF_CONVERSATION,
    internal: true,
  },
  {
    kind: 'inquiryAnswer',
    table: 'inquiry_answers',
    key: 'id',
    idType: 'inquiryAnswer',
    where: `t.inquiry_id in ${INQUIRIES}`,
  },
  {
    kind: 'transcript',
    table: 'transcripts',
    key: 'id',
    idType: null,
    where: OF_CONVERSATION,
    internal: ['author_user_id', 'idempotency_key'],
  },
  { kind: 'turn', table: 'turns', key: 'id', idType: 'turn', where: OF_CONVERSATION, internal: true },
  {
    kind: 'notification',
    table: 'notifications',
    key: 'id',
    idType: 'notification',
    where: OF_CONVERSATION,
    internal: true,
  },
  {
    kind: 'delivery',
    table: 'deliveries',
    key: 'id',
    idType: 'delivery',
    where: `(${OF_NOTIFICATION} or t.inquiry_answer_id in
      (select id from inquiry_answers where inquiry_id in ${INQUIRIES})
      or t.transcript_id in (select id from transcripts where conversation_id in
        (select id from conversations where visitor_id = $1)))`,
    internal: true,
  },
  {
    kind: 'auditEntry',
    table: 'audit_entries',
    key: 'id',
    idType: 'auditEntry',
    where: `t.actor_kind = 'VISITOR' and t.actor_id = $1`,
  },
];

/** What the other ids of a row name. An id that is not here is left out: `subject_id` names several kinds of things. */
export const REFERENCES: Readonly<Record<string, PublicIdType>> = {
  accepted_by_id: 'user',
  actor_id: 'visitor',
  agent_id: 'agent',
  assignee_id: 'user',
  author_user_id: 'user',
  conversation_id: 'conversation',
  handoff_id: 'handoff',
  inquiry_answer_id: 'inquiryAnswer',
  inquiry_id: 'inquiry',
  message_id: 'message',
  notification_id: 'notification',
  operator_id: 'user',
  organization_id: 'organization',
  push_subscription_id: 'pushSubscription',
  reader_id: 'visitor',
  transferred_by_id: 'user',
  user_id: 'user',
  visitor_id: 'visitor',
};
