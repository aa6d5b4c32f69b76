import { encodePublicId } from '../domain/public-id';
import type { Turn as TurnRow } from '../entities/turn';
import { AgentTurn } from '../schema/agent-turn';

export function presentTurn(row: TurnRow): AgentTurn {
  return Object.assign(new AgentTurn(), {
    id: encodePublicId('turn', row.id),
    controlEpoch: row.controlEpoch,
    brief: row.brief,
    turnRef: row.id,
    conversationRef: row.conversationId,
    messageRef: row.messageId,
  });
}
