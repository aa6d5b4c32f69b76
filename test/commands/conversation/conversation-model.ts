import type { WhileWaiting } from '../../../src/domain/conversation/handoff-settings';
import type { Controller, TurnState } from '../../../src/domain/conversation/states';
import type { EventName } from '../../../src/domain/events';
import { type Episode, newEpisode, operatorsOwn, type TurnModel, visitorsOwn } from './conversation-model-parts';
import type { Epoch, Step, Who } from './conversation-steps';

/** What should happen, written from handoff.md, without the product's tables and without a database. */
export class ConversationModel {
  isOpen = true;
  controller: Controller = 'AI';
  epoch = 1;
  operator: Who | null = null;
  readonly episodes: Episode[] = [];
  readonly turns: TurnModel[] = [];
  /** "AUTHOR KIND", by sequence. */
  readonly messages: string[] = [];
  readonly told: EventName[] = [];
  private brief: string | null = null;

  constructor(private whileWaiting: WhileWaiting) {}

  /** Applies a step and returns what the command has to answer: 'ok', a refusal's code, or 'done' and 'nothing'. */
  apply(step: Step): string {
    switch (step.kind) {
      case 'says':
        return this.says(step.who);
      case 'inquires':
        return visitorsOwn(step.who) ?? this.inquires();
      case 'asks':
        return visitorsOwn(step.who) ?? this.asks(false);
      case 'aiAsks':
        return step.epoch === 'stale' ? 'STALE_CONTROL_EPOCH' : this.asks(true);
      case 'replies':
        return step.epoch === 'stale' || this.controller !== 'AI' ? 'STALE_CONTROL_EPOCH' : this.replies();
      case 'answers':
        return this.isLive(step.age) ? (this.replies(), 'done') : 'nothing';
      case 'fails':
        return this.isLive(step.age) ? this.fails() : 'nothing';
      case 'accepts':
        return this.accepts(step.who, this.episodes.at(-1 - step.age));
      case 'cancels':
        return this.cancels(step.who, this.episodes.at(-1 - step.age));
      case 'deadline':
        if (!step.over || this.waiting === null) return 'nothing';
        return (this.ends('UNANSWERED'), 'done');
      case 'takesOver':
        return operatorsOwn(step.who) ?? this.takesOver(step.who, step.epoch);
      case 'transfers':
        if (this.episodes.length === 0) return 'NOT_FOUND';
        return operatorsOwn(step.who) ?? this.transfers(step.who, step.to, step.epoch);
      case 'handsBack':
        return operatorsOwn(step.who) ?? this.handsBack(step.brief);
      case 'closes':
        return operatorsOwn(step.who) ?? this.closes();
      case 'settings':
        this.whileWaiting = step.whileWaiting;
        return 'ok';
    }
  }

  private says(who: Who): string {
    if (who === 'visitor') {
      const reopens = !this.isOpen;
      if (reopens) this.control('AI', null, true);
      this.write('VISITOR TEXT');
      if (this.controller === 'AI') this.openTurn(this.messages.length);
      if (reopens) this.told.push('CONVERSATION_CHANGED');
      return 'ok';
    }
    const barred = operatorsOwn(who);
    if (barred !== null) return barred;
    if (this.controller !== 'HUMAN') return 'INVALID_TRANSITION';
    if (this.operator !== who) return 'ALREADY_CLAIMED';
    this.write('OPERATOR TEXT');
    return 'ok';
  }

  private inquires(): string {
    if (this.controller === 'HUMAN') return 'INVALID_TRANSITION';
    this.write('VISITOR INQUIRY');
    this.told.push('INQUIRY_CHANGED');
    return 'ok';
  }

  private replies(): string {
    this.write('AI TEXT');
    if (this.running !== null) {
      this.running.state = 'ANSWERED';
      this.brief = null;
    }
    return 'ok';
  }

  private fails(): string {
    this.running!.state = 'FAILED';
    this.write('SYSTEM TEXT');
    this.asks(true);
    return 'done';
  }

  private asks(asAi: boolean): string {
    if (!this.isOpen || this.waiting !== null || this.operator !== null) return 'INVALID_TRANSITION';
    const running = this.stopTurn(asAi ? 'HUMAN_REQUESTED' : 'FENCED');
    this.episodes.push(newEpisode(this.messages.length, asAi));
    this.control(this.whileWaiting === 'AI_SILENT' ? 'NONE' : 'AI', null, true);
    this.announce();
    if (running !== null && !asAi && this.controller === 'AI') this.openTurn(running.sequence);
    this.told.push('CONVERSATION_CHANGED');
    return 'ok';
  }

  private accepts(who: Who, episode: Episode | undefined): string {
    if (episode === undefined) return 'NOT_FOUND';
    const barred = operatorsOwn(who);
    if (barred !== null) return barred;
    if (episode.state === 'ACCEPTED') return episode.acceptedBy === who ? 'ok' : 'ALREADY_CLAIMED';
    return episode === this.waiting ? this.takes(who, episode) : 'INVALID_TRANSITION';
  }

