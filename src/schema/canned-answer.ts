import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from './node';
import { Organization } from './organization';
import { DateTimeScalar } from './scalars';

@ObjectType('CannedAnswer', {
  implements: Node,
  description:
    'An answer that an organization has written once, for its operators to send again and again. For those with HANDLE_CONVERSATIONS or MANAGE_ORGANIZATION in it.',
})
export class CannedAnswer implements Node {
  id!: string;

  @Field(() => String, { description: 'What operators find it by in a list: one line of at most 100 characters.' })
  title!: string;

  @Field(() => String, {
    description:
      'What operators type to have it, such as `/refund`: in lower case, with its slash. No two of an organization are the same.',
  })
  shortcut!: string;

  @Field(() => String, {
    description:
      'The text with its placeholders, such as `{{visitor.name|there}}`: plain text or Markdown source, never HTML. Ask `textFor` for what is to be sent.',
  })
  text!: string;

  @Field(() => Organization, { description: 'The organization whose operators have it.' })
  organization?: Organization;

  @Field(() => Int, {
    description:
      'Goes up by one at every change. Send it as `expectedVersion` so that you do not overwrite what others saved meanwhile.',
  })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: Date;

  organizationRef!: string;
  workspaceRef!: string;
}

@ObjectType('CannedAnswerText', { description: 'A canned answer, filled in for one conversation and one operator.' })
export class CannedAnswerText {
  @Field(() => String, {
    description:
      'What to put into the composer: plain text or Markdown source, short enough for `sendMessage`. Names stand in it as they were given: escape it when you draw it.',
  })
  text!: string;

  @Field(() => [String], {
    description:
      'Placeholders without a value and without a text instead, such as `visitor.name`: nothing stands in their places. Point the operator at them.',
  })
  missing!: string[];
}
