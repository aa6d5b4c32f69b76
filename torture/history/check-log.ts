import { groupBy } from './group-by';
import type { EventRow, FinalState, MessageRow } from './final-state';
import type { Breach } from './history';

/** The log itself: dense, complete, in the order of each conversation, and consumed to its end. */
export function checkLog(final: FinalState): Breach[] {
  return [
    ...checkPositions(final),
    ...checkConversations(final),
    ...checkMessagesInLog(final),
    ...checkEpochs(final.events),
    ...checkTurns(final),
  ];
}

function checkPositions({ events, log, outboxRows, routerPosition }: FinalState): Breach[] {
  const breaches: Breach[] = [];
  let expected = log.prunedPosition + 1;
  for (const { position } of events) {
    if (position !== expected) {
      breaches.push({ kind: 'LOG_HOLE', detail: `position ${expected} of the log is missing: ${position} comes next` });
    }
    expected = position + 1;
  }
  if (expected !== log.position + 1) {
    breaches.push({
      kind: 'LOG_HOLE',
      detail: `the log ends at ${expected - 1} and says that it ends at ${log.position}`,
    });
  }
  if (outboxRows > 0) breaches.push({ kind: 'OUTBOX_LEFT', detail: `${outboxRows} rows are left in the outbox` });
  if (routerPosition !== log.position) {
    const detail = `the router stands at ${routerPosition} of ${log.position}: what follows from the rest is not written`;
    breaches.push({ kind: 'NOTIFICATION_LOST', detail });
  }
  return breaches;
}

function checkConversations({ conversations, messages }: FinalState): Breach[] {
  const byConversation = groupBy(messages, (message) => message.conversationId);
  return conversations.flatMap(({ id, lastSequence }): Breach[] => {
    const numbers = (byConversation.get(id) ?? []).map(({ sequence }) => sequence).sort((a, b) => a - b);
    const hole = numbers.findIndex((number, index) => number !== index + 1);
    if (hole !== -1) {
      const detail = `conversation ${id} has ${numbers[hole] ?? '?'} where message ${hole + 1} belongs`;
      return [{ kind: 'REORDERED', detail }];
    }
    if (numbers.length === lastSequence) return [];
    const detail = `conversation ${id} counts ${lastSequence} messages and has ${numbers.length}`;
    return [{ kind: 'LOST', detail }];
  });
}

/** Each message is told once, and those of a conversation in the order of their numbers. */
function checkMessagesInLog({ events, messages }: FinalState): Breach[] {
  const breaches: Breach[] = [];
  const rows = new Map<string, MessageRow>(messages.map((message) => [message.id, message]));
  const told = new Set<string>();
  const last = new Map<string, number>();
  for (const { name, subjectId, position } of events) {
    if (name !== 'MESSAGE_ADDED') continue;
    const row = rows.get(subjectId);
    if (row === undefined) {
      breaches.push({ kind: 'LOST', detail: `message ${subjectId} was told at ${position} and is not in its table` });
      continue;
    }
    if (told.has(subjectId)) {
      breaches.push({ kind: 'DOUBLED', detail: `message ${subjectId} is in the log again at ${position}` });
      continue;
    }
    told.add(subjectId);
    const before = last.get(row.conversationId) ?? 0;
    if (row.sequence <= before) {
      const detail = `the log tells message ${row.sequence} of ${row.conversationId} behind ${before}, at ${position}`;
      breaches.push({ kind: 'REORDERED', detail });
    }
    last.set(row.conversationId, Math.max(before, row.sequence));
  }
  for (const { id } of messages) {
    if (!told.has(id))
      breaches.push({ kind: 'LOST', detail: `message ${id} is in its table and never came into the log` });
  }
  return breaches;
}

/** Every change of control raises the epoch by one, and is told in that order. */
function checkEpochs(events: readonly EventRow[]): Breach[] {
  const breaches: Breach[] = [];
  const last = new Map<string, number>();
  for (const { name, subjectId, controlEpoch, position } of events) {
    if (name !== 'CONVERSATION_CHANGED' || controlEpoch === null) continue;
    const before = last.get(subjectId) ?? 0;
    if (controlEpoch !== before + 1) {
      const detail = `conversation ${subjectId} goes from epoch ${before} to ${controlEpoch} at ${position}`;
      breaches.push({ kind: 'CONTROL_BROKEN', detail });
    }
    last.set(subjectId, controlEpoch);
  }
  return breaches;
}

function checkTurns({ turns }: FinalState): Breach[] {
  return turns
    .filter(({ state }) => state === 'OPEN' || state === 'FAILED')
    .map(({ id, conversationId, state }) => {
      const what = state === 'OPEN' ? 'is still open' : 'failed, though its responder never does';
      return { kind: 'TURN_LEFT_OPEN', detail: `turn ${id} of conversation ${conversationId} ${what}` };
    });
}
