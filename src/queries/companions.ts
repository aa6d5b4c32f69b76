import type { Conversation } from '../entities/conversation';
import type { Loaders } from './loaders';

/** What a conversation leads to, by the names of its fields in the API. */
export type Companion = 'visitor' | 'agent' | 'operator' | 'lastMessage' | 'author';

/**
 * Reads ahead what a page of conversations leads to, all of it in one round trip, and the operators who wrote the last
 * messages in a second one. What is not read here the fields read for themselves.
 */
export async function readCompanions(
  loaders: Loaders,
  rows: readonly Conversation[],
  companions: ReadonlySet<Companion>,
): Promise<void> {
  for (const row of rows) loaders.conversations.tell(row.id, row);
  const has = (companion: Companion): boolean => companions.has(companion);
  const written = rows.filter(({ lastSequence }) => lastSequence > 0);
  const lastMessages = written.map(({ id, lastSequence }) => ({ conversationId: id, sequence: lastSequence }));
  const operators = rows.flatMap(({ operatorId }) => operatorId ?? []);
  const reads: Promise<void>[] = [];
  if (has('visitor') || has('author')) reads.push(loaders.visitors.readAhead(rows.map(({ visitorId }) => visitorId)));
  if (has('agent') || has('author')) reads.push(loaders.agents.readAhead(rows.map(({ agentId }) => agentId)));
  if (has('operator') || has('author')) reads.push(loaders.users.readAhead(operators));
  if (has('lastMessage')) reads.push(loaders.messageAt.readAhead(lastMessages));
  await Promise.all(reads);
  if (!has('author') || !has('lastMessage')) return;
  const messages = await Promise.all(lastMessages.map((key) => loaders.messageAt.load(key)));
  await loaders.users.readAhead(
    messages.flatMap((message) => (message?.authorKind === 'OPERATOR' ? (message.authorUserId ?? []) : [])),
  );
}