  private cancels(who: Who, episode: Episode | undefined): string {
    if (episode === undefined) return 'NOT_FOUND';
    const barred = who === 'visitor' ? null : operatorsOwn(who);
    if (barred !== null) return barred;
    if (episode !== this.waiting) return 'INVALID_TRANSITION';
    this.ends('CANCELLED');
    return 'ok';
  }

  private takesOver(who: Who, epoch: Epoch): string {
    if (epoch === 'stale') return 'STALE_CONTROL_EPOCH';
    if (!this.isOpen || this.operator !== null) return 'INVALID_TRANSITION';
    const episode = this.waiting ?? newEpisode(this.messages.length, false);
    if (this.waiting === null) this.episodes.push(episode);
    return this.takes(who, episode);
  }

  private takes(who: Who, episode: Episode): string {
    this.stopTurn('FENCED');
    Object.assign(episode, { state: 'ACCEPTED', acceptedBy: who });
    this.control('HUMAN', who, true);
    this.announce();
    this.told.push('CONVERSATION_CHANGED');
    return 'ok';
  }

  private transfers(who: Who, to: Who | null, epoch: Epoch): string {
    const episode = this.episodes.at(-1)!;
    // A retry: it is as it was asked for.
    if (to === null ? episode.state === 'REQUESTED' && episode.handedOnBy === who : this.operator === to) return 'ok';
    if (epoch === 'stale') return 'STALE_CONTROL_EPOCH';
    if (this.operator === null) return 'INVALID_TRANSITION';
    if (to === 'viewer') return 'OPERATOR_UNAVAILABLE';
    Object.assign(episode, { acceptedBy: to, handedOnBy: who, state: to === null ? 'REQUESTED' : 'ACCEPTED' });
    this.control(to === null ? 'NONE' : 'HUMAN', to, true);
    this.announce();
    this.told.push('CONVERSATION_CHANGED');
    return 'ok';
  }

  private handsBack(brief: string | null): string {
    if (this.operator === null) return 'INVALID_TRANSITION';
    this.brief = brief;
    this.episodes.at(-1)!.state = 'RETURNED';
    this.control('AI', null, true);
    this.announce();
    const last = this.lastText();
    if (last.author === 'VISITOR') this.openTurn(last.sequence);
    this.told.push('CONVERSATION_CHANGED');
    return 'ok';
  }

  private closes(): string {
    if (!this.isOpen || this.waiting !== null) return 'INVALID_TRANSITION';
    this.stopTurn('FENCED');
    const byPerson = this.operator !== null;
    if (byPerson) {
      this.episodes.at(-1)!.state = 'RESOLVED';
      this.brief = null;
    }
    this.control('NONE', null, false);
    this.write('SYSTEM HANDOFF_EVENT');
    if (byPerson) this.told.push('HANDOFF_CHANGED');
    this.told.push('CONVERSATION_CHANGED');
    return 'ok';
  }

  /** A request that came to nothing: the AI goes on with what is open, but never with what it asked a person for itself. */
  private ends(state: 'CANCELLED' | 'UNANSWERED'): void {
    const episode = this.waiting!;
    const running = this.stopTurn('FENCED');
    const last = this.lastText();
    episode.state = state;
    this.control('AI', null, true);
    this.announce();
    const isOpen = last.author === 'VISITOR' && (!episode.byAi || last.sequence > episode.askedAt);
    const meanwhile = isOpen ? last.sequence : null;
    const sequence = running?.sequence ?? meanwhile;
    if (sequence !== null) this.openTurn(sequence);
    this.told.push('CONVERSATION_CHANGED');
  }

  get waiting(): Episode | null {
    const newest = this.episodes.at(-1);
    return newest?.state === 'REQUESTED' ? newest : null;
  }

  private get running(): TurnModel | null {
    return this.turns.find(({ state }) => state === 'OPEN') ?? null;
  }

  private isLive(age: number): boolean {
    const turn = this.turns.at(-1 - age);
    return turn?.state === 'OPEN' && turn.epoch === this.epoch && this.controller === 'AI';
  }

  private control(controller: Controller, operator: Who | null, isOpen: boolean): void {
    Object.assign(this, { controller, operator, isOpen, epoch: this.epoch + 1 });
  }

  private write(message: string): void {
    this.messages.push(message);
    this.told.push('MESSAGE_ADDED');
  }

  private announce(): void {
    this.write('SYSTEM HANDOFF_EVENT');
    this.told.push('HANDOFF_CHANGED');
  }

  private openTurn(sequence: number): void {
    this.stopTurn('SUPERSEDED');
    this.turns.push({ epoch: this.epoch, sequence, brief: this.brief, state: 'OPEN' });
    this.told.push('TURN_OPENED');
  }

  private stopTurn(state: TurnState): TurnModel | null {
    const { running } = this;
    if (running !== null) running.state = state;
    return running;
  }

  private lastText(): { author: string; sequence: number } {
    const index = this.messages.findLastIndex((message) => message.endsWith(' TEXT') && !message.startsWith('SYSTEM'));
    return { author: this.messages[index]?.split(' ')[0] ?? '', sequence: index + 1 };
  }
}
