import { uuidOf } from '../history/recorder';
import type { Chance } from '../random';
import type { Answer, Caller } from './caller';
import type { EventView } from './documents';
import { uploadSome } from './files';
import { NOTE_MARK } from './follow-events';
import { addNote } from './note';
import { send, type Stage } from './stage';
import type { WorldOperator } from './world';

export interface DeskPeople {
  readonly operator: WorldOperator;
  readonly colleagues: readonly WorldOperator[];
  /** Public id of the agent whose requests nobody takes. */
  readonly lonelyAgentId: string;
}

/** What an operator knows by the feed, and does about it. */
export class Desk {
  private readonly waiting = new Map<string, string>();
  private readonly all = new Set<string>();
  private readonly mine = new Set<string>();
  /** Of each conversation the handoff as it was seen last. */
  private readonly handoffs = new Map<string, string>();
  private written = 0;

  constructor(
    private readonly stage: Stage,
    private readonly people: DeskPeople,
    private readonly caller: Caller,
    private readonly chance: Chance,
  ) {}

  see({ handoff, conversation }: EventView): void {
    const agent = (handoff?.conversation ?? conversation)?.agent;
    if (agent === undefined || agent.id === this.people.lonelyAgentId) return;
    if (handoff !== undefined) this.handoffs.set(handoff.conversation.id, handoff.id);
    if (handoff?.state === 'REQUESTED') this.waiting.set(handoff.conversation.id, handoff.id);
    else if (handoff !== undefined) this.waiting.delete(handoff.conversation.id);
    if (conversation === undefined) return;
    this.all.add(conversation.id);
    if (conversation.operator?.id === this.people.operator.publicId) this.mine.add(conversation.id);
    else this.mine.delete(conversation.id);
  }

  async accept(): Promise<void> {
    const handoffId = this.chance.pickAny(this.waiting.values());
    if (handoffId !== null) this.claimed(await this.caller.call('acceptHandoff', { handoffId }));
  }

  async takeOver(): Promise<void> {
    const conversationId = this.chance.pickAny(this.all);
    if (conversationId !== null) this.claimed(await this.caller.call('takeOverConversation', { conversationId }));
  }

  async write(): Promise<void> {
    await this.say(this.chance.pickAny(this.mine), 0);
  }

  async sendFile(): Promise<void> {
    await this.say(this.chance.pickAny(this.mine), this.chance.between(1, 2));
  }

  async meddle(): Promise<void> {
    await this.say(this.chance.pickAny(this.all), 0);
  }

  /** Beside what this operator has, or else beside what somebody else has. */
  async note(): Promise<void> {
    await this.noteAt(this.chance.pickAny(this.mine) ?? this.chance.pickAny(this.all));
  }

  async handBack(): Promise<void> {
    const conversationId = this.chance.pickAny(this.mine);
    if (conversationId === null) return;
    await this.caller.call('handBackToAi', { conversationId, brief: `Settled by ${this.people.operator.name}.` });
  }

  /** With a note for whoever comes next, or one behind it, or none. */
  async handOn(): Promise<void> {
    const conversationId = this.chance.pickAny(this.mine);
    const handoffId = this.handoffs.get(conversationId ?? '');
    if (conversationId === null || handoffId === undefined) return;
    const { colleagues, operator } = this.people;
    const [first, ...others] = colleagues;
    const toTeam = first === undefined || this.chance.weighted({ team: 1, colleague: 1 }) === 'team';
    const toUserId = toTeam ? null : this.chance.pick([first, ...others]).publicId;
    const when = this.chance.weighted({ with: 2, behind: 1, never: 1 });
    const note = when === 'with' ? this.nextNote().text : null;
    const answer = await this.caller.call('transferHandoff', { handoffId, toUserId, note });
    if (note !== null && answer.kind === 'REFUSED') {
      const about = { conversationId: uuidOf(conversationId), authorId: operator.userId, nonce: null, text: note };
      this.stage.recorder.notes.push({ ...about, outcome: answer });
    }
    if (when === 'behind') await this.noteAt(conversationId);
  }

  async close(): Promise<void> {
    const conversationId = this.chance.pickAny(this.mine);
    if (conversationId !== null) await this.caller.call('closeConversation', { conversationId });
  }

  /** One that the feed has told of, to look at; null while there is none. */
  get anyConversation(): string | null {
    return this.chance.pickAny(this.all);
  }

  private claimed(answer: Answer): void {
    const { handoff, conversation } = answer.kind === 'DONE' ? answer.payload : {};
    if (handoff == null || conversation == null) return;
    this.stage.recorder.claims.push({
      handoffId: uuidOf(handoff.id),
      operatorId: this.people.operator.userId,
      at: Date.now(),
    });
    this.handoffs.set(conversation.id, handoff.id);
    this.mine.add(conversation.id);
  }

  private async noteAt(conversationId: string | null): Promise<void> {
    if (conversationId === null) return;
    const authorId = this.people.operator.userId;
    await addNote(this.stage, this.caller, { conversationId, authorId, ...this.nextNote() });
  }

  private nextNote(): { nonce: string; text: string } {
    this.written += 1;
    const nonce = `${this.people.operator.name}-${this.written}`;
    return { nonce, text: `${NOTE_MARK} ${nonce}.` };
  }

  private async say(conversationId: string | null, fileCount: number): Promise<void> {
    if (conversationId === null) return;
    this.written += 1;
    const { name, userId } = this.people.operator;
    const nonce = `${name}-${this.written}`;
    const files = await uploadSome(this.stage, this.caller, this.chance, { conversationId, nonce, count: fileCount });
    await send(this.stage, this.caller, {
      mutation: 'sendMessage',
      conversationId,
      authorKind: 'OPERATOR',
      authorId: userId,
      nonce,
      text: `This is ${name}, ${this.written}`,
      files,
    });
  }
}
