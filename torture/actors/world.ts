import { randomBytes } from 'node:crypto';
import { ANNOUNCEMENTS } from '../history/announcements';
import type { AgentRecord, OperatorRecord, WhileWaiting } from '../history/history';
import { uuidOf } from '../history/recorder';
import type { Deployment } from '../machines/deployment';
import type { PushSink } from '../sinks/push-sink';
import type { Caller } from './caller';
import { given } from './given';
import { buildNeighbour, createWorkspace, type Neighbour } from './neighbour';

/** An agent of the run, and who writes its replies. */
export interface WorldAgent extends AgentRecord {
  readonly name: string;
  readonly publicId: string;
  readonly publicKey: string;
  /** Of its runtime; null where workers write. */
  readonly apiKey: string | null;
}

export interface WorldOperator extends OperatorRecord {
  readonly name: string;
  readonly publicId: string;
  readonly token: string;
}

/** What there is before the first visitor comes, made with the admin command and the public API. */
export interface World {
  readonly workspaceId: string;
  readonly organizationId: string;
  /** Of the organization, from before everything. */
  readonly cursor: string;
  readonly ownerToken: string;
  readonly agents: readonly WorldAgent[];
  readonly operators: readonly WorldOperator[];
  /** Of the owner, who is an operator too, and is told like one. */
  readonly owner: OperatorRecord;
  /** Public id of the agent whose requests nobody takes. */
  readonly lonelyAgentId: string;
  readonly neighbour: Neighbour;
}

interface AgentPlan {
  readonly name: string;
  readonly responder: 'SCRIPTED' | 'API';
  readonly whileWaiting: WhileWaiting;
  /** Short: many deadlines come within one run. */
  readonly requestTimeoutSeconds: number;
}

/** Long enough for a ladder to be climbed to its end, whatever is away meanwhile; operators leave its requests alone. */
const LONELY = 'Lonely';
/** Has a ladder of its own. */
const AT_ONCE = 'Chatty';

const AGENTS: readonly AgentPlan[] = [
  { name: 'Scripted', responder: 'SCRIPTED', whileWaiting: 'AI_SILENT', requestTimeoutSeconds: 5 },
  { name: 'Runtime', responder: 'API', whileWaiting: 'AI_SILENT', requestTimeoutSeconds: 8 },
  { name: AT_ONCE, responder: 'API', whileWaiting: 'AI_ANSWERS', requestTimeoutSeconds: 6 },
  { name: LONELY, responder: 'SCRIPTED', whileWaiting: 'AI_ANSWERS', requestTimeoutSeconds: 25 },
];

/** Of the organization. Both come ahead of every deadline above. */
const LADDER = { onlineSeconds: 1, everyoneSeconds: 2 };

const EMAIL = { channels: ['EMAIL'], events: 'REQUESTS_ONLY' } as const;
const CHOICES = [
  EMAIL,
  { channels: ['PUSH'], events: 'REQUESTS_ONLY' },
  { channels: ['EMAIL', 'PUSH'], events: 'ALL_MESSAGES' },
  EMAIL,
] as const;
/** The last one is limited to the first agent. */
const LIMITED = CHOICES.length - 1;

const PASSWORD = randomBytes(18).toString('base64url');

export async function buildWorld(deployment: Deployment, nobody: Caller, pushSink: PushSink): Promise<World> {
  const { workspaceId, ownerId, token: ownerToken } = await createWorkspace(deployment, nobody, 'torture');
  const owner = nobody.as(ownerToken);
  const organization = given(
    (await owner.must('createOrganization', { workspaceId, name: 'Client', slug: 'client' })).organization,
  );
  const place = { workspaceId, organizationId: organization.id };
  const plain = await Promise.all(AGENTS.map((plan) => addAgent(owner, place, plan)));
  const operators = await Promise.all(
    CHOICES.map((_, index) => addOperator({ nobody, owner, place, pushSink }, index, plain[0])),
  );
  const agents = await layLadders(owner, place, plain, [...operators.map(({ publicId }) => publicId), ownerId]);
  return {
    workspaceId,
    organizationId: organization.id,
    cursor: organization.streamCursor,
    ownerToken,
    agents,
    operators,
    owner: { userId: uuidOf(ownerId), name: 'owner', agentIds: null, channels: ['EMAIL'], isStaff: true },
    lonelyAgentId: given(agents.at(-1)).publicId,
    neighbour: await buildNeighbour(deployment, nobody),
  };
}

