import { Field, Int, ObjectType } from 'type-graphql';
import { Agent } from './agent';
import { AuditEntry } from './audit-entry';
import { ApiKey } from './api-key';
import { CannedAnswer } from './canned-answer';
import {
  connectionOf,
  countedConnectionOf,
  type Edge,
  edgeOf,
  EdgesField,
  NodesField,
  PageInfoField,
} from './connection';
import { Conversation } from './conversation';
import { Handoff } from './handoff';
import { Inquiry } from './inquiry';
import { Message } from './message';
import { Note } from './note';
import { Notification } from './notification';
import { Organization } from './organization';
import type { PageInfo } from './page-info';
import { User } from './user';

export const OrganizationConnection = connectionOf('Organization', () => Organization);
export type OrganizationConnection = InstanceType<typeof OrganizationConnection>;

export const UserConnection = connectionOf('User', () => User);
export type UserConnection = InstanceType<typeof UserConnection>;

export const AuditEntryConnection = connectionOf('AuditEntry', () => AuditEntry);
export type AuditEntryConnection = InstanceType<typeof AuditEntryConnection>;

export const AgentConnection = connectionOf('Agent', () => Agent);
export type AgentConnection = InstanceType<typeof AgentConnection>;

export const ApiKeyConnection = connectionOf('ApiKey', () => ApiKey);
export type ApiKeyConnection = InstanceType<typeof ApiKeyConnection>;

export const ConversationConnection = countedConnectionOf('Conversation', () => Conversation);
export type ConversationConnection = InstanceType<typeof ConversationConnection>;

export const MessageConnection = connectionOf('Message', () => Message);
export type MessageConnection = InstanceType<typeof MessageConnection>;

export const NoteConnection = connectionOf('Note', () => Note);
export type NoteConnection = InstanceType<typeof NoteConnection>;

export const CannedAnswerConnection = connectionOf('CannedAnswer', () => CannedAnswer);
export type CannedAnswerConnection = InstanceType<typeof CannedAnswerConnection>;

export const HandoffConnection = countedConnectionOf('Handoff', () => Handoff);
export type HandoffConnection = InstanceType<typeof HandoffConnection>;

export const InquiryConnection = countedConnectionOf('Inquiry', () => Inquiry);
export type InquiryConnection = InstanceType<typeof InquiryConnection>;

const NotificationEdge = edgeOf('Notification', () => Notification);

@ObjectType('NotificationConnection', { description: 'One page of what is under the bell, and how much of it is new.' })
export class NotificationConnection {
  @EdgesField(NotificationEdge)
  edges!: Edge<Notification>[];

  @NodesField(() => Notification)
  get nodes(): Notification[] {
    return this.edges.map((each) => each.node);
  }

  @PageInfoField()
  pageInfo!: PageInfo;

  @Field(() => Int, {
    description:
      'How many notifications of the person are not seen yet, on all pages together, up to 1000: the number beside the bell.',
  })
  get unseenCount(): Promise<number> {
    return this.countUnseen();
  }

  countUnseen!: () => Promise<number>;
}
