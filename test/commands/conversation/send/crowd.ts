import { sendMessage } from '../../../../src/commands/conversation/send-message';
import type { SentMessage } from '../../../../src/commands/conversation/sent-message';
import type { Database } from '../../../../src/database/database';
import { newId } from '../../../../src/database/ids';
import type { Principal } from '../../../../src/domain/actor';
import type { Outcome } from '../../../../src/domain/refusal';
import { Conversation } from '../../../../src/entities/conversation';
import { Message } from '../../../../src/entities/message';
import { insertVisitor, type World } from '../../../support/world';
import { newConversation } from '../../../support/world-rows';

/** A visitor with a conversation of its own. */
export interface Talk {
  readonly principal: Principal;
  readonly conversationId: string;
}

export async function addTalks(database: Database, world: World, count: number): Promise<Talk[]> {
  return database.source.transaction(async (manager) => {
    const talks: Talk[] = [];
    for (let at = 0; at < count; at += 1) {
      const visitor = await insertVisitor(manager, world.agent, `Visitor ${String(at)}`);
      const conversation = newConversation(world.agent, visitor.row);
      await manager.insert(Conversation, conversation);
      talks.push({ principal: visitor.principal, conversationId: conversation.id });
    }
    return talks;
  });
}

export function say(
  database: Database,
  { principal, conversationId }: Talk,
  text: string,
  clientNonce = newId(),
): Promise<Outcome<SentMessage>> {
  return sendMessage(database, principal, { conversationId, clientNonce, text });
}

export function messagesOf(database: Database, conversationId: string): Promise<Message[]> {
  return database.source.manager.find(Message, { where: { conversationId }, order: { sequence: 'ASC' } });
}

export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
