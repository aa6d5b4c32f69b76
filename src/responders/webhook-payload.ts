import type { TranscriptEntry, Turn } from './responder';

/** The JSON that a webhook receives, in the envelope that Standard Webhooks recommends. Times are ISO 8601 in UTC. */
export function toWebhookPayload(turn: Turn): Record<string, unknown> {
  return {
    type: 'agent_turn.created',
    timestamp: turn.message.createdAt.toISOString(),
    data: {
      turnId: turn.id,
      conversationId: turn.conversationId,
      controlEpoch: turn.controlEpoch,
      agent: turn.agent,
      visitor: turn.visitor,
      brief: turn.brief,
      mayRequestHuman: turn.mayRequestHuman,
      message: toWebhookEntry(turn.message),
      transcript: turn.transcript.map(toWebhookEntry),
    },
  };
}

function toWebhookEntry(entry: TranscriptEntry): Record<string, unknown> {
  return { ...entry, createdAt: entry.createdAt.toISOString() };
}
