import type { DataSource, EntityManager } from 'typeorm';
import { countOperators } from '../database/operators';
import { read } from '../database/scope';
import { type AttachedFile, withFiles } from '../domain/attachment/attached-file';
import { isOpenAt } from '../domain/conversation/business-hours';
import { decideOffer } from '../domain/conversation/handoff-offer';
import type { AuthorKind } from '../domain/conversation/states';
import { readBusinessHours } from '../queries/business-hours';
import { encodePublicId } from '../domain/public-id';
import { responderSecretPlace } from '../domain/secrets';
import { resolveBusinessHours } from '../domain/settings-layers';
import { Agent } from '../entities/agent';
import { Conversation } from '../entities/conversation';
import { Turn } from '../entities/turn';
import { Visitor } from '../entities/visitor';
import type { JobPayloads } from '../jobs/jobs';
import type { TranscriptEntry, Turn as ResponderTurn } from '../responders/responder';
import type { ResponderConfig } from '../responders/select-responder';

/** Everything that a responder is given, and the rows behind it. */
export interface LoadedTurn {
  readonly row: Turn;
  readonly turn: ResponderTurn;
  readonly config: ResponderConfig;
  /** The agent has a secret, and this process has no key that opens it. */
  readonly isSecretLocked: boolean;
}

/** What a responder sees of the conversation; more would cost every turn and help few. */
const TRANSCRIPT_LENGTH = 50;

/**
 * Loads a turn that is open and of the current epoch; null when it is neither. `openSecret` gives the clear text of a
 * sealed secret, or null.
 */
export async function loadTurn(
  source: DataSource,
  ref: JobPayloads['run-turn'],
  openSecret: (stored: string, place: string) => string | null,
): Promise<LoadedTurn | null> {
  return read(source, { workspaceId: ref.workspaceId }, (manager) => load(manager, ref, openSecret));
}

async function load(
  manager: EntityManager,
  ref: JobPayloads['run-turn'],
  openSecret: (stored: string, place: string) => string | null,
): Promise<LoadedTurn | null> {
  const { workspaceId } = ref;
  const row = await manager.findOneBy(Turn, { id: ref.turnId, workspaceId });
  const conversation = await manager.findOneBy(Conversation, { id: ref.conversationId, workspaceId });
  if (row?.state !== 'OPEN' || conversation?.controller !== 'AI' || conversation.controlEpoch !== row.controlEpoch)
    return null;
  const agent = await manager.findOneByOrFail(Agent, { id: row.agentId, workspaceId });
  const visitor = await manager.findOneByOrFail(Visitor, { id: conversation.visitorId, workspaceId });
  const operators = await countOperators(manager, conversation);
  const transcript = await readTranscript(manager, row, { AI: agent.displayName, VISITOR: visitor.displayName });
  const message = transcript.at(-1);
  if (message === undefined) throw new Error(`Message ${row.messageId} of turn ${row.id} does not exist.`);
  const { responderSecret: sealed } = agent;
  const secret = sealed === null ? null : openSecret(sealed, responderSecretPlace(agent.id));
  const businessHours = await readBusinessHours(manager, conversation);
  const hours = resolveBusinessHours(agent, { businessHours }).value;
  const offer = decideOffer(agent, operators, conversation, hours === null || isOpenAt(hours, new Date()));
  return {
    row,
    config: {
      kind: agent.responderKind,
      url: agent.responderUrl,
      model: agent.responderModel,
      instructions: agent.responderInstructions,
      secret,
    },
    isSecretLocked: sealed !== null && secret === null,
    turn: {
      id: encodePublicId('turn', row.id),
      conversationId: encodePublicId('conversation', conversation.id),
      agent: {
        id: encodePublicId('agent', agent.id),
        displayName: agent.displayName,
        instructions: agent.responderInstructions,
      },
      visitor: { displayName: visitor.displayName, locale: visitor.locale },
      controlEpoch: row.controlEpoch,
      brief: row.brief,
      message,
      transcript,
      mayRequestHuman: agent.aiMayRequest && offer.mode !== 'NONE',
    },
  };
}

interface EntryRow {
  id: string;
  sequence: number;
  author_kind: AuthorKind;
  operator_name: string | null;
  text: string;
  attachments: readonly AttachedFile[] | null;
  brief: string | null;
  created_at: Date;
}

/** Ends with the message to answer: what was announced after it (a hand-back) is in the turn's brief. */
async function readTranscript(
  manager: EntityManager,
  turn: Turn,
  names: { AI: string; VISITOR: string },
): Promise<TranscriptEntry[]> {
  const rows = await manager.query<EntryRow[]>(
    `select m.id, m.sequence, m.author_kind, u.display_name as operator_name, m.text, m.attachments, m.created_at,
       case when m.kind = 'HANDOFF_EVENT' and h.state = 'RETURNED' and m.created_at >= h.ended_at then h.brief end as brief
     from messages m
     left join users u on u.id = m.author_user_id
     left join handoffs h on h.id = m.handoff_id
     where m.conversation_id = $1 and m.workspace_id = $2
       and m.sequence <= (select sequence from messages where id = $3)
     order by m.sequence desc limit $4`,
    [turn.conversationId, turn.workspaceId, turn.messageId, TRANSCRIPT_LENGTH],
  );
  return rows.reverse().map((row) => ({
    id: encodePublicId('message', row.id),
    sequence: row.sequence,
    authorKind: row.author_kind,
    authorName: nameOf(row, names),
    text:
      row.brief === null
        ? withFiles(row.text, row.attachments)
        : `${row.text}\nNote of the person who handed back: ${row.brief}`,
    createdAt: row.created_at,
  }));
}

function nameOf(row: EntryRow, names: { AI: string; VISITOR: string }): string | null {
  if (row.author_kind === 'OPERATOR') return row.operator_name;
  return row.author_kind === 'SYSTEM' ? null : names[row.author_kind];
}
