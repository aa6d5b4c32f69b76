import { randomUUID } from 'node:crypto';
import { Chat } from './chat';
import type { DemoFile, DemoLogin } from './demo-file';
import {
  HANDOFF_EVENTS,
  NOTIFICATION_ADDED,
  SET_AVAILABILITY,
  SIGN_IN,
  SIGN_OUT,
  START_CONVERSATION,
  START_VISITOR_SESSION,
} from './documents';
import type { Feed } from './feed';
import type { HandoffEvent, Notification } from './items';
import type { Narrator } from './narrator';
import type { Tone } from './paint';
import { Person } from './person';

/** Somebody who is signed in at the dashboard. */
export interface Operator {
  readonly person: Person;
  readonly email: string;
  readonly handoffs: Feed<HandoffEvent>;
  readonly notifications: Feed<Notification>;
}

/** Everybody who plays, and the conversation that they play in. */
export interface Stage {
  readonly operators: readonly [Operator, Operator];
  readonly owner: Person;
  readonly visitor: Person;
  readonly agentName: string;
  readonly conversationId: string;
  /** Where the conversation began: the epoch of its first turn, and a cursor from before its first event. */
  readonly firstEpoch: number;
  readonly firstCursor: string;
  readonly chat: Chat;
}

interface StartedConversation {
  readonly conversation: {
    readonly id: string;
    readonly controlEpoch: number;
    readonly streamCursor: string;
    readonly handoffOffer: { readonly mode: string; readonly operatorsOnline: number };
  };
}

/** Everybody with a password. */
interface Users {
  readonly owner: Person;
  readonly operators: readonly [Person, Person];
}

export async function signInEverybody(demo: DemoFile): Promise<Users> {
  const [first, second] = demo.operators;
  return {
    owner: await signIn(demo, demo.owner, 'quiet'),
    operators: [await signIn(demo, first, 'operator'), await signIn(demo, second, 'otherOperator')],
  };
}

/** Opens the operators' live feeds, and lets a visitor open the widget. */
export async function setTheStage(demo: DemoFile, users: Users, narrator: Narrator): Promise<Stage> {
  const [first, second] = users.operators;
  const operators = [await openDashboard(first, demo, 0), await openDashboard(second, demo, 1)] as const;
  narrator.note(`${first.name} and ${second.name} opened their dashboards: a socket each, with handoffEvents`);

  const anybody = new Person('The widget', 'quiet', demo.graphqlUrl, null);
  const session = await anybody.act<{ visitorToken: string; agent: { displayName: string } }>(START_VISITOR_SESSION, {
    agentPublicKey: demo.agentPublicKey,
    displayName: 'Vera',
  });
  const visitor = new Person('Vera', 'visitor', demo.graphqlUrl, session.visitorToken);
  const { conversation } = await visitor.act<StartedConversation>(START_CONVERSATION, { idempotencyKey: randomUUID() });
  const { mode, operatorsOnline } = conversation.handoffOffer;
  narrator.note(
    `Vera opened the widget; it shows ${session.agent.displayName} and may offer a person: ${mode}, ${operatorsOnline} online`,
  );

  const tones = new Map<string, Tone>(operators.map(({ person }) => [person.name, person.tone]));
  const toneOf = (name: string): Tone => tones.get(name) ?? 'visitor';
  return {
    operators,
    owner: users.owner,
    visitor,
    agentName: session.agent.displayName,
    conversationId: conversation.id,
    firstEpoch: conversation.controlEpoch,
    firstCursor: conversation.streamCursor,
    chat: await Chat.open(visitor, conversation.id, conversation.streamCursor, narrator, toneOf),
  };
}

/** Closes every socket and ends the sessions. */
export async function clearTheStage({ operators, owner, visitor }: Stage): Promise<void> {
  const users = [...operators.map(({ person }) => person), owner];
  for (const person of [...users, visitor]) await person.leave();
  for (const person of users) await person.act(SIGN_OUT, { allSessions: false });
}

async function signIn(demo: DemoFile, login: DemoLogin, tone: Tone): Promise<Person> {
  const { email, password } = login;
  const anybody = new Person(email, tone, demo.graphqlUrl, null);
  const { accessToken, viewer } = await anybody.act<{ accessToken: string; viewer: { displayName: string } }>(SIGN_IN, {
    email,
    password,
  });
  return new Person(viewer.displayName, tone, demo.graphqlUrl, accessToken);
}

async function openDashboard(person: Person, demo: DemoFile, index: 0 | 1): Promise<Operator> {
  await person.act(SET_AVAILABILITY, { available: true });
  const notifications = person.follow<Notification>(NOTIFICATION_ADDED);
  const handoffs = person.follow<HandoffEvent>(HANDOFF_EVENTS, { id: demo.organizationId });
  await handoffs.next('the feed of handoffs says that it is ready', (item) => item.__typename === 'StreamReady');
  return { person, email: demo.operators[index].email, handoffs, notifications };
}
