import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Database } from '../../../database/database';
import { type Ask, withinPrepared } from '../../../database/prepared';
import type { TenantScope } from '../../../database/scope';
import type { Principal } from '../../../domain/actor';
import { authorOf, decideWriting } from '../../../domain/conversation/decide-writing';
import { done, type Outcome, refused } from '../../../domain/refusal';
import { Conversation } from '../../../entities/conversation';
import { Message } from '../../../entities/message';
import { repeated, type SendMessage, type SentMessage } from '../sent-message';
import { type BatchConversation, BatchDraft } from './batch-draft';
import { LOCK, type LockedRows, readConversations, readKnown, WRITE } from './send-statements';

export interface Send {
  readonly principal: Principal;
  readonly input: SendMessage;
}

/** HELD: another transaction has locked the conversation. ALONE: it takes more than a message, so `sendAlone` does it. */
export type BatchAnswer = Outcome<SentMessage> | 'HELD' | 'ALONE';

/**
 * Writes messages of one scope in one transaction of a constant number of statements, whoever of the scope sends them to
 * whichever of its conversations. Each gets the answer that it would get alone, in the order of `sends`; the rules are
 * those of `decideWriting`, and the rows those of `nextMessage` and `newTurn`, as in `sendAlone`.
 *
 * All or nothing: whatever it throws, nothing of the batch was written.
 */
export async function sendTogether(
  database: Database,
  scope: TenantScope,
  sends: readonly Send[],
  lockedRows: LockedRows,
): Promise<BatchAnswer[]> {
  const { answers, hasWritten } = await withinPrepared(database.source, scope, async (ask) => {
    const batch = await readBatch(database.source, ask, sends, lockedRows);
    const draft = new BatchDraft();
    const answers = sends.map((send) => answer(send, batch, draft));
    const { parameters } = draft;
    if (parameters !== null) await ask(WRITE, parameters, 'LAST');
    return { answers, hasWritten: parameters !== null };
  });
  if (hasWritten) database.afterCommit();
  return answers;
}

interface Batch {
  readonly conversations: ReadonlyMap<string, BatchConversation>;
  /** By `nonceKey`: what was written before, and then what this batch writes. */
  readonly known: Map<string, Message>;
}

function answer({ principal, input }: Send, { conversations, known }: Batch, draft: BatchDraft): BatchAnswer {
  const to = conversations.get(input.conversationId) ?? null;
  const decision = decideWriting(principal, to?.row ?? null);
  if (!decision.ok) return refused(decision.refusal);
  // Beyond this, what has been read must not have changed.
  if (to?.isLocked !== true) return 'HELD';

  const { author, barred } = decision;
  const key = nonceKey(author, input);
  const first = known.get(key);
  if (first !== undefined) return repeated(first, input);
  if (barred !== null) return refused(barred);
  if (to.row.status === 'CLOSED') return 'ALONE';
  const message = draft.write(to, author, principal, input);
  known.set(key, message);
  return done({ message, wasDuplicate: false });
}

const nonceKey = (
  { authorKind, authorUserId }: Pick<Message, 'authorKind' | 'authorUserId'>,
  { conversationId, clientNonce }: Pick<Message, 'conversationId' | 'clientNonce'>,
): string => [conversationId, authorKind, authorUserId, clientNonce].join(' ');

async function readBatch(source: DataSource, ask: Ask, sends: readonly Send[], lockedRows: LockedRows): Promise<Batch> {
  const ids = [...new Set(sends.map(({ input }) => input.conversationId))];
  const nonces = sends.flatMap(({ principal, input }) => {
    const author = authorOf(principal);
    return author === null ? [] : [{ author, input }];
  });
  const [locked, conversations, known] = await Promise.all([
    ask<{ id: string }>(LOCK[lockedRows], [ids]),
    ask<Conversation & Omit<BatchConversation, 'row' | 'isLocked'>>(
      readConversations(columnsOf(source, Conversation, 'c')),
      [ids],
    ),
    ask<Message>(readKnown(columnsOf(source, Message, 'm')), [
      nonces.map(({ input }) => input.conversationId),
      nonces.map(({ author }) => author.authorKind),
      nonces.map(({ author }) => author.authorUserId),
      nonces.map(({ input }) => input.clientNonce),
    ]),
  ]);
  const lockedIds = new Set(locked.map(({ id }) => id));
  return {
    conversations: new Map(
      conversations.map(({ responderKind, brief, now, ...row }) => {
        return [row.id, { row, responderKind, brief, now, isLocked: lockedIds.has(row.id) }];
      }),
    ),
    known: new Map(known.map((message) => [nonceKey(message, message), message])),
  };
}

/** The entity's columns under the names of its properties, so that a row of the driver is the entity's object. */
function columnsOf(source: DataSource, entity: EntityTarget<ObjectLiteral>, alias: string): string {
  return source
    .getMetadata(entity)
    .columns.map(({ databaseName, propertyName }) => `${alias}.${databaseName} as "${propertyName}"`)
    .join(', ');
}
