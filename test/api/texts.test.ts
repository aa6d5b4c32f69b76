import type { GraphqlResponse } from '../support/api-client';
import { type Person, type Scene, startScene, type Visit } from './scene';
import { changedAt, HOSTILE, readTextInputs, type TextInput, TURNED } from './text-inputs';
import { BRANDING, HOURS, KEYS, MAIL_SETTINGS, PASSWORD } from './valid-values';

let scene: Scene;
let visit: Visit;
let inputs: TextInput[];
let inquiryId: string;
let handedOver: string;
let handoffId: string;
let cannedAnswerId: string;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  visit = await scene.visit();
  inputs = await readTextInputs(scene.people.owner);
  const { conversationId } = visit;
  const left = { conversationId, email: 'v@example.com', text: 'Hello?', idempotencyKey: 'left' };
  inquiryId = (await visit.visitor.act('submitInquiry', left)).inquiry!.id;
  handedOver = (await scene.visit()).conversationId;
  const taken = await scene.people.operator.act('takeOverConversation', { conversationId: handedOver });
  handoffId = taken.handoff!.id;
  const words = { organizationId: scene.ids.organization, title: 'Hello', shortcut: '/hello', text: 'Hello.' };
  cannedAnswerId = (await scene.people.owner.act('createCannedAnswer', words)).cannedAnswer!.id;
});
afterAll(() => scene.api.stop());

type Input = Readonly<Record<string, unknown>>;

/** For each mutation that takes a text: who may do it, and an input with every text in it, none of them at fault. */
const VALID: Readonly<Record<string, readonly [as: Person | 'nobody' | 'visiting', input: () => Input]>> = {
  acceptInvitation: ['nobody', () => ({ displayName: 'New', password: PASSWORD, token: 'bti_x' })],
  addNote: ['operator', () => ({ ...inConversation(), clientNonce: 'n', text: 'Hello.' })],
  answerInquiry: ['operator', () => ({ inquiryId, text: 'Yes.', idempotencyKey: 'a' })],
  createAgent: ['owner', () => ({ ...inWorkspace(), displayName: 'New', avatarUrl: 'https://127.0.0.1/' })],
  createApiKey: ['owner', () => ({ ...inWorkspace(), name: 'New' })],
  createAttachment: [
    'visiting',
    () => ({ ...inConversation(), fileName: 'photo.png', byteSize: 1, contentType: 'image/png' }),
  ],
  createCannedAnswer: [
    'manager',
    () => ({ organizationId: scene.ids.organization, title: 'Hi', shortcut: '/hi', text: 'Hello.' }),
  ],
  createOrganization: [
    'owner',
    () => ({
      ...{ ...inWorkspace(), name: 'New', slug: 'new', locale: 'en', logoUrl: 'https://127.0.0.1/', timeZone: 'UTC' },
    }),
  ],
  createUser: [
    'owner',
    () => ({
      ...{ ...inWorkspace(), workspaceRole: 'ADMIN', displayName: 'New', email: 'new@example.com', password: PASSWORD },
      avatarUrl: 'https://127.0.0.1/',
    }),
  ],
  exportVisitor: ['owner', () => ({ visitorId: visit.visitorId, after: 'dmlzaXRvcg' })],
  handBackToAi: ['operator', () => ({ conversationId: handedOver, brief: 'Hello.' })],
  inviteUser: ['owner', () => ({ organizationId: scene.ids.organization, email: 'new@example.com', permissions: [] })],
  logInAs: ['owner', () => ({ userId: scene.ids.operator, reason: 'Ticket 7' })],
  mailTranscript: ['operator', () => ({ ...inConversation(), idempotencyKey: 'a' })],
  postAgentReply: ['agentKey', () => ({ ...inConversation(), clientNonce: 'a', text: 'Hello.', controlEpoch: 1 })],
  registerPushSubscription: ['operator', () => ({ endpoint: 'https://127.0.0.1/', userAgent: 'Browser', ...KEYS })],
  requestHandoff: ['agentKey', () => ({ ...inConversation(), reason: 'Why', summary: 'What', controlEpoch: 1 })],
  requestPasswordReset: ['nobody', () => ({ email: 'who@example.com', workspace: 'partner' })],
  resetPassword: ['nobody', () => ({ newPassword: PASSWORD, token: 'btr_x' })],
  sendMessage: ['visiting', () => ({ ...inConversation(), clientNonce: 'a', text: 'Hello.' })],
  setAgentResponder: [
    'manager',
    () => ({
      ...{ agentId: scene.ids.agent, kind: 'OPENAI_COMPATIBLE', url: 'https://127.0.0.1/', model: 'm', secret: 's' },
      instructions: 'Be kind.',
    }),
  ],
  setHosts: ['owner', () => ({ ...inWorkspace(), hosts: ['chat.example.com'] })],
  signIn: ['nobody', () => ({ email: 'who@example.com', password: PASSWORD, workspace: 'partner' })],
  startConversation: ['visiting', () => ({ idempotencyKey: 'a' })],
  startVisitorSession: [
    'nobody',
    () => ({
      ...{ agentPublicKey: scene.world.agent.publicKey, displayName: 'Vera', email: 'v@example.com', locale: 'en' },
    }),
  ],
  submitInquiry: [
    'visiting',
    () => ({ ...inConversation(), email: 'v@example.com', name: 'Vera', text: 'Hello?', idempotencyKey: 'b' }),
  ],
  transferHandoff: ['operator', () => ({ handoffId, note: 'Hello.' })],
  updateAgent: [
    'manager',
    () => ({
      ...{ id: scene.ids.agent, displayName: 'Ada', avatarUrl: 'https://127.0.0.1/' },
      allowedOrigins: ['https://example.com'],
    }),
  ],
  updateAgentHandoff: [
    'manager',
    () => ({ agentId: scene.ids.agent, title: 'Help', subtitle: 'Now', businessHours: HOURS }),
  ],
  updateCannedAnswer: ['manager', () => ({ id: cannedAnswerId, title: 'Hi', shortcut: '/hello', text: 'Hello.' })],
  updateNotificationSettings: ['operator', () => ({ quietHours: { start: '22:00', end: '06:00', timeZone: 'UTC' } })],
  updateOrganization: [
    'manager',
    () => ({ id: scene.ids.organization, name: 'Client', locale: 'en', timeZone: 'UTC', branding: BRANDING }),
  ],
  updateOrganizationHandoff: [
    'manager',
    () => ({
      organizationId: scene.ids.organization,
      businessHours: HOURS,
    }),
  ],
  updateUser: [
    'owner',
    () => ({ id: scene.ids.operator, displayName: 'Oscar', avatarUrl: 'https://127.0.0.1/', locale: 'de' }),
  ],
  updateWorkspaceMailSettings: ['owner', () => ({ ...inWorkspace(), ...MAIL_SETTINGS })],
};

