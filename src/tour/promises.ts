import { CONVERSATION_EVENTS, TRANSCRIPT } from './documents';
import type { ConversationEvent, Message, StreamReady } from './items';
import type { Narrator } from './narrator';
import type { Stage } from './stage';
import { TourError } from './tour-error';

interface Transcript {
  readonly lastSequence: number;
  readonly messages: { readonly nodes: readonly Message[] };
}

/** Reads everything again, as a client that was not there, and counts what was promised. */
export async function promises(
  { chat, visitor, conversationId, firstCursor }: Stage,
  narrator: Narrator,
): Promise<void> {
  narrator.scene('What was promised');
  const read = await visitor.ask<Transcript>(TRANSCRIPT, { id: conversationId });
  const messages = read.messages.nodes;
  const spoke = aiMessagesUnderAPerson(messages);
  demand(spoke === 0, `the AI should be silent while a person has the conversation, but spoke ${spoke} times`);
  narrator.kept('Messages of the AI while a person had the conversation', '0');
  narrator.kept('Operators who won the claim', '1 of 2');
  narrator.kept('A reply that the AI had begun before the claim', 'refused');

  const sequences = messages.map(({ sequence }) => sequence);
  const isDense = sequences.every((sequence, index) => sequence === index + 1);
  demand(isDense && read.lastSequence === sequences.length, `the sequence has holes: ${sequences.join(' ')}`);
  narrator.kept('Sequence of the messages, without a hole', `1…${sequences.length}`);

  const isSame = messages.map(({ id }) => id).join() === chat.messages.map(({ id }) => id).join();
  demand(isSame, 'the stream should bring what the transcript holds, but brought something else');
  narrator.kept('The stream brought what the transcript holds, each once', `${messages.length} messages`);

  const again = visitor.follow<ConversationEvent>(CONVERSATION_EVENTS, { id: conversationId, after: firstCursor });
  const ready = await again.next(
    'a stream can be resumed',
    (item): item is StreamReady => item.__typename === 'StreamReady',
  );
  demand(ready.recovered, 'a stream resumed from the first cursor should be recovered, but was not');
  narrator.kept('The stream resumed from its first cursor', `${ready.replayed} events again`);
}

/** Counts between the announcement that a person has come and the one that the AI is back. */
function aiMessagesUnderAPerson(messages: readonly Message[]): number {
  const [, arrived, left] = messages.filter(({ kind }) => kind === 'HANDOFF_EVENT').map(({ sequence }) => sequence);
  if (arrived === undefined || left === undefined)
    throw new TourError('three announcements should be in the transcript');
  return messages.filter(({ authorKind, sequence }) => authorKind === 'AI' && sequence > arrived && sequence < left)
    .length;
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new TourError(otherwise);
}
