import { groupBy } from './group-by';
import type { MessageRow } from './final-state';
import type { Breach, History, WhileWaiting } from './history';
import { acceptedName, transitionOf } from './announcements';

/** Who may answer, as the transcript itself tells it. */
interface Control {
  readonly controller: 'AI' | 'HUMAN' | 'NONE';
  readonly operatorId: string | null;
  readonly isClosed: boolean;
}

const BY_AI: Control = { controller: 'AI', operatorId: null, isClosed: false };

/**
 * Reads each transcript by its numbers: from an announcement on, control is where it says. The AI may write only while it
 * has control, and an operator only while that operator has it.
 */
export function checkControl({ agents, operators, final }: History): Breach[] {
  const waiting = new Map(agents.map(({ id, whileWaiting }) => [id, whileWaiting]));
  const named = new Map(operators.map(({ name, userId }) => [name, userId]));
  const transcripts = groupBy(final.messages, (message) => message.conversationId);
  return final.conversations.flatMap(({ id, agentId }) => {
    const transcript = (transcripts.get(id) ?? []).toSorted((a, b) => a.sequence - b.sequence);
    return checkTranscript(transcript, named, waiting.get(agentId) ?? 'AI_SILENT');
  });
}

function checkTranscript(
  transcript: readonly MessageRow[],
  named: ReadonlyMap<string, string>,
  whileWaiting: WhileWaiting,
): Breach[] {
  const breaches: Breach[] = [];
  let control = BY_AI;
  for (const message of transcript) {
    if (message.kind === 'HANDOFF_EVENT') {
      control = after(message, control, named, whileWaiting);
    } else if (message.kind === 'TEXT') {
      // A visitor who writes opens a closed conversation again.
      if (message.authorKind === 'VISITOR' && control.isClosed) control = BY_AI;
      breaches.push(...judge(message, control));
    }
  }
  return breaches;
}

function after(
  { text }: MessageRow,
  before: Control,
  named: ReadonlyMap<string, string>,
  whileWaiting: WhileWaiting,
): Control {
  switch (transitionOf(text)) {
    case 'requested':
      // Whoever was with a person is not put off with the AI, whatever the agent is set to.
      return { ...BY_AI, controller: whileWaiting === 'AI_ANSWERS' && before.controller !== 'HUMAN' ? 'AI' : 'NONE' };
    case 'accepted':
      return { ...BY_AI, controller: 'HUMAN', operatorId: named.get(acceptedName(text)) ?? null };
    case 'returned':
    case 'unanswered':
    case 'cancelled':
      return BY_AI;
    case 'closed':
      return { controller: 'NONE', operatorId: null, isClosed: true };
  }
}

function judge({ authorKind, authorId, conversationId, sequence, text }: MessageRow, control: Control): Breach[] {
  const where = `message ${sequence} of conversation ${conversationId} (“${text.slice(0, 60)}”)`;
  if (authorKind === 'AI' && control.controller !== 'AI') {
    const who =
      control.controller === 'HUMAN' ? `operator ${control.operatorId ?? '?'} had control` : 'nobody had control';
    return [{ kind: 'SPOKEN_OVER', detail: `${where} is the AI’s, while ${who}` }];
  }
  if (authorKind === 'OPERATOR' && (control.controller !== 'HUMAN' || control.operatorId !== authorId)) {
    return [{ kind: 'TWO_OPERATORS', detail: `${where} is of operator ${authorId ?? '?'}, who did not have control` }];
  }
  return [];
}
