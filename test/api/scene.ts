import { encodePublicId, type PublicIdType } from '../../src/domain/public-id';
import { type TestApi, type TestApiOptions, startTestApi } from '../support/api';
import { Caller, type Subscribed } from '../support/api-client';
import {
  type ConversationView,
  type EventView,
  type MessageView,
  READ_CONVERSATION,
  READ_MESSAGES,
} from '../support/documents';
import { createWorld, insertVisitor, type World, type WorldOptions } from '../support/world';
import type { Agent } from '../../src/entities/agent';

const PEOPLE = [
  'owner',
  'admin',
  'operator',
  'secondOperator',
  'limited',
  'viewer',
  'manager',
  'otherMember',
  'visitor',
  'otherVisitor',
  'agentKey',
  'staffKey',
] as const;
export type Person = (typeof PEOPLE)[number];

/** A running API and one world in it, with a caller for everybody in that world. */
export interface Scene {
  readonly api: TestApi;
  readonly world: World;
  readonly people: Readonly<Record<Person, Caller>>;
  /** Public ids of the world's rows. */
  readonly ids: ReturnType<typeof idsOf>;
  readonly nobody: Caller;
  /** A new visitor of `agent` (of the world's first one when left out) with a new conversation. */
  visit(agent?: Agent): Promise<Visit>;
}

export interface Visit {
  readonly visitor: Caller;
  readonly visitorId: string;
  readonly conversationId: string;
}

export async function startScene(options: TestApiOptions & { world?: WorldOptions } = {}): Promise<Scene> {
  const api = await startTestApi(options);
  return addScene(api, options.world);
}

/** Another world, with its own workspace, in an API that runs already. */
export async function addScene(api: TestApi, options: WorldOptions = {}): Promise<Scene> {
  const { source } = api;
  const world = await createWorld(source, options);
  const callers = PEOPLE.map((person) => [person, new Caller(api.url, world[person].token)] as const);
  return {
    api,
    world,
    people: Object.fromEntries(callers) as Record<Person, Caller>,
    ids: idsOf(world),
    nobody: new Caller(api.url, null),
    visit: async (agent = world.agent) => {
      const { token, id } = await insertVisitor(source.manager, agent, 'Vera');
      const visitor = new Caller(api.url, token);
      const { conversation } = await visitor.act('startConversation', { idempotencyKey: 'only' });
      return { visitor, visitorId: encodePublicId('visitor', id), conversationId: conversation!.id };
    },
  };
}

function idsOf(world: World) {
  const id = (type: PublicIdType, row: { readonly id: string }): string => encodePublicId(type, row.id);
  return {
    workspace: id('workspace', world.workspace),
    organization: id('organization', world.organization),
    otherOrganization: id('organization', world.otherOrganization),
    agent: id('agent', world.agent),
    secondAgent: id('agent', world.secondAgent),
    otherAgent: id('agent', world.otherAgent),
    unassignedAgent: id('agent', world.unassignedAgent),
    operator: id('user', world.operator),
    secondOperator: id('user', world.secondOperator),
    limited: id('user', world.limited),
    viewer: id('user', world.viewer),
    otherMember: id('user', world.otherMember),
    visitor: id('visitor', world.visitor),
    otherVisitor: id('visitor', world.otherVisitor),
    conversation: id('conversation', world.conversation),
    agentKey: id('apiKey', world.agentKey),
    staffKey: id('apiKey', world.staffKey),
  };
}

export async function readConversation(reader: Caller, id: string): Promise<ConversationView> {
  const { conversation } = await reader.ask<{ conversation: ConversationView | null }>(READ_CONVERSATION, { id });
  if (conversation === null) throw new Error('The reader does not see this conversation.');
  return conversation;
}

export async function readMessages(reader: Caller, id: string): Promise<readonly MessageView[]> {
  const data = await reader.ask<{ conversation: { messages: { nodes: MessageView[] } } }>(READ_MESSAGES, { id });
  return data.conversation.messages.nodes;
}

/** Writes as somebody who may; the nonce is the text. */
export async function write(writer: Caller, conversationId: string, text: string): Promise<MessageView> {
  const { message } = await writer.act('sendMessage', { conversationId, clientNonce: text, text });
  return message!;
}

/** Asks for a person as the visitor, and answers the id of the request. */
export async function request(visit: Visit): Promise<string> {
  const { handoff } = await visit.visitor.act('requestHandoff', { conversationId: visit.conversationId });
  return handoff!.id;
}

/** Waits until a stream is connected: whatever is done from then on arrives in it. */
export async function ready<Feed extends Subscribed<EventView>>(feed: Feed): Promise<Feed> {
  await feed.waitFor((item) => item.__typename === 'StreamReady');
  return feed;
}

/** Reads again and again until it fits; rejects after 20 s with what it read last. */
export async function eventually<Value>(read: () => Promise<Value>, fits: (value: Value) => boolean): Promise<Value> {
  const end = Date.now() + 20_000;
  while (true) {
    const value = await read();
    if (fits(value)) return value;
    if (Date.now() > end) throw new Error(`It stayed otherwise: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
