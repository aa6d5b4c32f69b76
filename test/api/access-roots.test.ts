import { randomUUID } from 'node:crypto';
import { encodePublicId, type PublicIdType } from '../../src/domain/public-id';
import { Notification } from '../../src/entities/notification';
import { PushSubscription } from '../../src/entities/push-subscription';
import type { Caller, GraphqlResponse } from '../support/api-client';
import { type NotificationView, READ_NOTIFICATIONS } from '../support/documents';
import { newNotification, newPushSubscription } from './rows';
import { PUBLIC, readRootFields, type RootField } from './root-fields';
import { addScene, type Person, type Scene, startScene } from './scene';

let own: Scene;
let fields: RootField[];
let ids: IdsOf;
let foreign: IdsOf;
let sibling: IdsOf;
beforeAll(async () => {
  own = await startScene({ withWorker: false });
  const other = await addScene(own.api);
  fields = await readRootFields(own.nobody);
  ids = await idsOf(own, 'own');
  foreign = await idsOf(other, 'own');
  sibling = await idsOf(own, 'sibling');
});
afterAll(() => own.api.stop());

type IdsOf = Partial<Record<PublicIdType, string>>;

/** One object of each kind: of the world's first organization, or of its other one, which a member must not see. */
async function idsOf(scene: Scene, whose: 'own' | 'sibling'): Promise<IdsOf> {
  const { world, people, api } = scene;
  const isOwn = whose === 'own';
  const visitor = isOwn ? people.visitor : (await scene.visit(world.otherAgent)).visitor;
  const started = await visitor.act('startConversation', { idempotencyKey: 'only' });
  const conversationId = started.conversation!.id;
  const inquiry = { conversationId, email: 'v@example.com', text: 'Hello?', idempotencyKey: 'i' };
  const left = await visitor.act('submitInquiry', inquiry);
  const person = isOwn ? world.operator : world.otherMember;
  const notification = newNotification(person.row, null);
  const subscription = newPushSubscription(person.row);
  await api.core.database.source.manager.insert(Notification, notification);
  await api.core.database.source.manager.insert(PushSubscription, subscription);
  const organization = isOwn ? scene.ids.organization : scene.ids.otherOrganization;
  const invited = { organizationId: organization, email: `${whose}@new.example`, permissions: [] };
  const key = await people.owner.act('createApiKey', { workspaceId: scene.ids.workspace, name: 'Another' });
  return {
    organization,
    invitation: (await people.owner.act('inviteUser', invited)).invitation!.id,
    user: isOwn ? scene.ids.secondOperator : scene.ids.otherMember,
    agent: isOwn ? scene.ids.agent : scene.ids.otherAgent,
    conversation: conversationId,
    handoff: (await visitor.act('requestHandoff', { conversationId })).handoff!.id,
    inquiry: left.inquiry!.id,
    // One of its own, which a test may erase.
    visitor: (await scene.visit(isOwn ? world.agent : world.otherAgent)).visitorId,
    notification: encodePublicId('notification', notification.id),
    pushSubscription: encodePublicId('pushSubscription', subscription.id),
    ...(isOwn ? { workspace: scene.ids.workspace, apiKey: key.apiKey!.id } : {}),
  };
}

/** Asks over whatever carries the operation, and answers its errors in one form. */
async function send(caller: Caller, root: RootField, variables: RootField['variables']): Promise<GraphqlResponse> {
  if (root.kind !== 'subscription') return caller.post(root.document, variables);
  const stream = caller.subscribe(root.document, variables);
  const error = await stream.waitForError();
  await stream.stop();
  return { errors: [error] as GraphqlResponse['errors'] };
}

describe('every root field — without a credential', () => {
  it('has its public list: these fields, and no others, answer anybody', () => {
    const names = fields.map(({ field }) => field.name);
    expect(names).toEqual(expect.arrayContaining(PUBLIC));
    expect(names.length).toBeGreaterThan(50);
  });

  it('refuses queries and mutations as UNAUTHENTICATED and answers nothing', async () => {
    for (const root of fields.filter(({ kind, field }) => kind !== 'subscription' && !PUBLIC.includes(field.name))) {
      for (const caller of [own.nobody, own.nobody.as('bt_not-a-token'), own.nobody.as('x'.repeat(500))]) {
        const { data, errors } = await caller.post(root.document, root.variables);
        expect({ name: root.field.name, errors }).toMatchObject({
          name: root.field.name,
          errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
        });
        expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
      }
    }
  });

  it('answers the public ones without UNAUTHENTICATED', async () => {
    for (const root of fields.filter(({ field }) => PUBLIC.includes(field.name))) {
      const { errors } = await own.nobody.post(root.document, root.variables);
      expect({ name: root.field.name, errors }).toEqual({ name: root.field.name, errors: undefined });
    }
  });

  it('refuses subscriptions by closing the socket', async () => {
    for (const root of fields.filter(({ kind }) => kind === 'subscription')) {
      const stream = own.nobody.subscribe(root.document, root.variables);
      expect(await stream.waitForError()).toMatchObject({ code: 4401 });
      expect(stream.items).toEqual([]);
    }
  });
});

