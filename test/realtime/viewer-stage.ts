import type { Scene, Visit } from '../api/scene';

/** One world and what happens in it: two visitors, one with each agent. */
export interface Stage {
  readonly scene: Scene;
  readonly visits: readonly [Visit, Visit];
}

/** What may happen; some of it is refused, depending on what has happened before. */
export const ACTIONS: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'the first visitor writes': ({ visits: [{ visitor, conversationId }] }) => send(visitor, conversationId),
  'the second visitor writes': ({ visits: [, { visitor, conversationId }] }) => send(visitor, conversationId),
  'an operator takes over': ({ scene, visits: [{ conversationId }] }) =>
    scene.people.operator.attempt('takeOverConversation', { conversationId }),
  'a colleague takes over': ({ scene, visits: [{ conversationId }] }) =>
    scene.people.secondOperator.attempt('takeOverConversation', { conversationId }),
  'staff take over the second': ({ scene, visits: [, { conversationId }] }) =>
    scene.people.owner.attempt('takeOverConversation', { conversationId }),
  'the operator writes': ({ scene, visits: [{ conversationId }] }) => send(scene.people.operator, conversationId),
  'the operator hands back': ({ scene, visits: [{ conversationId }] }) =>
    scene.people.operator.attempt('handBackToAi', { conversationId, brief: 'The order is on its way.' }),
  'the first visitor asks for a person': ({ visits: [{ visitor, conversationId }] }) =>
    visitor.attempt('requestHandoff', { conversationId }),
  'the first visitor leaves an inquiry': ({ visits: [{ visitor, conversationId }] }) =>
    visitor.attempt('submitInquiry', {
      conversationId,
      idempotencyKey: nextText(),
      email: 'vera@example.com',
      text: 'Call me.',
    }),
  'a viewer reads': ({ scene, visits: [{ conversationId }] }) =>
    scene.people.viewer.attempt('markRead', { conversationId, upToSequence: 1 }),
};

let sent = 0;
function nextText(): string {
  sent += 1;
  return `text ${String(sent)}`;
}
function send(writer: Scene['people']['visitor'], conversationId: string): Promise<unknown> {
  const text = nextText();
  return writer.attempt('sendMessage', { conversationId, clientNonce: text, text });
}

/** Somebody who looks, and what the rules let them see. `agents` null: all of the organization. */
export interface Viewer {
  readonly token: string;
  readonly isStaff: boolean;
  readonly readsOrganization: boolean;
  readonly agents: readonly string[] | null;
  /** Of visitors and runtimes: what they see without a permission. */
  readonly ownConversation: 0 | 1 | null;
}

export const FIXED = [
  'owner',
  'staffKey',
  'operator',
  'secondOperator',
  'limited',
  'viewer',
  'otherMember',
  'agentKey',
  'first',
  'second',
] as const;
type Fixed = (typeof FIXED)[number];

export function fixedViewer(name: Fixed, { scene, visits }: Stage): Viewer {
  const nobody = { isStaff: false, readsOrganization: false, agents: null, ownConversation: null };
  if (name === 'first') return { ...nobody, token: visits[0].visitor.token!, ownConversation: 0 };
  if (name === 'second') return { ...nobody, token: visits[1].visitor.token!, ownConversation: 1 };
  const token = scene.people[name].token!;
  if (name === 'agentKey') return { ...nobody, token, ownConversation: 0 };
  if (name === 'otherMember') return { ...nobody, token };
  const isStaff = name === 'owner' || name === 'staffKey';
  return {
    ...nobody,
    token,
    isStaff,
    readsOrganization: true,
    agents: name === 'limited' ? [scene.world.agent.id] : null,
  };
}