const inWorkspace = (): Input => ({ workspaceId: scene.ids.workspace });
const inConversation = (): Input => ({ conversationId: visit.conversationId });

/**
 * Refused without a path that leads there, by this code; null: no refusal at all, as for every address. Who knows no
 * token and no password is told nothing about the rest of the input; test/commands has the rest with real tokens.
 */
const ELSEWHERE: Readonly<Record<string, string | null>> = {
  'acceptInvitation.displayName': 'INVALID_CREDENTIALS',
  'acceptInvitation.password': 'INVALID_CREDENTIALS',
  // The two keys of a browser are one value in two parts.
  'registerPushSubscription.auth': 'INVALID',
  'requestPasswordReset.email': null,
  'requestPasswordReset.workspace': null,
  'resetPassword.newPassword': 'INVALID_CREDENTIALS',
  'signIn.email': 'INVALID_CREDENTIALS',
  'signIn.password': 'INVALID_CREDENTIALS',
  'signIn.workspace': 'INVALID_CREDENTIALS',
};

function key({ owner, steps }: TextInput): string {
  return `${owner.split('.')[1]!}.${steps.slice(1).join('.')}`;
}

async function send(input: TextInput, change: (text: string) => string): Promise<GraphqlResponse> {
  const mutation = input.owner.split('.')[1]!;
  const [as, valid] = VALID[mutation]!;
  const caller = as === 'nobody' ? scene.nobody : as === 'visiting' ? visit.visitor : scene.people[as];
  const hostile = changedAt(valid(), input.steps.slice(1), (found) => {
    if (input.isList) return [change((found as string[] | undefined)?.[0] ?? 'a')];
    return change(typeof found === 'string' ? found : 'ab');
  });
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const document = `mutation($input: ${type}!) { ${mutation}(input: $input) { userErrors { code path } } }`;
  return caller.post(document, { input: hostile });
}