type Others = 'agentId' | 'organizationId' | 'workspaceId';

/**
 * For each ID of each root field: what it names, somebody for whom the object that is theirs is found, and which other
 * IDs have to be given with it.
 */
const CASES: Record<string, readonly [type: PublicIdType, as: Person, ...others: Others[]]> = {
  'agent.id': ['agent', 'manager'],
  'conversation.id': ['conversation', 'manager'],
  'handoff.id': ['handoff', 'manager'],
  'inquiry.id': ['inquiry', 'manager'],
  'node.id': ['conversation', 'manager'],
  'organization.id': ['organization', 'manager'],
  'workspace.id': ['workspace', 'manager'],
  'acceptHandoff.input.handoffId': ['handoff', 'manager'],
  'answerInquiry.input.inquiryId': ['inquiry', 'manager'],
  'assignAgent.input.agentId': ['agent', 'owner', 'organizationId'],
  'assignAgent.input.organizationId': ['organization', 'owner', 'agentId'],
  'cancelHandoff.input.handoffId': ['handoff', 'manager'],
  'closeConversation.input.conversationId': ['conversation', 'manager'],
  'closeInquiry.input.inquiryId': ['inquiry', 'manager'],
  'createAgent.input.organizationId': ['organization', 'owner', 'workspaceId'],
  'createAgent.input.workspaceId': ['workspace', 'owner'],
  'createApiKey.input.agentId': ['agent', 'owner', 'workspaceId'],
  'createApiKey.input.workspaceId': ['workspace', 'owner'],
  'createOrganization.input.workspaceId': ['workspace', 'owner'],
  'createUser.input.agentIds': ['agent', 'manager', 'workspaceId', 'organizationId'],
  'createUser.input.organizationId': ['organization', 'manager', 'workspaceId'],
  'createUser.input.workspaceId': ['workspace', 'manager', 'organizationId'],
  // In this order: what is erased cannot be exported.
  'exportVisitor.input.visitorId': ['visitor', 'manager'],
  'eraseVisitor.input.visitorId': ['visitor', 'manager'],
  'handBackToAi.input.conversationId': ['conversation', 'manager'],
  'inviteUser.input.agentIds': ['agent', 'manager', 'organizationId'],
  'inviteUser.input.organizationId': ['organization', 'manager'],
  'markRead.input.conversationId': ['conversation', 'manager'],
  'postAgentReply.input.conversationId': ['conversation', 'agentKey'],
  'removePushSubscription.input.id': ['pushSubscription', 'operator'],
  'requestHandoff.input.conversationId': ['conversation', 'visitor'],
  'revokeApiKey.input.id': ['apiKey', 'owner'],
  'revokeInvitation.input.id': ['invitation', 'manager'],
  'sendMessage.input.conversationId': ['conversation', 'visitor'],
  'setAgentResponder.input.agentId': ['agent', 'manager'],
  'setHosts.input.organizationId': ['organization', 'owner', 'workspaceId'],
  'setHosts.input.workspaceId': ['workspace', 'owner'],
  'setTyping.input.conversationId': ['conversation', 'manager'],
  'submitInquiry.input.conversationId': ['conversation', 'visitor'],
  'takeOverConversation.input.conversationId': ['conversation', 'manager'],
  'updateAgent.input.id': ['agent', 'manager'],
  'updateAgentHandoff.input.agentId': ['agent', 'manager'],
  'updateOrganization.input.id': ['organization', 'manager'],
  'updateUser.input.agentIds': ['agent', 'manager'],
  'updateUser.input.id': ['user', 'manager'],
  'agentTurns.agentId': ['agent', 'agentKey'],
  'conversationEvents.conversationId': ['conversation', 'manager'],
  'conversationSignals.conversationId': ['conversation', 'manager'],
  'handoffEvents.organizationId': ['organization', 'manager'],
  'organizationEvents.organizationId': ['organization', 'manager'],
  'workspaceEvents.workspaceId': ['workspace', 'owner'],
};

