import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { addNote } from '../commands/conversation/add-note';
import { deleteNote } from '../commands/conversation/delete-note';
import { encodePublicId } from '../domain/public-id';
import { presentNote } from '../presenters/present-note';
import type { Actor } from '../schema/actor';
import { Conversation } from '../schema/conversation';
import { AddNoteInput, DeleteNoteInput } from '../schema/inputs/note-inputs';
import { Note } from '../schema/note';
import { DeleteNotePayload, NotePayload } from '../schema/payloads/note-payloads';
import { loadConversation } from './conversation-resolver';
import { answer, inputId } from './payload';
import { type RequestContext, signedIn } from './request-context';
import { visiblePerson } from './visible-person';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver(() => Note)
export class NoteResolver {
  @Mutation(() => NotePayload, {
    nullable: true,
    description:
      'Notes something for the other operators beside a conversation. A retry with the same `clientNonce` returns the first note.',
  })
  async addNote(
    @Arg('input', () => AddNoteInput, INPUT) input: AddNoteInput,
    @Ctx() context: RequestContext,
  ): Promise<NotePayload> {
    return answer(
      async () => {
        const ids = { conversationId: inputId('conversation', input.conversationId, 'conversationId') };
        return addNote(context.app.database, signedIn(context), { ...input, ...ids });
      },
      (note) => ({ note: note && presentNote(note) }),
    );
  }

  @Mutation(() => DeleteNotePayload, {
    nullable: true,
    description: 'Deletes a note for everybody, out of the event log too: by its author, or with MANAGE_ORGANIZATION.',
  })
  async deleteNote(
    @Arg('input', () => DeleteNoteInput, INPUT) input: DeleteNoteInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteNotePayload> {
    return answer(
      async () => {
        const noteId = inputId('note', input.noteId, 'noteId');
        return deleteNote(context.app.database, signedIn(context), { noteId });
      },
      (deleted) => ({ deletedNoteId: deleted && encodePublicId('note', deleted.noteId) }),
    );
  }

  @FieldResolver(() => Conversation, { description: 'The conversation that it stands beside, as it is now.' })
  async conversation(@Root() root: Note, @Ctx() context: RequestContext): Promise<Conversation> {
    return loadConversation(context, root.conversationRef);
  }

  @FieldResolver()
  async author(@Root() root: Note, @Ctx() context: RequestContext): Promise<Actor | null> {
    return visiblePerson(context, root.authorRef);
  }
}
