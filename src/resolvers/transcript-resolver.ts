import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { mailTranscript } from '../commands/conversation/mail-transcript';
import { seesColleagues } from '../domain/actor';
import { mayOnConversation } from '../domain/policies/conversation-policy';
import { presentDelivery } from '../presenters/present-notification';
import { presentTranscript } from '../presenters/present-transcript';
import { presentUser } from '../presenters/present-user';
import { Conversation } from '../schema/conversation';
import type { Delivery } from '../schema/delivery';
import { MailTranscriptInput } from '../schema/inputs/transcript-inputs';
import { MailTranscriptPayload } from '../schema/payloads/transcript-payloads';
import { Transcript } from '../schema/transcript';
import type { User } from '../schema/user';
import { subjectOf } from './conversation-resolver';
import { answer, inputId } from './payload';
import { type RequestContext, signedIn } from './request-context';
import { required, stillThere } from './required';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver(() => Conversation)
export class ConversationTranscripts {
  @FieldResolver(() => [Transcript], {
    nullable: true,
    description:
      'The transcripts that were mailed to the visitor, newest first, and what became of them. Null for the visitor and the AI runtime.',
  })
  async transcripts(@Root() root: Conversation, @Ctx() context: RequestContext): Promise<Transcript[] | null> {
    if (!mayOnConversation(signedIn(context), 'viewNotes', subjectOf(root))) return null;
    const rows = await context.loaders.transcriptsOfConversation.load(root.conversationRef);
    return [...rows].reverse().map(presentTranscript);
  }
}

@Resolver(() => Transcript)
export class TranscriptResolver {
  @Mutation(() => MailTranscriptPayload, {
    nullable: true,
    description:
      'Mails what was said in a conversation to its visitor, three times a day at most. For its visitor, and for who may handle it. ' +
      'It goes to the address of a verified visitor, else of the newest inquiry in the conversation, else to what the visitor has told; ' +
      'asked for by an anonymous visitor, to that of an answered inquiry alone. NO_MAIL_ADDRESS when there is none.',
  })
  async mailTranscript(
    @Arg('input', () => MailTranscriptInput, INPUT) input: MailTranscriptInput,
    @Ctx() context: RequestContext,
  ): Promise<MailTranscriptPayload> {
    return answer(
      async () => {
        const ids = { conversationId: inputId('conversation', input.conversationId, 'conversationId') };
        return mailTranscript(context.app.database, signedIn(context), { ...input, ...ids });
      },
      (transcript) => ({ transcript: transcript && presentTranscript(transcript) }),
    );
  }

  @FieldResolver()
  async author(@Root() root: Transcript, @Ctx() context: RequestContext): Promise<User | null> {
    if (root.authorRef === null || !seesColleagues(signedIn(context))) return null;
    return presentUser(required(await context.loaders.users.load(root.authorRef), 'user'));
  }

  @FieldResolver()
  async delivery(@Root() root: Transcript, @Ctx() context: RequestContext): Promise<Delivery> {
    const [delivery] = await context.loaders.deliveriesOfTranscript.load(root.transcriptRef);
    const shown = presentDelivery(stillThere(delivery, 'delivery'));
    // A visitor learns whether the mail has left; what the mail server said is for colleagues.
    return seesColleagues(signedIn(context)) ? shown : Object.assign(shown, { detail: null, canRetry: false });
  }
}