/** They choose among what the caller has: an id of somebody else chooses nothing, and no answer says so. */
const CHOOSING = [
  'markNotificationsSeen.input.conversationId',
  'markNotificationsSeen.input.ids',
  'organizationEvents.agentIds',
];

describe('every ID of every root field — of somebody else, of nobody, or none at all', () => {
  it('has a case here', () => {
    const paths = fields.flatMap((root) => root.idPaths.map((path) => `${root.field.name}.${path}`));
    expect(paths.sort()).toEqual([...Object.keys(CASES), ...CHOOSING].sort());
  });

  it.each(Object.keys(CASES).map((path) => [path]))('answers always the same for %s', async (path) => {
    const [type, as] = CASES[path]!;
    const root = fields.find(({ field }) => field.name === path.split('.')[0])!;
    const caller = own.people[as];
    const mine = ids[type]!;
    const hidden = [foreign[type]!, encodePublicId(type, randomUUID())];
    // Staff see every organization of the workspace: there is nothing that they must not know of.
    if (as !== 'owner' && sibling[type] !== undefined) hidden.push(sibling[type]);
    const resembling = [mine.toUpperCase(), `${mine}0`, mine.slice(0, -1), `msg_${mine.split('_')[1]!}`];
    const malformed = ['', 'x', ...resembling, '\0', '%'];
    const ask = (id: string): Promise<GraphqlResponse> => send(caller, root, variablesFor(root, path, id));
    const answers = (await Promise.all(hidden.map(ask))).map(learned);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    // What is no id at all may be told so in other words.
    for (const answer of await Promise.all(malformed.map(ask))) expect(coded(answer)).toEqual(coded(answers[0]!));
    expect(answers[0]).toMatchObject(EXPECTED[root.kind](root.field.name));

    if (root.kind === 'subscription') return;
    const found = await send(caller, root, variablesFor(root, path, mine));
    expect(found.errors).toBeUndefined();
    expect(found).not.toMatchObject(EXPECTED[root.kind](root.field.name));
  });
});

describe('ids that choose among what the caller has', () => {
  it("leaves other people's notifications alone", async () => {
    const { people, world, api } = own;
    const row = newNotification(world.limited.row, null);
    await api.core.database.source.manager.insert(Notification, row);
    const id = encodePublicId('notification', row.id);
    await people.secondOperator.act('markNotificationsSeen', { ids: [id] });
    const seenAt = async (): Promise<string | null | undefined> => {
      const data = await people.limited.ask<{ notifications: { nodes: NotificationView[] } }>(READ_NOTIFICATIONS);
      return data.notifications.nodes.find((node) => node.id === id)?.seenAt;
    };
    expect(await seenAt()).toBeNull();
    expect((await people.limited.act('markNotificationsSeen', { ids: [id] })).unseenCount).toBe(0);
    expect(await seenAt()).toEqual(expect.any(String));
  });
});

const EXPECTED: Record<RootField['kind'], (name: string) => object> = {
  query: (name) => ({ data: { [name]: null } }),
  mutation: (name) => ({ data: { [name]: { userErrors: [{ code: 'NOT_FOUND' }] } } }),
  subscription: () => ({ errors: [{ extensions: { code: 'NOT_FOUND' } }] }),
};

/** `id` at the path, and the caller's own ids at all others that the operation needs. */
function variablesFor(root: RootField, path: string, id: string): RootField['variables'] {
  const [, ...steps] = path.split('.');
  const name = steps.at(-1)!;
  const value = name.endsWith('Ids') ? [id] : id;
  if (steps.length === 1) return { ...root.variables, [name]: value };
  const needed: Record<string, unknown> = path.startsWith('updateUser') ? { id: ids.user } : {};
  for (const other of CASES[path]!.slice(2)) needed[other] = ids[other.slice(0, -2) as PublicIdType];
  return { input: { ...(root.variables.input as object), ...needed, [name]: value } };
}

/** What the caller learns; where in the document it happened is the same anyway. */
function learned({ data, errors }: GraphqlResponse): GraphqlResponse {
  return { data, errors: errors?.map(({ message, extensions }) => ({ message, extensions })) };
}

function coded(answer: GraphqlResponse): unknown {
  return JSON.parse(JSON.stringify(learned(answer), (key, value: unknown) => (key === 'message' ? undefined : value)));
}
