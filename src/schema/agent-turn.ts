import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Conversation } from './conversation';
import { Message } from './message';

@ObjectType('AgentTurn', { description: "The AI's turn to speak: what to answer, and under which number of control." })
export class AgentTurn {
  @Field(() => ID, { description: 'Id of the turn. A turn that is delivered again carries the same id.' })
  id!: string;

  @Field(() => Conversation, {
    description: 'The conversation to answer in. Its `messages` are the context, those of people included.',
  })
  conversation?: Conversation;

  @Field(() => Int, {
    description: 'Send it with `postAgentReply`. If control has moved meanwhile the reply is refused: drop it.',
  })
  controlEpoch!: number;

  @Field(() => Message, { description: 'The message of the visitor that has to be answered.' })
  message?: Message;

  @Field(() => String, {
    nullable: true,
    description:
      'What the operator left for the AI on handing back. Null when there was no handoff since the last turn, or no brief.',
  })
  brief!: string | null;

  turnRef!: string;
  conversationRef!: string;
  messageRef!: string;
}
