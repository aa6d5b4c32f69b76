import { Field, ID, ObjectType } from 'type-graphql';
import type * as Audit from '../domain/audit';
import { Actor } from './actor';
import { defineEnum } from './define-enum';
import { Node } from './node';
import { Organization } from './organization';
import { DateTimeScalar } from './scalars';

const ACTIONS: Record<Audit.AuditAction, string> = {
  SIGNED_IN: 'Somebody signed in with their password. The subject is the new session.',
  SIGN_IN_FAILED: "Somebody tried to sign in to this person's account and was refused.",
  SIGNED_OUT: 'Somebody ended their session, or all of them. The subject is the session that they did it in.',
  SESSION_REVOKED: 'Somebody signed one browser out: their own, or that of somebody whom they manage.',
  SESSIONS_ENDED: 'The person who runs the server signed somebody out everywhere.',
  IMPERSONATION_STARTED: 'A member of staff logged in as this person; `changes` has the reason.',
  PASSWORD_RESET_REQUESTED: 'Somebody asked for a link for another password, and it was mailed to this person.',
  PASSWORD_CHANGED: 'The password of this person was changed, and all their sessions ended.',
  INVITATION_SENT: 'Somebody was invited to become a member.',
  INVITATION_REVOKED: 'An invitation was withdrawn.',
  INVITATION_ACCEPTED: 'An invited person made their account and signed in. The actor is the new account.',
  USER_CREATED: 'The account of a person was created.',
  USER_UPDATED: "A person's name, picture, permissions or agents were changed.",
  USER_DISABLED: 'A person was disabled, and all their sessions ended.',
  USER_ENABLED: 'A disabled person was let in again.',
  WORKSPACE_CREATED: 'The workspace was created together with its first owner.',
  WORKSPACE_HOSTS_SET: 'The hosts that show the brand of the workspace were changed.',
  WORKSPACE_MAIL_SETTINGS_UPDATED: 'The mail server of the workspace, or the sender of its mails, was changed.',
  WORKSPACE_MAIL_SETTINGS_REMOVED:
    'The mail server of the workspace was taken away: its mails leave through that of Baton.',
  WORKSPACE_MAIL_SETTINGS_VERIFIED: 'The mail server of the workspace took a test mail: its mails leave through it.',
  ORGANIZATION_CREATED: 'The organization was created.',
  ORGANIZATION_UPDATED: 'Name, language, time zone or brand of the organization were changed.',
  ORGANIZATION_HANDOFF_UPDATED: 'The ladder, the business hours or the interval of alerts were changed.',
  ORGANIZATION_HOSTS_SET: 'The hosts that show the brand of the organization were changed.',
  CANNED_ANSWER_CREATED: 'A canned answer was written.',
  CANNED_ANSWER_UPDATED: 'Title, shortcut or text of a canned answer were changed. What it says is never told.',
  CANNED_ANSWER_DELETED: 'A canned answer was deleted.',
  AGENT_CREATED: 'An agent was created.',
  AGENT_UPDATED: 'Name, picture, origins or identity verification of an agent were changed.',
  AGENT_ASSIGNED: 'An agent was given to this organization.',
  AGENT_UNASSIGNED: 'An agent was taken from this organization.',
  AGENT_HANDOFF_UPDATED: 'The handoff settings of an agent were changed.',
  AGENT_IDENTITY_SECRET_ROTATED: 'The secret that visitors of an agent are vouched for with was made anew.',
  AGENT_RESPONDER_SET: 'Who answers for an agent was changed. Its address, instructions and secret are never told.',
  API_KEY_CREATED: 'An API key was made.',
  API_KEY_ROTATED: 'An API key got another secret. Neither of them is ever told.',
  API_KEY_REVOKED: 'An API key was revoked.',
  HANDOFF_REQUESTED: 'The visitor or the AI asked for a person.',
  HANDOFF_ACCEPTED: 'An operator accepted a request.',
  HANDOFF_CANCELLED: 'A request was cancelled before anybody accepted it.',
  HANDOFF_EXPIRED: 'Nobody accepted a request in time.',
  CONVERSATION_TAKEN_OVER: 'An operator took the conversation over.',
  HANDOFF_TRANSFERRED: 'An operator handed a conversation on, to another operator or to the team.',
  CONVERSATION_HANDED_BACK: 'An operator handed the conversation back to the AI.',
  CONVERSATION_CLOSED: 'An operator closed the conversation.',
  NOTE_DELETED: 'A note of the operators was deleted. What it said is never told.',
  TRANSCRIPT_MAILED: 'The transcript of the conversation was mailed to its visitor.',
  VISITOR_EXPORTED: 'Somebody read everything that is stored about a visitor.',
  VISITOR_ERASED: 'Everything that was stored about a visitor was erased. Its id here is all that is left.',
};
export const AuditAction = defineEnum('AuditAction', 'What was done.', ACTIONS);
export type AuditAction = keyof typeof AuditAction;

