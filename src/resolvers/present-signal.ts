import { type Principal, seesColleagues } from '../domain/actor';
import { encodePublicId } from '../domain/public-id';
import { presentAgent } from '../presenters/present-agent';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import type { Signal } from '../realtime/signals';
import type { Actor } from '../schema/actor';
import { Presence } from '../schema/presence';
import {
  type ConversationSignal,
  PresenceChanged,
  ReadMarkChanged,
  ReplyDelta,
  TypingChanged,
} from '../schema/signals';
import { type RequestContext, signedIn } from './request-context';
import { required, stillThere } from './required';

/** Whether the signal tells the reader about the reader. */
export function presentsItself(principal: Principal, signal: Signal): boolean {
  // One's own read mark is news to one's other tabs.
  if (signal.kind === 'REPLY_DELTA' || signal.kind === 'READ_MARK') return false;
  if (principal.kind === 'USER') return signal.actorId === principal.userId;
  return principal.kind === 'VISITOR' && signal.actorId === principal.visitorId;
}

export async function presentSignal(context: RequestContext, signal: Signal): Promise<ConversationSignal> {
  switch (signal.kind) {
    case 'REPLY_DELTA':
      return Object.assign(new ReplyDelta(), {
        turnId: encodePublicId('turn', signal.turnId),
        controlEpoch: signal.controlEpoch,
        text: signal.text,
      });
    case 'READ_MARK':
      return Object.assign(new ReadMarkChanged(), { reader: signal.reader, upToSequence: signal.sequence });
    case 'TYPING':
      return Object.assign(new TypingChanged(), {
        actor: await actorOf(context, signal.actorKind, signal.actorId),
        isTyping: signal.isTyping,
        expiresAt: new Date(signal.expiresAt),
      });
    case 'PRESENCE':
      return Object.assign(new PresenceChanged(), {
        actor: await actorOf(context, signal.actorKind, signal.actorId),
        presence: Object.assign(new Presence(), {
          status: signal.status,
          lastActiveAt: signal.lastActiveAt === null ? null : new Date(signal.lastActiveAt),
        }),
      });
  }
}

async function actorOf(context: RequestContext, kind: 'USER' | 'VISITOR' | 'AGENT', id: string): Promise<Actor> {
  const { loaders } = context;
  if (kind === 'VISITOR') return presentVisitor(stillThere(await loaders.visitors.load(id), 'visitor'));
  if (kind === 'AGENT') return presentAgent(required(await loaders.agents.load(id), 'agent'));
  const user = required(await loaders.users.load(id), 'user');
  return seesColleagues(signedIn(context)) ? presentUser(user) : presentOperatorCard(user);
}
