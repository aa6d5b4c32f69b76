import { Field, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

// `conversation` is declared by its field resolver: both files import this one.
@ObjectType('Note', {
  implements: Node,
  description:
    'What an operator notes for the others beside a conversation. Neither visitors nor the AI ever see one. Notes are never changed; they can be deleted.',
})
export class Note implements Node {
  id!: string;

  @Field(() => Actor, {
    nullable: true,
    description:
      'Who wrote it: a User where you may see the account, else an OperatorCard. Null when the author is gone.',
  })
  author?: Actor | null;

  @Field(() => String, {
    description: 'Plain text or Markdown source of at most 2000 code points, never HTML: escape it when you draw it.',
  })
  text!: string;

  @Field(() => DateTimeScalar, { description: 'When the server stored it. Notes are listed in this order.' })
  createdAt!: Date;

  conversationRef!: string;
  authorRef!: string;
}
