import { CONVERSATION_EVENTS, CONVERSATION_SIGNALS } from './documents';
import type { Feed } from './feed';
import type { ConversationEvent, Message, Signal } from './items';
import type { Narrator } from './narrator';
import type { Person } from './person';
import type { Tone } from './paint';
import { TourError } from './tour-error';

type Speaker = Message['authorKind'];

/**
 * The conversation as its visitor's widget sees it. Every message is taken in order and must be the one that the story
 * expects, so an AI that speaks out of turn, a hole and a double all end the tour.
 */
export class Chat {
  readonly messages: Message[] = [];
  private readonly ahead: Message[] = [];
  private control = '';

  private constructor(
    private readonly events: Feed<ConversationEvent>,
    private readonly signals: Feed<Signal>,
    private readonly narrator: Narrator,
    private readonly toneOf: (name: string) => Tone,
  ) {}

  static async open(
    visitor: Person,
    id: string,
    after: string,
    narrator: Narrator,
    toneOf: (name: string) => Tone,
  ): Promise<Chat> {
    const signals = visitor.follow<Signal>(CONVERSATION_SIGNALS, { id });
    const events = visitor.follow<ConversationEvent>(CONVERSATION_EVENTS, { id, after });
    await events.next(
      'the stream of a conversation says that it is ready',
      (item) => item.__typename === 'StreamReady',
    );
    return new Chat(events, signals, narrator, toneOf);
  }

  /** The next message, which must be of this speaker; printed. */
  async hear(speaker: Speaker): Promise<Message> {
    const message = await this.nextOf(speaker);
    this.print(message);
    return message;
  }

  /** The AI's next message, printed piece by piece while it is being written. */
  async hearStreamed(agentName: string): Promise<Message> {
    let streamed = '';
    let pieces = 0;
    this.narrator.begin(agentName, 'agent');
    this.signals.listen((signal) => {
      if (signal.__typename !== 'ReplyDelta') return;
      pieces += 1;
      streamed += signal.text;
      this.narrator.add(signal.text, 'agent');
    });
    const message = await this.nextOf('AI');
    this.signals.listen(() => undefined);
    this.narrator.add(message.text.slice(streamed.length), 'agent');
    this.narrator.end(`#${message.sequence}`);
    await this.signals.next('the AI streams its reply', (signal) => signal.__typename === 'ReplyDelta');
    this.narrator.note(`it came in pieces while it was written (${pieces} × ReplyDelta), then whole (MessageAdded)`);
    return message;
  }

  /** Waits until the stream has told that this side has control. */
  async untilControl(controller: string): Promise<void> {
    while (this.control !== controller) {
      await this.take(`control goes to ${controller}`);
    }
  }

  private async nextOf(speaker: Speaker): Promise<Message> {
    while (this.ahead.length === 0) await this.take(`a message of ${speaker} is next`);
    const message = this.ahead.shift();
    if (message?.authorKind !== speaker) {
      throw new TourError(
        `${speaker} should speak now, but ${message?.authorKind ?? 'nobody'} did: ${message?.text ?? ''}`,
      );
    }
    const expected = this.messages.length + 1;
    if (message.sequence !== expected) {
      throw new TourError(`message #${expected} should come now, but #${message.sequence} did`);
    }
    this.messages.push(message);
    return message;
  }

  private async take(promise: string): Promise<void> {
    const item = await this.events.next(promise);
    if (item.__typename === 'MessageAdded') this.ahead.push(item.message);
    if (item.__typename === 'ConversationChanged') this.control = item.conversation.controller;
  }

  private print({ sequence, authorKind, author, text }: Message): void {
    const note = `#${sequence}`;
    if (authorKind === 'SYSTEM') this.narrator.say('', 'announcement', text, note);
    else this.narrator.say(author?.displayName ?? '', this.toneOf(author?.displayName ?? ''), text, note);
  }
}
