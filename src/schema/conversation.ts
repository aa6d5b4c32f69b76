import { Field, Int, ObjectType } from 'type-graphql';
import { Agent } from './agent';
import { defineEnum } from './define-enum';
import { Handoff, type HandoffState } from './handoff';
import { HandoffOffer } from './handoff-offer';
import { Message } from './message';
import { Node } from './node';
import { Organization } from './organization';
import { CursorScalar, DateTimeScalar } from './scalars';
import { User } from './user';
import { Visitor } from './visitor';

export const ConversationStatus = defineEnum('ConversationStatus', 'Whether a conversation goes on.', {
  OPEN: 'Messages can be written.',
  CLOSED: 'An operator closed it. It opens again, with the AI, when the visitor writes.',
});
export type ConversationStatus = keyof typeof ConversationStatus;

export const Controller = defineEnum('Controller', 'Who may answer the visitor now.', {
  AI: 'The AI answers.',
  HUMAN: 'The operator in `operator` answers; nothing of the AI gets into the conversation.',
  NONE: 'Nobody: the AI is silent while the visitor waits for an operator, or the conversation is closed.',
});
export type Controller = keyof typeof Controller;

export const ConversationAction = defineEnum(
  'ConversationAction',
  'Something that the viewer may do with a conversation at this moment. Show a button for it, and none for what is missing.',
  {
    SEND_MESSAGE: 'Write a message with `sendMessage`.',
    REQUEST_HANDOFF: 'Ask for a person with `requestHandoff`.',
    CANCEL_HANDOFF: 'Withdraw the waiting request with `cancelHandoff`.',
    ACCEPT_HANDOFF: '"Handle chat": accept the waiting request with `acceptHandoff`.',
    TAKE_OVER: '"Continue chat yourself": answer in place of the AI, with `takeOverConversation`.',
    TRANSFER: 'Hand it on to another operator, to yourself, or to the team, with `transferHandoff`.',
    HAND_BACK: '"Pass chat to AI" with `handBackToAi`.',
    CLOSE: 'Close the conversation with `closeConversation`.',
    SUBMIT_INQUIRY: '"Submit a query": leave an inquiry with `submitInquiry`.',
  },
);
export type ConversationAction = keyof typeof ConversationAction;

@ObjectType('Conversation', {
  implements: Node,
  description: 'A visitor and an agent talking, with operators who step in.',
})
export class Conversation implements Node {
  id!: string;

  @Field(() => Agent, { description: 'The agent whose widget the visitor uses.' })
  agent?: Agent;

  @Field(() => Organization, {
    nullable: true,
    description: "The organization of the agent. Null while the agent isn't assigned to one.",
  })
  organization?: Organization | null;

  @Field(() => Visitor, { description: 'The visitor.' })
  visitor?: Visitor;

  @Field(() => ConversationStatus, { description: 'Whether the conversation goes on.' })
  status!: ConversationStatus;

  @Field(() => Controller, {
    description: 'Who may answer the visitor now. All that the widget and the dashboard show follows from it.',
  })
  controller!: Controller;

  @Field(() => Int, {
    description:
      'Number of the present span of control: one more at every change of control. An AI runtime sends it with each reply; a reply ' +
      'with an older number is refused with STALE_CONTROL_EPOCH.',
  })
  controlEpoch!: number;

  @Field(() => User, {
    nullable: true,
    description:
      'The operator in control. Null unless `controller` is HUMAN, and for visitors, who see the operator as `author` of messages.',
  })
  operator?: User | null;

  @Field(() => Handoff, {
    nullable: true,
    description: 'The handoff that is open now: REQUESTED or ACCEPTED. Null when none is.',
  })
  handoff?: Handoff | null;

  @Field(() => HandoffOffer, { description: 'What the widget has to show now about talking with a person.' })
  handoffOffer?: HandoffOffer;

  @Field(() => Message, {
    nullable: true,
    description: 'The newest message, for a preview. Null when nothing was written yet.',
  })
  lastMessage?: Message | null;

  @Field(() => Int, { description: '`sequence` of the newest message; 0 when nothing was written yet.' })
  lastSequence!: number;

  @Field(() => Int, { description: 'How many messages of others the viewer has not read. `markRead` lowers it.' })
  unreadCount?: number;

  @Field(() => Int, {
    description:
      '`sequence` up to which the visitor has read; 0 before anything was. Show "seen" under what is not above it. `ReadMarkChanged` tells of changes, and a message of the visitor is one, too.',
  })
  visitorReadSequence?: number;

  @Field(() => Int, {
    nullable: true,
    description:
      '`sequence` up to which the operator who has the conversation has read. Null while nobody has it; lower than before when it has gone to another operator. Of others who look on, nobody is told.',
  })
  operatorReadSequence?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the newest message was written. Null when nothing was written yet.',
  })
  lastMessageAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when the visitor waits for an operator. Null when the visitor does not.',
  })
  waitingSince!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When the conversation began.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed. Null while it is open.' })
  closedAt!: Date | null;

  @Field(() => Int, {
    description: 'Goes up by one at every change: of two copies the one with the higher version is newer.',
  })
  version!: number;

  @Field(() => [ConversationAction], {
    description:
      'What the viewer may do now, by the same rules that the mutations apply. A later refusal is still possible: others act too.',
  })
  viewerCan?: ConversationAction[];

  @Field(() => CursorScalar, {
    description:
      'The place that `conversationEvents` has reached. Ask for it in the same query as `messages`, ahead of them, and subscribe ' +
      'with it as `after`: then nothing is missed in between.',
  })
  streamCursor?: string;

  conversationRef!: string;
  workspaceRef!: string;
  organizationRef!: string | null;
  agentRef!: string;
  visitorRef!: string;
  operatorRef!: string | null;
  /** The open handoff, if any. */
  handoffRef!: string | null;
  /** State of the newest handoff, open or ended. */
  handoffState!: HandoffState | null;
}
