import { DataSource } from 'typeorm';
import { Agent } from '../entities/agent';
import { ApiKey } from '../entities/api-key';
import { Attachment } from '../entities/attachment';
import { AuditEntry } from '../entities/audit-entry';
import { CannedAnswer } from '../entities/canned-answer';
import { Conversation } from '../entities/conversation';
import { ConversationRead } from '../entities/conversation-read';
import { Delivery } from '../entities/delivery';
import { Handoff } from '../entities/handoff';
import { HandoffHold } from '../entities/handoff-hold';
import { HandoffRung } from '../entities/handoff-rung';
import { Host } from '../entities/host';
import { Inquiry } from '../entities/inquiry';
import { InquiryAnswer } from '../entities/inquiry-answer';
import { Invitation } from '../entities/invitation';
import { InvitationAgent } from '../entities/invitation-agent';
import { MailSettings } from '../entities/mail-settings';
import { Message } from '../entities/message';
import { Note } from '../entities/note';
import { Notification } from '../entities/notification';
import { NotificationSettings } from '../entities/notification-settings';
import { Organization } from '../entities/organization';
import { PasswordReset } from '../entities/password-reset';
import { PushSubscription } from '../entities/push-subscription';
import { Session } from '../entities/session';
import { Transcript } from '../entities/transcript';
import { Turn } from '../entities/turn';
import { User } from '../entities/user';
import { UserAgent } from '../entities/user-agent';
import { Visitor } from '../entities/visitor';
import { VisitorSession } from '../entities/visitor-session';
import { Workspace } from '../entities/workspace';
import { MIGRATIONS } from './migrations';
import { SnakeNamingStrategy } from './snake-naming-strategy';
import { TYPES } from './timestamps';

const ENTITIES: (new () => object)[] = [
  Agent,
  ApiKey,
  Attachment,
  AuditEntry,
  CannedAnswer,
  Conversation,
  ConversationRead,
  Delivery,
  Handoff,
  HandoffHold,
  HandoffRung,
  Host,
  Inquiry,
  InquiryAnswer,
  Invitation,
  InvitationAgent,
  MailSettings,
  Message,
  Note,
  Notification,
  NotificationSettings,
  Organization,
  PasswordReset,
  PushSubscription,
  Session,
  Transcript,
  Turn,
  User,
  UserAgent,
  Visitor,
  VisitorSession,
  Workspace,
];

export interface DataSourceOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
  /** Whether a connection stays one session, so that what was prepared on it is there the next time. */
  readonly keepsPlans?: boolean;
}

const KEEPING_PLANS = new WeakSet<DataSource>();

/** Whether statements may be prepared under a name. */
export function keepsPlans(source: DataSource): boolean {
  return KEEPING_PLANS.has(source);
}

/** A pool on one PostgreSQL. Call `initialize()` before use and `destroy()` at the end. */
export function createDataSource(options: DataSourceOptions): DataSource {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNamingStrategy(),
    applicationName: options.applicationName,
    logging: false,
    synchronize: false,
    poolSize: options.poolSize,
    // Pipelined: what is asked before the answer to the last question is there goes along in the same round trip.
    extra: { connectionTimeoutMillis: 10_000, pipeline: true, types: TYPES },
  });
  if (options.keepsPlans ?? true) KEEPING_PLANS.add(source);
  return source;
}
