import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../random';
import type { Caller } from './caller';
import { AGENT_TURNS, type TurnView } from './documents';
import { follow, type Followed } from './follow';
import { followEvents, watchForNotes } from './follow-events';
import { chanceOf, nobodyOn, send, type Stage } from './stage';
import type { WorldAgent } from './world';

/** Conversations whose streams one runtime follows. */
const MOST_READ = 2;

/**
 * The AI runtime of one agent: takes its turns from the stream and replies, now at once and now so late that control has
 * moved meanwhile. Two of them with one key do the same work, as a careful operator runs them.
 *
 * @param keep is given the streams of conversations that it opens beside, to know more of what is said in them
 */
export function runAgent(
  stage: Stage,
  name: string,
  agent: WorldAgent & { apiKey: string },
  keep: (followed: Followed) => void,
): Followed {
  const chance = chanceOf(stage, name);
  const caller = nobodyOn(stage, chance).as(agent.apiKey);
  const underWay = new Set<string>();
  const read = new Set<string>();
  const readAlong = (scopeId: string): void => {
    if (read.size === MOST_READ || read.has(scopeId)) return;
    read.add(scopeId);
    const stream = `${name}, conversation ${read.size}`;
    const about = { name: stream, kind: 'CONVERSATION', scopeId, agentIds: null, after: null } as const;
    const { apiKey: token } = agent;
    keep(followEvents({ ...stage, ...about, token, chance: chanceOf(stage, stream), readsNotes: false, isLate: true }));
  };
  const answer = async (turn: TurnView): Promise<void> => {
    if (underWay.has(turn.id)) return;
    underWay.add(turn.id);
    await think(stage, chance);
    const isSettled = chance.happens(0.08) ? await askForPerson(caller, turn) : await reply(stage, caller, turn);
    // Nobody answered: the turn comes again when the stream does, or at once.
    if (isSettled || stage.over.aborted) return;
    underWay.delete(turn.id);
    await answer(turn);
  };
  return follow<TurnView>({
    ...stage,
    token: agent.apiKey,
    chance: chanceOf(stage, `${name}’s stream`),
    query: AGENT_TURNS,
    variables: () => ({ id: agent.publicId }),
    onItem: (turn) => {
      watchForNotes(stage.recorder, name, turn);
      const { id, notes } = turn.conversation;
      if (notes !== null) stage.recorder.sightings.push({ who: name, what: `the notes of ${id}, in a turn` });
      readAlong(id);
      answer(turn).catch((error: unknown) => stage.recorder.trouble(`${name}: ${String(error)}`));
    },
  });
}

async function think(stage: Stage, chance: Chance): Promise<void> {
  const ms = chance.happens(0.12) ? chance.between(1_500, 5_000) : chance.between(20, 400);
  await delay(stage.acting.aborted ? 20 : ms);
}

async function askForPerson(caller: Caller, turn: TurnView): Promise<boolean> {
  const { conversation, controlEpoch } = turn;
  const request = {
    conversationId: conversation.id,
    controlEpoch,
    reason: 'I cannot help.',
    summary: turn.message.text,
  };
  const { kind, ...rest } = await caller.call('requestHandoff', request);
  // Refused because of its epoch: the turn is over. For any other reason somebody still waits for an answer.
  return kind === 'DONE' || (kind === 'REFUSED' && 'codes' in rest && rest.codes.includes('STALE_CONTROL_EPOCH'));
}

async function reply(
  stage: Stage,
  caller: Caller,
  { id, conversation, controlEpoch, message }: TurnView,
): Promise<boolean> {
  const answer = await send(stage, caller, {
    mutation: 'postAgentReply',
    conversationId: conversation.id,
    authorKind: 'AI',
    authorId: null,
    nonce: id,
    text: `About “${message.text}”`,
    more: { controlEpoch },
  });
  return answer.kind !== 'UNKNOWN';
}
