import type { Chance } from '../random';
import type { Caller } from './caller';
import { type ConversationView, type EventView, NOTES_OF_CONVERSATION } from './documents';
import { uploadSome } from './files';
import type { Followed } from './follow';
import { followEvents } from './follow-events';
import { act, chanceOf, nobodyOn, send, type Stage } from './stage';
import type { WorldAgent } from './world';

const PAUSE_MS = 650;

const HABITS = {
  write: 58,
  /** The same message by two ways at once, as an impatient frontend does it. */
  writeTwice: 7,
  sendFiles: 9,
  /** At what operators note about it. */
  peek: 3,
  askForPerson: 10,
  cancel: 4,
  leaveInquiry: 2,
  drop: 5,
} as const;

/** What the scripted responder answers to differently. */
const WORDS = [
  'How much is a plan?',
  'Where is my order?',
  'I want a refund.',
  'Let me talk to a person.',
  'Thank you!',
] as const;

/** A visitor of the widget: writes, asks for a person, changes its mind, loses its connection. Ends with the run. */
export async function visit(
  stage: Stage,
  name: string,
  agent: WorldAgent,
  keep: (followed: Followed) => void,
): Promise<void> {
  const chance = chanceOf(stage, name);
  const entered = await enter(stage, chance, name, agent);
  if (entered === null) return;
  const { caller, token, conversation } = entered;
  const visitor = new Visitor(stage, name, caller, chance, conversation.id);
  const followed = followEvents({
    ...stage,
    token,
    chance: chanceOf(stage, `${name}’s stream`),
    name: `${name}’s stream`,
    kind: 'CONVERSATION',
    scopeId: conversation.id,
    agentIds: null,
    after: conversation.streamCursor,
    readsNotes: false,
    onEvent: (event) => visitor.see(event),
  });
  keep(followed);
  await act(stage, chance, PAUSE_MS, async () => {
    const habit = chance.weighted(HABITS);
    if (habit === 'drop') followed.drop();
    else await visitor[habit](chance.pick(WORDS));
  });
}

interface Entered {
  readonly caller: Caller;
  readonly token: string;
  readonly conversation: ConversationView;
}

/** A session and a conversation, however long it takes; null when the run is over by then. */
async function enter(stage: Stage, chance: Chance, name: string, agent: WorldAgent): Promise<Entered | null> {
  const nobody = nobodyOn(stage, chance);
  while (!stage.acting.aborted) {
    const opened = await nobody.call('startVisitorSession', { agentPublicKey: agent.publicKey, displayName: name });
    const token = opened.kind === 'DONE' ? opened.payload.visitorToken : null;
    if (token == null) continue;
    const caller = nobody.as(token);
    const begun = await caller.call('startConversation', { idempotencyKey: name });
    const conversation = begun.kind === 'DONE' ? begun.payload.conversation : null;
    if (conversation != null) return { caller, token, conversation };
  }
  return null;
}

class Visitor {
  private written = 0;
  private waiting: string | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly name: string,
    private readonly caller: Caller,
    private readonly chance: Chance,
    private readonly conversationId: string,
  ) {}

  see({ handoff }: EventView): void {
    if (handoff !== undefined) this.waiting = handoff.state === 'REQUESTED' ? handoff.id : null;
  }

  async write(words: string): Promise<void> {
    await this.sendOnce(this.next(words));
  }

  async writeTwice(words: string): Promise<void> {
    const draft = this.next(words);
    await Promise.all([this.sendOnce(draft), this.sendOnce(draft)]);
  }

  /** Uploads them, then sends them with one message, now and then by two ways at once. */
  async sendFiles(words: string): Promise<void> {
    const draft = this.next(words);
    const { conversationId, stage, caller, chance } = this;
    const some = { conversationId, nonce: draft.nonce, count: chance.between(1, 3) };
    const files = await uploadSome(stage, caller, chance, some);
    const ways = chance.happens(0.25) ? 2 : 1;
    await Promise.all(Array.from({ length: ways }, () => this.sendOnce({ ...draft, files })));
  }

  async peek(): Promise<void> {
    const { conversationId, name, stage } = this;
    const found = await this.caller.ask<{ notes: unknown }>('peek at notes', NOTES_OF_CONVERSATION, conversationId);
    if (found != null && found.notes !== null)
      stage.recorder.sightings.push({ who: name, what: `notes: ${JSON.stringify(found.notes)}` });
  }

  async askForPerson(): Promise<void> {
    await this.caller.call('requestHandoff', { conversationId: this.conversationId, reason: 'I would like a person.' });
  }

  async cancel(): Promise<void> {
    if (this.waiting !== null) await this.caller.call('cancelHandoff', { handoffId: this.waiting });
  }

  async leaveInquiry(words: string): Promise<void> {
    const { nonce, text } = this.next(words);
    const email = `${this.name}@visitors.example`;
    await this.caller.call('submitInquiry', {
      conversationId: this.conversationId,
      idempotencyKey: nonce,
      email,
      text,
    });
  }

  private next(words: string): { nonce: string; text: string } {
    this.written += 1;
    return { nonce: `${this.name}-${this.written}`, text: `${words} (${this.name}, ${this.written})` };
  }

  private async sendOnce(draft: { nonce: string; text: string; files?: readonly string[] }): Promise<void> {
    const { conversationId } = this;
    const author = { authorKind: 'VISITOR', authorId: null } as const;
    await send(this.stage, this.caller, { mutation: 'sendMessage', conversationId, ...author, ...draft });
  }
}
