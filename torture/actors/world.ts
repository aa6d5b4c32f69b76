import { randomBytes } from 'node:crypto';
import { ANNOUNCEMENTS } from '../history/announcements';
import type { AgentRecord, OperatorRecord, WhileWaiting } from '../history/history';
import { uuidOf } from '../history/recorder';
import type { Deployment } from '../machines/deployment';
import type { PushSink } from '../sinks/push-sink';
import type { Caller } from './caller';

/** An agent of the run, and who writes its replies. */
export interface WorldAgent extends AgentRecord {
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
}

interface AgentPlan {
  readonly name: string;
  readonly responder: 'SCRIPTED' | 'API';
  readonly whileWaiting: WhileWaiting;
  /** Short: many deadlines come within one run. */
  readonly requestTimeoutSeconds: number;
}

const AGENTS: readonly AgentPlan[] = [
  { name: 'Scripted', responder: 'SCRIPTED', whileWaiting: 'AI_SILENT', requestTimeoutSeconds: 5 },
  { name: 'Runtime', responder: 'API', whileWaiting: 'AI_SILENT', requestTimeoutSeconds: 8 },
  { name: 'Chatty', responder: 'API', whileWaiting: 'AI_ANSWERS', requestTimeoutSeconds: 6 },
];

const EMAIL = { channels: ['EMAIL'], events: 'REQUESTS_ONLY' } as const;
const CHOICES = [
  EMAIL,
  { channels: ['PUSH'], events: 'REQUESTS_ONLY' },
  { channels: ['EMAIL', 'PUSH'], events: 'ALL_MESSAGES' },
  EMAIL,
] as const;
/** The last one is limited to the first agent. */
const LIMITED = CHOICES.length - 1;

const EMAIL_OF_OWNER = 'owner@torture.example';
const PASSWORD = randomBytes(18).toString('base64url');

export async function buildWorld(deployment: Deployment, nobody: Caller, pushSink: PushSink): Promise<World> {
  const printed = await deployment.runOnce(
    'admin',
    ['create-workspace', '--slug', 'torture', '--name', 'Torture', '--owner-email', EMAIL_OF_OWNER],
    {},
  );
  const [, password = ''] = /Password[^:]*: (\S+)/.exec(printed) ?? [];
  const signedIn = await nobody.must('signIn', { email: EMAIL_OF_OWNER, password });
  const ownerToken = given(signedIn.accessToken);
  const { id: ownerId, workspace } = given(signedIn.viewer);
  const owner = nobody.as(ownerToken);
  const organization = given(
    (await owner.must('createOrganization', { workspaceId: workspace.id, name: 'Client', slug: 'client' }))
      .organization,
  );
  const place = { workspaceId: workspace.id, organizationId: organization.id };
  const agents = await Promise.all(AGENTS.map((plan) => addAgent(owner, place, plan)));
  const operators = await Promise.all(
    CHOICES.map((_, index) => addOperator({ nobody, owner, place, pushSink }, index, agents[0])),
  );
  return {
    workspaceId: workspace.id,
    organizationId: organization.id,
    cursor: organization.streamCursor,
    ownerToken,
    agents,
    operators,
    owner: { userId: uuidOf(ownerId), name: 'owner', agentIds: null, channels: ['EMAIL'] },
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
  return { id: uuidOf(agent.id), whileWaiting, publicId: agent.id, publicKey: agent.publicKey, apiKey };
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
  };
}

function given<Value>(value: Value | null | undefined): Value {
  if (value == null) throw new Error('The API did not answer with what was asked for.');
  return value;
}
