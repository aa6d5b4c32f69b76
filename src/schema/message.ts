import { Field, Int, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { Attachment } from './attachment';
import { defineEnum } from './define-enum';
import { Handoff } from './handoff';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

export const AuthorKind = defineEnum('AuthorKind', 'What kind of author a message has.', {
  VISITOR: 'The visitor wrote it.',
  AI: 'The agent, that is the AI, wrote it.',
  OPERATOR: 'A person wrote it in place of the AI.',
  SYSTEM: 'The server wrote it, for example to announce an operator.',
});
export type AuthorKind = keyof typeof AuthorKind;

export const MessageKind = defineEnum(
  'MessageKind',
  'What a message is, so that the transcript can show it fittingly.',
  {
    TEXT: 'Something that was said.',
    HANDOFF_EVENT: 'A change of control. Show it as a line between the messages.',
    INQUIRY: 'An inquiry of the visitor, or the answer to it.',
  },
);
export type MessageKind = keyof typeof MessageKind;

// `conversation` is declared by its field resolver: the file of Conversation imports this one.
@ObjectType('Message', {
  implements: Node,
  description: 'One entry of a transcript. Messages are never changed after they were written.',
})
export class Message implements Node {
  id!: string;

  @Field(() => Int, {
    description:
      'Place in the conversation: 1, 2, 3 and so on without holes. A hole in what you hold means that you have missed a message.',
  })
  sequence!: number;

  @Field(() => MessageKind, { description: 'What the message is.' })
  kind!: MessageKind;

  @Field(() => AuthorKind, { description: 'What kind of author wrote it.' })
  authorKind!: AuthorKind;

  @Field(() => Actor, {
    nullable: true,
    description:
      'Who wrote it. Visitors see operators as OperatorCard. Null when the server wrote it or the author is gone.',
  })
  author?: Actor | null;

  @Field(() => String, {
    description:
      'Plain text or Markdown source of at most 8000 code points, never HTML: escape it when you draw it. Empty when files were sent without a word.',
  })
  text!: string;

  @Field(() => [Attachment], {
    description: 'The files that were sent with it, in the order in which the sender named them.',
  })
  attachments!: Attachment[];

  @Field(() => String, {
    nullable: true,
    description:
      'Nonce that the sender gave, to match the message with the one drawn before it was sent. Null for everyone except the sender.',
  })
  clientNonce?: string | null;

  @Field(() => Handoff, {
    nullable: true,
    description: 'The handoff whose change this announces. Null unless `kind` is HANDOFF_EVENT.',
  })
  handoff?: Handoff | null;

  @Field(() => DateTimeScalar, { description: 'When the server stored the message. Sort by `sequence`, not by this.' })
  createdAt!: Date;

  messageRef!: string;
  workspaceRef!: string;
  conversationRef!: string;
  /** The user, agent or visitor who wrote it, by `authorKind`; null for SYSTEM. */
  authorRef!: string | null;
  handoffRef!: string | null;
  /** The nonce as stored; the resolver of `clientNonce` shows it to the sender alone. */
  storedClientNonce!: string | null;
}
