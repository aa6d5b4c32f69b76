import { Field, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { UrlScalar } from './scalars';

export const ResponderKind = defineEnum('ResponderKind', "Where an agent's replies come from.", {
  NONE: 'Nobody writes for the AI: visitors are answered by operators only.',
  SCRIPTED: 'The server writes fixed replies. For trying things out, without any model.',
  OPENAI_COMPATIBLE: 'The server asks a model through an API in the style of OpenAI, at `url`.',
  WEBHOOK: 'The server sends each turn to `url`, signed, and takes the reply from the answer.',
  API: 'Your own program subscribes to `agentTurns` and replies with `postAgentReply`.',
});
export type ResponderKind = keyof typeof ResponderKind;

@ObjectType('Responder', {
  description:
    "Who writes the AI's replies. Keys and signing secrets can be set with `setAgentResponder` and are never returned.",
})
export class Responder {
  @Field(() => ResponderKind, { description: 'Where the replies come from.' })
  kind!: ResponderKind;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address that the server calls. Null for kinds that call none.',
  })
  url!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the model, as its provider spells it. Null unless `kind` is OPENAI_COMPATIBLE.',
  })
  model!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the model is told about its task before each reply. Null when nothing is set.',
  })
  instructions!: string | null;
}