/** A path without the places in lists. */
const namesOf = (path: readonly string[]): string[] => path.filter((step) => !/^[0-9]+$/.test(step));

/** A refusal that leads to the input, or an error that says that the value is none of its type. */
function isRefused({ data, errors }: GraphqlResponse, input: TextInput): boolean {
  if (errors !== undefined) return errors.every(({ extensions }) => extensions?.code === 'BAD_USER_INPUT');
  const [payload] = Object.values(data ?? {}) as { userErrors: { code: string; path: string[] }[] }[];
  const path = input.steps.slice(1);
  const elsewhere = ELSEWHERE[key(input)];
  if (elsewhere === null) return payload!.userErrors.length === 0;
  return payload!.userErrors.some(({ code, path: at }) =>
    elsewhere === undefined ? path.every((step, index) => namesOf(at)[index] === step) : code === elsewhere,
  );
}

describe('every text that a mutation takes', () => {
  it('has a case here', () => {
    const mutations = inputs
      .filter(({ owner }) => owner.startsWith('Mutation.'))
      .map(({ owner }) => owner.split('.')[1]);
    expect([...new Set(mutations)].sort()).toEqual(Object.keys(VALID).sort());
  });

  it.each(Object.entries(HOSTILE))('is refused with %s in it, by a path that leads there', async (_, change) => {
    const taken: unknown[] = [];
    for (const input of inputs.filter(({ owner }) => owner.startsWith('Mutation.'))) {
      const answer = await send(input, change);
      if (!isRefused(answer, input)) taken.push(`${key(input)} ${JSON.stringify(answer)}`);
    }
    expect(taken).toEqual([]);
  });

  it('is refused where it is a name and turns the direction of text', async () => {
    const names = inputs.filter(({ steps }) => /^(displayName|name|emailFromName|title)$/.test(steps.at(-1)!));
    const taken: unknown[] = [];
    for (const input of names) {
      const answer = await send(input, TURNED);
      if (!isRefused(answer, input)) taken.push(`${key(input)} ${JSON.stringify(answer)}`);
    }
    expect(names.length).toBeGreaterThan(10);
    expect(taken).toEqual([]);
  });
});

/** Where fields with a text of their own are reached. */
const REACHED: Readonly<Record<string, () => string>> = {
  Conversation: () => `conversation(id: "${visit.conversationId}")`,
  Organization: () => `organization(id: "${scene.ids.organization}")`,
  Query: () => '',
  Workspace: () => 'workspace',
};

/** What is asked of fields that are no lists, and the type of their argument. */
const SINGLE: Readonly<Record<string, readonly [type: string, selection: string]>> = {
  'Query.brandingFor': ['String!', 'displayName'],
  'Query.publicAgent': ['String!', 'displayName'],
  'Query.workspace': ['String', 'id'],
};

function documentFor(owner: string, argument: string): string {
  const [type = '', field = ''] = owner.split('.');
  const filter = field === 'inquiries' ? 'InquiryFilter' : 'ConversationFilter';
  const fallback = argument === 'filter' ? filter : 'String';
  const [taken, selection] = SINGLE[owner] ?? [fallback, 'nodes { __typename }'];
  const asked = `${field}(${argument}: $value) { ${selection} }`;
  const reached = REACHED[type]!();
  return `query($value: ${taken}) { ${reached === '' ? asked : `${reached} { ${asked} }`} }`;
}

describe('every text that a query takes', () => {
  it.each(Object.entries(HOSTILE))('is no error of the server with %s in it', async (_, change) => {
    const failed: unknown[] = [];
    for (const { owner, steps } of inputs.filter(({ owner: name }) => !/^(Mutation|Subscription)\./.test(name))) {
      const argument = steps[0]!;
      const document = documentFor(owner, argument);
      const value = changedAt(undefined, steps.slice(1), () => change('ab'));
      const { data, errors } = await (owner === 'Query.myConversations' ? visit.visitor : scene.people.owner).post(
        document,
        { value },
      );
      const codes = (errors ?? []).map(({ extensions }) => extensions?.code);
      const isWell = codes.every((code) => code === 'BAD_USER_INPUT') && (errors !== undefined || data !== undefined);
      // A cursor that is none is said to be none.
      const isSaid = !/after|before/.test(argument) || codes.length > 0;
      if (!isWell || !isSaid) failed.push(`${owner}.${argument} ${JSON.stringify({ errors, data })}`);
    }
    expect(failed).toEqual([]);
  });
});