const ACTOR_KINDS: Record<Audit.AuditActorKind, string> = {
  USER: 'A person who was signed in, or has just proven who they are.',
  VISITOR: 'A visitor of an agent.',
  API_KEY: 'A program with an API key.',
  ANONYMOUS: 'Somebody without a credential. Who it was is not known.',
  SYSTEM: 'The server by itself: a deadline, or the AI of an agent.',
  SERVER_OPERATOR: 'Whoever runs the server, by its command line.',
};
export const AuditActorKind = defineEnum('AuditActorKind', 'What kind of caller did it.', ACTOR_KINDS);
export type AuditActorKind = keyof typeof AuditActorKind;

const SUBJECT_KINDS: Record<Audit.AuditSubjectKind, string> = {
  WORKSPACE: 'The workspace itself.',
  ORGANIZATION: 'An organization.',
  USER: 'A person who signs in.',
  SESSION: 'A session of a person.',
  INVITATION: 'An invitation.',
  AGENT: 'An agent, the AI.',
  API_KEY: 'An API key.',
  CONVERSATION: 'A conversation.',
  VISITOR: 'A visitor, which may have been erased since.',
  CANNED_ANSWER: 'A canned answer, which may have been deleted since.',
};
export const AuditSubjectKind = defineEnum('AuditSubjectKind', 'What kind of object it was done to.', SUBJECT_KINDS);
export type AuditSubjectKind = keyof typeof AuditSubjectKind;

@ObjectType('AuditChange', { description: 'One field that was changed.' })
export class AuditChange {
  @Field(() => String, { description: 'Name of the field, such as `permissions` or `handoffEnabled`.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The value before: a text as it was, everything else as JSON. Null when there was none, and for values that are not told.',
  })
  before!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The value since: a text as it is, everything else as JSON. Null when there is none, and for values that are not told.',
  })
  after!: string | null;
}

@ObjectType('AuditEntry', {
  implements: Node,
  description:
    'Who did what to which object, from where. Entries are never changed, but that an erased visitor is no longer named. They hold no secret and no message.',
})
export class AuditEntry implements Node {
  id!: string;

  @Field(() => AuditAction, { description: 'What was done.' })
  action!: AuditAction;

  @Field(() => AuditActorKind, { description: 'What kind of caller did it.' })
  actorKind!: AuditActorKind;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the person, visitor or API key that did it. Null for every other kind. It may be gone by now.',
  })
  actorId!: string | null;

  @Field(() => Actor, {
    nullable: true,
    description:
      'The person who did it: a User where you may see the account, else an OperatorCard. Null when it was no person.',
  })
  actor?: Actor | null;

  @Field(() => Actor, {
    nullable: true,
    description: 'The member of staff who was logged in as `actor` and really did it. Null when it was `actor`.',
  })
  impersonator?: Actor | null;

  @Field(() => AuditSubjectKind, { description: 'What kind of object it was done to.' })
  subjectKind!: AuditSubjectKind;

  @Field(() => ID, { description: 'Id of the object that it was done to, for `node`. The object may be gone by now.' })
  subjectId!: string;

  @Field(() => Organization, {
    nullable: true,
    description: 'The organization that it concerns. Null when it concerns the workspace alone.',
  })
  organization?: Organization | null;

  @Field(() => [AuditChange], { description: 'What was changed, without what did not change. May be empty.' })
  changes!: AuditChange[];

  @Field(() => String, {
    nullable: true,
    description:
      'Network address of the client. Members see it of their colleagues and of callers who are not signed in; else null.',
  })
  address?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How the client named itself. Shown and hidden like `address`.',
  })
  userAgent?: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was done.' })
  createdAt!: Date;

  workspaceRef!: string;
  organizationRef!: string | null;
  /** The person who did it. */
  actorRef!: string | null;
  impersonatorRef!: string | null;
  storedAddress!: string | null;
  storedUserAgent!: string | null;
}