async function addAgent(owner: Caller, place: Place, plan: AgentPlan): Promise<WorldAgent> {
  const { name, responder, whileWaiting, requestTimeoutSeconds } = plan;
  const agent = given((await owner.must('createAgent', { ...place, displayName: name })).agent);
  await owner.must('updateAgentHandoff', {
    agentId: agent.id,
    enabled: true,
    offerWhenOffline: true,
    aiMayRequest: true,
    whileWaiting,
    requestTimeoutSeconds,
    announcements: ANNOUNCEMENTS,
  });
  await owner.must('setAgentResponder', { agentId: agent.id, kind: responder });
  const key = { workspaceId: place.workspaceId, agentId: agent.id, name: `${name} runtime` };
  const apiKey = responder === 'API' ? given((await owner.must('createApiKey', key)).secret) : null;
  const { id: publicId, publicKey } = agent;
  return { id: uuidOf(publicId), name, whileWaiting, fallbackUserIds: null, publicId, publicKey, apiKey };
}

/** The organization's, and one of an agent's own whose rungs are all due at once. */
async function layLadders(
  owner: Caller,
  { organizationId }: Place,
  agents: readonly WorldAgent[],
  people: readonly string[],
): Promise<WorldAgent[]> {
  const [first = '', second = ''] = people;
  const fallbackUserIds = [second, people.at(-1) ?? ''];
  await owner.must('updateOrganizationHandoff', { organizationId, escalation: { ...LADDER, fallbackUserIds } });
  return Promise.all(
    agents.map(async (agent) => {
      if (agent.name !== AT_ONCE) return { ...agent, fallbackUserIds: fallbackUserIds.map(uuidOf) };
      const escalation = { onlineSeconds: 0, everyoneSeconds: 0, fallbackUserIds: [first] };
      await owner.must('updateAgentHandoff', { agentId: agent.publicId, escalation });
      return { ...agent, fallbackUserIds: [uuidOf(first)] };
    }),
  );
}

interface Place {
  readonly workspaceId: string;
  readonly organizationId: string;
}

interface OperatorTools {
  readonly nobody: Caller;
  readonly owner: Caller;
  readonly place: Place;
  readonly pushSink: PushSink;
}

async function addOperator(
  { nobody, owner, place, pushSink }: OperatorTools,
  index: number,
  onlyAgent: WorldAgent | undefined,
): Promise<WorldOperator> {
  const name = `operator-${index + 1}`;
  const email = `${name}@torture.example`;
  const limited = index === LIMITED && onlyAgent !== undefined ? onlyAgent : null;
  const { user } = await owner.must('createUser', {
    ...place,
    displayName: name,
    email,
    password: PASSWORD,
    permissions: ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'],
    ...(limited === null ? {} : { agentIds: [limited.publicId] }),
  });
  const token = given((await nobody.must('signIn', { email, password: PASSWORD })).accessToken);
  const operator = nobody.as(token);
  const choice = CHOICES[index] ?? EMAIL;
  await operator.must('updateNotificationSettings', choice);
  if (choice.channels.some((channel) => channel === 'PUSH'))
    await operator.must('registerPushSubscription', { ...pushSink.subscribe() });
  const { id } = given(user);
  return {
    name,
    publicId: id,
    token,
    userId: uuidOf(id),
    agentIds: limited === null ? null : [limited.id],
    channels: choice.channels,
    isStaff: false,
  };
}
