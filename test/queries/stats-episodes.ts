import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { newId } from '../../src/database/ids';
import type { HandoffOrigin, HandoffState, HoldEnding, HoldOrigin } from '../../src/domain/conversation/states';
import { Conversation } from '../../src/entities/conversation';
import { Handoff } from '../../src/entities/handoff';
import { HandoffHold } from '../../src/entities/handoff-hold';
import { Message } from '../../src/entities/message';
import type { World } from '../support/world';
import { newConversation } from '../support/world-rows';

export const USERS = ['operator', 'secondOperator', 'owner'] as const;
/** Where the time of the episodes begins; each lies within the first hour of some day. */
export const BEGINNING = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

export interface HoldPlan {
  readonly user: (typeof USERS)[number];
  readonly began: number;
  /** Null: the operator still has it. */
  readonly ended: number | null;
  readonly ending: HoldEnding | null;
  readonly origin: HoldOrigin;
  readonly responded: number | null;
}

/** One handoff, as a test thinks of it. Times are milliseconds since 1970. */
export interface EpisodePlan {
  readonly agent: 'agent' | 'secondAgent';
  readonly origin: HandoffOrigin;
  readonly state: HandoffState;
  readonly requested: number;
  readonly holds: readonly HoldPlan[];
}

const span = fc.integer({ min: 0, max: 3_600_000 });
const drawnHold = fc.record({
  user: fc.constantFrom(...USERS),
  gap: span,
  length: span,
  answer: fc.option(span, { freq: 3 }),
});
const drawn = fc.record({
  agent: fc.constantFrom('agent' as const, 'secondAgent' as const),
  origin: fc.constantFrom<HandoffOrigin>('VISITOR', 'AI', 'OPERATOR'),
  day: fc.integer({ min: 0, max: 9 }),
  // Often at the very border of a day.
  at: fc.oneof(fc.constant(0), span),
  holds: fc.array(drawnHold, { maxLength: 3 }),
  ending: fc.constantFrom<HandoffState>('REQUESTED', 'ACCEPTED', 'RETURNED', 'RESOLVED', 'UNANSWERED', 'CANCELLED'),
});

export const episodes = fc.array(
  drawn.map(({ agent, origin, day, at, holds, ending }): EpisodePlan => {
    const isHeldAtLast = ending === 'ACCEPTED' || ending === 'RETURNED' || ending === 'RESOLVED';
    const [first] = holds;
    // What was never held ended without anybody; nobody takes over without having it.
    if (first === undefined) {
      const state = isHeldAtLast ? 'CANCELLED' : ending;
      return {
        agent,
        origin: origin === 'OPERATOR' ? 'AI' : origin,
        state,
        requested: BEGINNING + day * DAY + at,
        holds: [],
      };
    }
    const requested = BEGINNING + day * DAY + at;
    let clock = requested;
    const plans = holds.map(({ user, gap, length, answer }, index): HoldPlan => {
      const isLast = index === holds.length - 1;
      const began = (clock += index === 0 && origin === 'OPERATOR' ? 0 : gap);
      const ended = (clock += length);
      const isOpen = isLast && ending === 'ACCEPTED';
      const last = isHeldAtLast && ending !== 'ACCEPTED' ? (ending as HoldEnding) : 'TRANSFERRED';
      const begun = index === 0 ? (origin === 'OPERATOR' ? 'TAKEN_OVER' : 'ACCEPTED') : null;
      return {
        user,
        began,
        ended: isOpen ? null : ended,
        ending: isOpen ? null : isLast ? last : 'TRANSFERRED',
        origin: begun ?? (gap === 0 ? 'TRANSFERRED' : 'ACCEPTED'),
        responded: answer === null || answer > length ? null : began + answer,
      };
    });
    return { agent, origin, state: ending, requested, holds: plans };
  }),
  { minLength: 1, maxLength: 25, size: 'max' },
);

/** Writes them as rows, each in a conversation of its own with what is no first response around it. */
export async function insertEpisodes(source: DataSource, world: World, plans: readonly EpisodePlan[]): Promise<void> {
  const rows = plans.map((plan) => rowsOf(world, plan));
  const { manager } = source;
  await manager.insert(
    Conversation,
    rows.map(({ conversation }) => conversation),
  );
  await manager.insert(
    Handoff,
    rows.map(({ handoff }) => handoff),
  );
  await manager.insert(
    HandoffHold,
    rows.flatMap(({ holds }) => holds),
  );
  await manager.insert(
    Message,
    rows.flatMap(({ messages }) => messages),
  );
}

function rowsOf(world: World, { agent, origin, state, requested, holds }: EpisodePlan) {
  const conversation = { ...newConversation(world[agent], world.visitor.row), agentId: world.visitor.row.agentId };
  const { id: conversationId, workspaceId, organizationId } = conversation;
  const place = { workspaceId, organizationId, conversationId, agentId: world[agent].id };
  const last = holds.at(-1);
  const isHeld = state === 'ACCEPTED' || state === 'RETURNED' || state === 'RESOLVED';
  const isOpen = state === 'REQUESTED' || state === 'ACCEPTED';
  const handoff: Handoff = {
    id: newId(),
    ...place,
    state,
    origin,
    reason: null,
    summary: null,
    rung: null,
    nextRungAt: null,
    requestedAt: new Date(requested),
    requestedSequence: 1,
    answerBy: new Date(requested + DAY),
    acceptedAt: isHeld ? new Date(last!.began) : null,
    acceptedById: isHeld ? world[last!.user].id : null,
    transferredById: null,
    endedAt: isOpen ? null : new Date(last?.ended ?? requested),
    brief: null,
    version: 1,
  };
  const said = holds.flatMap(({ user, began, responded }) => [
    // Not of the one who has it, and not a text.
    { at: began, by: null, kind: 'TEXT' as const },
    { at: began, by: user, kind: 'INQUIRY' as const },
    ...(responded === null ? [] : [{ at: responded, by: user, kind: 'TEXT' as const }]),
  ]);
  said.sort((one, other) => one.at - other.at);
  // The operator has written before, in an earlier handoff.
  const all = [{ at: requested - 1, by: holds[0]?.user ?? null, kind: 'TEXT' as const }, ...said];
  return {
    conversation,
    handoff,
    holds: holds.map((hold): HandoffHold => ({
      id: newId(),
      ...place,
      handoffId: handoff.id,
      userId: world[hold.user].id,
      origin: hold.origin,
      beganAt: new Date(hold.began),
      endedAt: hold.ended === null ? null : new Date(hold.ended),
      ending: hold.ending,
    })),
    messages: all.map(({ at, by, kind }, index): Message => ({
      id: newId(),
      workspaceId,
      conversationId,
      sequence: index + 1,
      attachments: null,
      kind,
      authorKind: by === null ? 'VISITOR' : 'OPERATOR',
      authorUserId: by && world[by].id,
      text: 'text',
      clientNonce: null,
      handoffId: null,
      createdAt: new Date(at),
    })),
  };
}
