import { countOperators } from '../../database/operators';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import type { AuditActor } from '../../domain/audit';
import { isOpenAt } from '../../domain/conversation/business-hours';
import { decideOffer, type HandoffUnavailableReason } from '../../domain/conversation/handoff-offer';
import { checkOptionalText } from '../../domain/conversation/message-text';
import { transitionFor, phaseOf } from '../../domain/conversation/transitions';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { changeControl, newestHandoff } from './change-control';
import { finish, type HandoffOutcome, lockFor } from './handoff-outcome';
import { handoffSettingsOf } from './ladder';
import type { LockedConversation } from './locked-conversation';

export interface RequestHandoff {
  readonly conversationId: string;
  readonly reason: string | null;
  readonly summary: string | null;
  /** Required of the AI: the epoch that its turn started with. */
  readonly controlEpoch: number | null;
}

/** Asks for a person, as the visitor or, by an API key of the agent, as its AI. */
export async function requestHandoff(
  database: Database,
  principal: Principal,
  input: RequestHandoff,
): Promise<Outcome<HandoffOutcome>> {
  const invalid = checkRequest(input);
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const locked = await lockFor(transaction, principal, input.conversationId, ['visit', 'runAi'], 'conversationId');
    if (!locked.ok) return locked.outcome;
    const { conversation, handoff } = locked;
    const asAi = mayOnConversation(principal, 'runAi', conversation.row);
    if (asAi && input.controlEpoch === null) {
      const missing = refusal('INVALID', 'The AI has to say under which epoch it asks.', 'controlEpoch');
      return refused(missing, { conversation: conversation.row, handoff });
    }
    return finish(conversation, await askForPerson(conversation, principal, asAi ? 'AI' : 'VISITOR', input));
  });
}

/** The request itself, under the lock; also for the turn that a worker runs. */
export async function askForPerson(
  conversation: LockedConversation,
  by: AuditActor,
  origin: 'VISITOR' | 'AI',
  input: Omit<RequestHandoff, 'conversationId'>,
): ReturnType<typeof changeControl> {
  const current = input.controlEpoch === null || input.controlEpoch === conversation.row.controlEpoch;
  const possible = current && transitionFor(phaseOf(conversation.row), 'requestHandoff') !== null;
  // Where the epoch or the table says no, that refusal explains better than the offer does.
  const barred = possible ? await whyNotOffered(conversation, origin) : null;
  if (barred !== null) return { ok: false, refusal: barred, handoff: await newestHandoff(conversation) };
  return changeControl(conversation, 'requestHandoff', by, {
    origin,
    reason: input.reason,
    summary: origin === 'AI' ? input.summary : null,
    expectedEpoch: input.controlEpoch,
  });
}

async function whyNotOffered(conversation: LockedConversation, origin: 'VISITOR' | 'AI'): Promise<Refusal | null> {
  const { agent, row, transaction } = conversation;
  if (origin === 'AI' && !agent.aiMayRequest) {
    return refusal('HANDOFF_NOT_OFFERED', 'This agent may not ask for a person by itself.', 'conversationId');
  }
  const hours = (await handoffSettingsOf(conversation)).businessHours.value;
  const isOpen = hours === null || isOpenAt(hours, conversation.now);
  const offer = decideOffer(agent, await countOperators(transaction.manager, row), row, isOpen);
  return offer.reason === null ? null : refusal('HANDOFF_NOT_OFFERED', EXPLANATIONS[offer.reason], 'conversationId');
}

const EXPLANATIONS: Record<HandoffUnavailableReason, string> = {
  DISABLED: 'Handoff to a person is switched off for this agent.',
  NO_OPERATORS: 'Nobody can answer for this agent. You can leave your question as an inquiry.',
  OUTSIDE_BUSINESS_HOURS: 'Nobody answers at this time. You can leave your question as an inquiry.',
  NOBODY_ONLINE: 'Nobody is online at the moment. You can leave your question as an inquiry.',
  ALREADY_REQUESTED: 'A person has already been asked for.',
  HUMAN_IN_CONTROL: 'A person already has this conversation.',
  CONVERSATION_CLOSED: 'The conversation is closed. Write a message to open it again.',
};

function checkRequest(input: RequestHandoff): Refusal[] {
  return [...checkOptionalText(input.reason, 500, 'reason'), ...checkOptionalText(input.summary, 4000, 'summary')];
}
