import { randomUUID } from 'node:crypto';
import { Caller, type GraphqlResponse } from '../support/api-client';
import { mutationDocument } from '../support/mutation-documents';
import type { Scene, Visit } from './scene';

export const VIEWER = '{ viewer { __typename } }';

type Call = (time: number) => Promise<GraphqlResponse>;
type Input = (time: number) => Record<string, unknown>;

/** A call that counts, and one beside it that must still pass when the first is refused. */
type Calls = (callers: LimitCallers, one: Visit, other: Visit) => readonly [Call, Call | null];

/** Everybody of a scene, in front of one of its processes. */
export class LimitCallers {
  constructor(
    readonly scene: Scene,
    readonly url: string,
  ) {}

  at(caller: Caller): Caller {
    return new Caller(this.url, caller.token);
  }

  mutate(caller: Caller, mutation: string, input: Record<string, unknown>): Promise<GraphqlResponse> {
    return this.at(caller).post(mutationDocument(mutation), { input });
  }

  signIn(email: string): Promise<GraphqlResponse> {
    return this.mutate(this.scene.nobody, 'signIn', { email, password: 'wrong' });
  }

  startVisit(agentPublicKey = this.scene.world.agent.publicKey): Promise<GraphqlResponse> {
    return this.mutate(this.scene.nobody, 'startVisitorSession', { agentPublicKey });
  }

  reply(key: Caller, conversationId: string, time: number): Promise<GraphqlResponse> {
    return this.mutate(key, 'postAgentReply', { conversationId, controlEpoch: 1, ...nonced(time) });
  }

  answer(caller: Caller, inquiryId: string, time: number): Promise<GraphqlResponse> {
    return this.mutate(caller, 'answerInquiry', { inquiryId, text: 'Yes.', idempotencyKey: `answer ${String(time)}` });
  }

  /** The errors of a new stream, or none when it has begun. */
  async stream({ visitor, conversationId }: Visit): Promise<GraphqlResponse> {
    const document = 'subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename } }';
    const feed = this.at(visitor).subscribe<{ __typename: string }>(document, { id: conversationId });
    try {
      await feed.waitFor(() => true);
      return { data: {} };
    } catch {
      return { errors: feed.errors as GraphqlResponse['errors'] };
    } finally {
      await feed.stop();
    }
  }
}

