import type { Database } from '../../database/database';
import { findColleague } from '../../database/operators';
import { type Transaction, transact } from '../../database/transact';
import { type Principal, readerIdOf } from '../../domain/actor';
import { checkOptionalText } from '../../domain/conversation/message-text';
import { phaseOf, transitionFor } from '../../domain/conversation/transitions';
import { notFound, type Outcome, done, type Refusal, refusal, refused } from '../../domain/refusal';
import type { Conversation } from '../../entities/conversation';
import type { Handoff } from '../../entities/handoff';
import { User } from '../../entities/user';
import { changeControl } from './change-control';
import { finish, type HandoffOutcome, lockByHandoff } from './handoff-outcome';
import type { LockedConversation } from './locked-conversation';
import { MAX_NOTE_CODE_POINTS, writeNote } from './notes';

export interface TransferHandoff {
  readonly handoffId: string;
  /** Null: to the team. It waits again then, for whoever accepts it first. */
  readonly toUserId: string | null;
  /** For the next operator. */
  readonly note: string | null;
  /** Null: in any case. */
  readonly expectedControlEpoch: number | null;
}

/**
 * Hands a conversation that a person has to another person, or back to the team, without the AI in between. An operator
 * who is named has it at once; the team has the time of a new request to accept it. Also by another operator than the one
 * who has it, to themselves included: nobody's question stays with somebody who has left.
 */
export async function transferHandoff(
  database: Database,
  principal: Principal,
  input: TransferHandoff,
): Promise<Outcome<HandoffOutcome>> {
  const invalid = checkOptionalText(input.note, MAX_NOTE_CODE_POINTS, 'note');
  if (invalid.length > 0) return refused(invalid);
  const note = input.note?.trim() === '' ? null : input.note;
  return transact(database, principal, async (transaction) => {
    const locked = await lockByHandoff(transaction, principal, input.handoffId, ['operate']);
    if (!locked.ok) return locked.outcome;
    const { conversation, handoff } = locked;
    const value = { conversation: conversation.row, handoff };
    if (handoff === null || handoff.id !== conversation.row.handoffId) {
      return refused(refusal('INVALID_TRANSITION', 'This handoff has already ended.', 'handoffId'), value);
    }
    if (isRetry(handoff, principal, input)) return done(value);
    const barred = await whyNotTo(conversation, principal, input);
    return barred === null ? transfer(conversation, principal, { ...input, note }) : refused(barred, value);
  });
}

/** Asked again, it answers as it did, and changes nothing. */
function isRetry(handoff: Handoff, principal: Principal, { toUserId }: TransferHandoff): boolean {
  if (toUserId !== null) return handoff.state === 'ACCEPTED' && handoff.acceptedById === toUserId;
  return handoff.state === 'REQUESTED' && handoff.transferredById === readerIdOf(principal);
}

async function transfer(
  conversation: LockedConversation,
  principal: Principal,
  { toUserId, note, expectedControlEpoch }: TransferHandoff,
): Promise<Outcome<HandoffOutcome>> {
  const { transaction, row } = conversation;
  const byId = readerIdOf(principal);
  const result = await changeControl(
    conversation,
    toUserId === null ? 'transferToTeam' : 'transferToOperator',
    principal,
    {
      operatorId: toUserId,
      expectedEpoch: expectedControlEpoch,
      transferredBy: { byId, byName: await nameOf(transaction, row, byId), note },
    },
  );
  if (result.ok && note !== null) await writeNote(conversation, { authorUserId: byId, text: note, clientNonce: null });
  return finish(conversation, result);
}

/** Why the person who is named cannot have it. Where the epoch or the table says no, that refusal explains better. */
async function whyNotTo(
  { transaction, row }: LockedConversation,
  principal: Principal,
  { toUserId, expectedControlEpoch }: TransferHandoff,
): Promise<Refusal | null> {
  const isCurrent = expectedControlEpoch === null || expectedControlEpoch === row.controlEpoch;
  const isPossible = isCurrent && transitionFor(phaseOf(row), 'transferToOperator') !== null;
  if (toUserId === null || !isPossible) return null;
  const person = await findColleague(transaction.manager, row, toUserId);
  if (person === null) return notFound('user', 'toUserId');
  if (!person.isOperator) {
    const missing = `${person.displayName} may not handle the conversations of this agent.`;
    return refusal('OPERATOR_UNAVAILABLE', missing, 'toUserId');
  }
  // Whoever takes it is here. Somebody else has to be: the visitor would wait for them without a deadline.
  const isHere = person.isOnline || toUserId === readerIdOf(principal);
  const away = `${person.displayName} is not online. Choose somebody who is, or hand it to the team.`;
  return isHere ? null : refusal('OPERATOR_UNAVAILABLE', away, 'toUserId');
}

async function nameOf(transaction: Transaction, row: Conversation, userId: string): Promise<string> {
  const user = await transaction.rows(User, row.workspaceId).find({ id: userId });
  return user?.displayName ?? 'An operator';
}
