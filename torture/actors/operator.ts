import { uuidOf } from '../history/recorder';
import type { Chance } from '../random';
import type { Answer, Caller } from './caller';
import type { EventView } from './documents';
import type { Followed } from './follow';
import { followEvents, type FollowedEvents } from './follow-events';
import { act, chanceOf, nobodyOn, send, type Stage } from './stage';
import type { World, WorldOperator } from './world';

const PAUSE_MS = 450;

const HABITS = {
  accept: 30,
  takeOver: 12,
  write: 30,
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
  const desk = new Desk(stage, { operator, colleagues }, caller, chance);
  const feeds = (['ORGANIZATION', 'HANDOFFS'] as const).map((kind): FollowedEvents => {
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
      onEvent: kind === 'ORGANIZATION' ? (event) => desk.see(event) : undefined,
    });
  });
  feeds.forEach(keep);
  await Promise.all(feeds.map(({ begun }) => begun));
  return {
    work: () =>
      act(stage, chance, PAUSE_MS, async () => {
        const habit = chance.weighted(HABITS);
        if (habit === 'drop') feeds.forEach((feed) => feed.drop());
        else await desk[habit]();
      }),
  };
}

/** What an operator knows by the feed, and does about it. */
class Desk {
  private readonly waiting = new Map<string, string>();
  private readonly all = new Set<string>();
  private readonly mine = new Set<string>();
  /** Of each conversation the handoff as it was seen last. */
  private readonly handoffs = new Map<string, string>();
  private written = 0;

  constructor(
    private readonly stage: Stage,
    private readonly people: { readonly operator: WorldOperator; readonly colleagues: readonly WorldOperator[] },
    private readonly caller: Caller,
    private readonly chance: Chance,
  ) {}

  see({ handoff, conversation }: EventView): void {
    if (handoff !== undefined) this.handoffs.set(handoff.conversation.id, handoff.id);
    if (handoff?.state === 'REQUESTED') this.waiting.set(handoff.conversation.id, handoff.id);
    else if (handoff !== undefined) this.waiting.delete(handoff.conversation.id);
    if (conversation === undefined) return;
    this.all.add(conversation.id);
    if (conversation.operator?.id === this.people.operator.publicId) this.mine.add(conversation.id);
    else this.mine.delete(conversation.id);
  }

  async accept(): Promise<void> {
    const handoffId = this.one(this.waiting.values());
    if (handoffId !== null) this.claimed(await this.caller.call('acceptHandoff', { handoffId }));
  }

  async takeOver(): Promise<void> {
    const conversationId = this.one(this.all);
    if (conversationId !== null) this.claimed(await this.caller.call('takeOverConversation', { conversationId }));
  }

  async write(): Promise<void> {
    await this.say(this.one(this.mine));
  }

  async meddle(): Promise<void> {
    await this.say(this.one(this.all));
  }

  async handBack(): Promise<void> {
    const conversationId = this.one(this.mine);
    if (conversationId === null) return;
    await this.caller.call('handBackToAi', { conversationId, brief: `Settled by ${this.people.operator.name}.` });
  }

  async handOn(): Promise<void> {
    const handoffId = this.handoffs.get(this.one(this.mine) ?? '');
    if (handoffId === undefined) return;
    const { colleagues } = this.people;
    const [first, ...others] = colleagues;
    const toTeam = first === undefined || this.chance.weighted({ team: 1, colleague: 1 }) === 'team';
    const toUserId = toTeam ? null : this.chance.pick([first, ...others]).publicId;
    await this.caller.call('transferHandoff', { handoffId, toUserId });
  }

  async close(): Promise<void> {
    const conversationId = this.one(this.mine);
    if (conversationId !== null) await this.caller.call('closeConversation', { conversationId });
  }

  private claimed(answer: Answer): void {
    const { handoff, conversation } = answer.kind === 'DONE' ? answer.payload : {};
    if (handoff == null || conversation == null) return;
    this.stage.recorder.claims.push({ handoffId: uuidOf(handoff.id), operatorId: this.people.operator.userId });
    this.handoffs.set(conversation.id, handoff.id);
    this.mine.add(conversation.id);
  }

  private async say(conversationId: string | null): Promise<void> {
    if (conversationId === null) return;
    this.written += 1;
    const { name, userId } = this.people.operator;
    await send(this.stage, this.caller, {
      mutation: 'sendMessage',
      conversationId,
      authorKind: 'OPERATOR',
      authorId: userId,
      nonce: `${name}-${this.written}`,
      text: `This is ${name}, ${this.written}`,
    });
  }

  private one(ids: Iterable<string>): string | null {
    const [first, ...others] = ids;
    return first === undefined ? null : this.chance.pick([first, ...others]);
  }
}