/** By the name of the limit. */
export const LIMIT_CALLS: Readonly<Record<string, Calls>> = {
  requests: (callers) => [() => callers.at(callers.scene.nobody).post(VIEWER), null],
  subscriptions: (callers, one, other) => [() => callers.stream(one), () => callers.stream(other)],
  typing: byVisitor('setTyping', () => ({ isTyping: true })),
  'sign-in-by-client': (callers) => [(time) => callers.signIn(`nobody${String(time)}@example.com`), null],
  'sign-in-by-client-and-account': byAccount,
  'sign-in-by-account': byAccount,
  'visits-by-client': (callers) => [() => callers.startVisit(), null],
  'visits-by-agent': (callers) => [
    () => callers.startVisit(),
    () => callers.startVisit(callers.scene.world.otherAgent.publicKey),
  ],
  'conversations-by-visitor': byVisitor('startConversation', keyed),
  'conversations-by-organization': byOrganization('startConversation', keyed),
  'messages-by-visitor': byVisitor('sendMessage', nonced),
  'messages-by-organization': byOrganization('sendMessage', nonced),
  'attachments-by-visitor': byVisitor('createAttachment', file),
  'attachments-by-organization': byOrganization('createAttachment', file),
  'handoffs-by-visitor': byVisitor('requestHandoff', () => ({})),
  'handoffs-by-organization': byOrganization('requestHandoff', () => ({})),
  'inquiries-by-visitor': byVisitor('submitInquiry', inquiry),
  'inquiries-by-organization': byOrganization('submitInquiry', inquiry),
  'messages-by-user': (callers, { conversationId }) => {
    const { operator, secondOperator } = callers.scene.people;
    const write = (caller: Caller) => (time: number) =>
      callers.mutate(caller, 'sendMessage', { conversationId, ...nonced(time) });
    return [write(operator), write(secondOperator)];
  },
  'attachments-by-user': (callers, { conversationId }) => {
    const { operator, secondOperator } = callers.scene.people;
    const announce = (caller: Caller) => () =>
      callers.mutate(caller, 'createAttachment', { conversationId, ...file() });
    return [announce(operator), announce(secondOperator)];
  },
  'transfers-by-user': (callers) => {
    const { operator, secondOperator } = callers.scene.people;
    const transfer = (caller: Caller) => () => callers.mutate(caller, 'transferHandoff', { handoffId: 'none' });
    return [transfer(operator), transfer(secondOperator)];
  },
  'writes-by-key': (callers, { conversationId }) => {
    const { agentKey, staffKey } = callers.scene.people;
    return [
      (time) => callers.reply(agentKey, conversationId, time),
      (time) => callers.reply(staffKey, conversationId, time),
    ];
  },
  'resets-by-client': (callers) => [
    (time) => callers.mutate(callers.scene.nobody, 'requestPasswordReset', { email: `n${String(time)}@example.com` }),
    null,
  ],
  'invitations-by-sender': (callers) => {
    const { people, ids } = callers.scene;
    const invite = (caller: Caller) => (time: number) =>
      callers.mutate(caller, 'inviteUser', {
        organizationId: ids.organization,
        email: `${randomUUID()}.${String(time)}@example.com`,
        permissions: [],
      });
    return [invite(people.manager), invite(people.owner)];
  },
  'answers-by-sender': (callers, ...visits) => {
    const { operator, secondOperator } = callers.scene.people;
    const inquiries = visits.map(leaveInquiry);
    return [
      async (time) => callers.answer(operator, await inquiries[time % 2]!, time),
      async (time) => callers.answer(secondOperator, await inquiries[0]!, time),
    ];
  },
  'transcripts-by-sender': (callers) => {
    const { operator, secondOperator } = callers.scene.people;
    const mail = (caller: Caller) => () =>
      callers.mutate(caller, 'mailTranscript', { conversationId: 'none', idempotencyKey: 'k' });
    return [mail(operator), mail(secondOperator)];
  },
  'test-mails-by-sender': (callers) => {
    const { people, ids } = callers.scene;
    const test = (caller: Caller) => () => callers.mutate(caller, 'sendTestMail', { workspaceId: ids.workspace });
    return [test(people.owner), test(people.admin)];
  },
  'retries-by-user': (callers) => {
    const { operator, secondOperator } = callers.scene.people;
    const retry = (caller: Caller) => () => callers.mutate(caller, 'retryDelivery', { deliveryId: 'dlv_none' });
    return [retry(operator), retry(secondOperator)];
  },
  'tests-by-user': (callers) => {
    const { operator, secondOperator } = callers.scene.people;
    const test = (caller: Caller) => () => callers.mutate(caller, 'sendTestNotification', { channel: 'EMAIL' });
    return [test(operator), test(secondOperator)];
  },
  'answers-by-inquiry': (callers, ...visits) => {
    const { operator, secondOperator } = callers.scene.people;
    const inquiries = visits.map(leaveInquiry);
    return [
      async (time) => callers.answer(time % 2 ? operator : secondOperator, await inquiries[0]!, time),
      async (time) => callers.answer(operator, await inquiries[1]!, time),
    ];
  },
  'mail-by-address': (callers, ...visits) => {
    const submit = ({ visitor, conversationId }: Visit, time: number, input: Record<string, unknown> = {}) =>
      callers.mutate(visitor, 'submitInquiry', { conversationId, ...inquiry(time), ...input });
    return [
      (time) => submit(visits[time % 2]!, time, { email: 'stranger@example.com' }),
      (time) => submit(visits[0], time),
    ];
  },
};

function keyed(time: number) {
  return { idempotencyKey: `key ${String(time)}`, conversationId: undefined };
}

function nonced(time: number) {
  return { clientNonce: `nonce ${String(time)}`, text: 'Hello' };
}

function file() {
  return { fileName: 'photo.png', byteSize: 1 };
}

function inquiry(time: number) {
  return { email: `vera${String(time)}@example.com`, text: 'Hello', idempotencyKey: `key ${String(time)}` };
}

async function leaveInquiry({ visitor, conversationId }: Visit): Promise<string> {
  return (await visitor.act('submitInquiry', { conversationId, ...inquiry(0) })).inquiry!.id;
}

function byAccount(callers: LimitCallers): readonly [Call, Call] {
  return [
    (time) => callers.signIn(time % 2 ? ' One@example.com' : 'one@example.com'),
    () => callers.signIn('other@example.com'),
  ];
}

function byVisitor(mutation: string, input: Input): Calls {
  return (callers, one, other) => {
    const by = ({ visitor, conversationId }: Visit): Call => {
      return (time) => callers.mutate(visitor, mutation, { conversationId, ...input(time) });
    };
    return [by(one), by(other)];
  };
}

/** Its visitors take turns; a visitor of another organization is the one beside them. */
function byOrganization(mutation: string, input: Input): Calls {
  return (callers, ...visits) => {
    const by = ({ visitor, conversationId }: Visit, time: number): Promise<GraphqlResponse> =>
      callers.mutate(visitor, mutation, { conversationId, ...input(time) });
    return [
      (time) => by(visits[time % 2]!, time),
      async (time) => by(await callers.scene.visit(callers.scene.world.otherAgent), time),
    ];
  };
}
