import { Desk } from './desk';
import type { Followed } from './follow';
import { followEvents, type FollowedEvents } from './follow-events';
import { act, chanceOf, nobodyOn, type Stage } from './stage';
import type { World, WorldOperator } from './world';

const PAUSE_MS = 450;
/** At the same time. */
const MOST_LOOKED_AT = 3;

const HABITS = {
  accept: 30,
  takeOver: 12,
  write: 26,
  sendFile: 10,
  note: 24,
  /** Opens the stream of one conversation, as a dashboard does whose operator looks at it. */
  look: 3,
  /** Without having it: somebody else’s, or the AI’s. */
  meddle: 6,
  handBack: 14,
  /** To a colleague or, as often, to the team. */
  handOn: 20,
  close: 4,
  drop: 4,
} as const;

/** An operator at a dashboard, whose feed tells what waits. Resolves when the feed has begun; `work` runs until the end. */
export async function openDashboard(
  stage: Stage,
  world: World,
  operator: WorldOperator,
  keep: (followed: Followed) => void,
): Promise<{ work(): Promise<void> }> {
  const chance = chanceOf(stage, operator.name);
  const caller = nobodyOn(stage, chance).as(operator.token);
  const colleagues = world.operators.filter(({ userId }) => userId !== operator.userId);
  const { lonelyAgentId } = world;
  const desk = new Desk(stage, { operator, colleagues, lonelyAgentId }, caller, chance);
  const feeds: FollowedEvents[] = (['ORGANIZATION', 'HANDOFFS'] as const).map((kind): FollowedEvents => {
    const name = `${operator.name}’s ${kind.toLowerCase()} feed`;
    return followEvents({
      ...stage,
      token: operator.token,
      chance: chanceOf(stage, name),
      name,
      kind,
      scopeId: world.organizationId,
      agentIds: operator.agentIds,
      after: world.cursor,
      readsNotes: true,
      onEvent: kind === 'ORGANIZATION' ? (event) => desk.see(event) : undefined,
    });
  });
  feeds.forEach(keep);
  const looked = new Set<string>();
  const look = (scopeId: string | null): void => {
    if (scopeId === null || looked.has(scopeId) || looked.size === MOST_LOOKED_AT) return;
    looked.add(scopeId);
    const name = `${operator.name}’s view ${looked.size}`;
    const view = followEvents({
      ...stage,
      ...{ name, kind: 'CONVERSATION', scopeId, token: operator.token, chance: chanceOf(stage, name) },
      ...{ agentIds: null, after: null, readsNotes: true, isLate: true },
    });
    feeds.push(view);
    keep(view);
  };
  await Promise.all(feeds.map(({ begun }) => begun));
  return {
    work: () =>
      act(stage, chance, PAUSE_MS, async () => {
        const habit = chance.weighted(HABITS);
        if (habit === 'drop') feeds.forEach((feed) => feed.drop());
        else if (habit === 'look') look(desk.anyConversation);
        else await desk[habit]();
      }),
  };
}
