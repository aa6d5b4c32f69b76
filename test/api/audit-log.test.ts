import { AUDIT_SUBJECTS } from '../../src/domain/audit';
import type { Caller } from '../support/api-client';
import { addScene, type Scene, startScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, env: { BATON_TRUST_PROXY: '127.0.0.1' } });
});
beforeEach(async () => {
  scene = await addScene(scene.api);
});
afterAll(() => scene.api.stop());

interface EntryView {
  readonly id: string;
  readonly action: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly actor: { readonly __typename: string; readonly displayName: string; readonly email?: string } | null;
  readonly impersonator: { readonly __typename: string; readonly displayName: string; readonly email?: string } | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly organization: { readonly id: string } | null;
  readonly changes: readonly { field: string; before: string | null; after: string | null }[];
  readonly address: string | null;
  readonly userAgent: string | null;
}
interface LogView {
  readonly nodes: readonly EntryView[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

const PERSON = '{ __typename displayName ... on User { email } }';
const LOG = `auditLog(first: $first, after: $after, actions: $actions) { pageInfo { endCursor hasNextPage }
  nodes { id action actorKind actorId actor ${PERSON} impersonator ${PERSON} subjectKind subjectId organization { id }
    changes { field before after } address userAgent createdAt } }`;
const VARIABLES = '$first: Int, $after: String, $actions: [AuditAction!]';
const OF_ORGANIZATION = `query($id: ID!, ${VARIABLES}) { organization(id: $id) { ${LOG} } }`;
const OF_WORKSPACE = `query(${VARIABLES}) { workspace { ${LOG} } }`;

async function organizationLog(reader: Caller, variables: object = {}): Promise<LogView> {
  const asked = { id: scene.ids.organization, ...variables };
  return (await reader.ask<{ organization: { auditLog: LogView } }>(OF_ORGANIZATION, asked)).organization.auditLog;
}

async function workspaceLog(reader: Caller, variables: object = {}): Promise<LogView> {
  return (await reader.ask<{ workspace: { auditLog: LogView } }>(OF_WORKSPACE, { ...variables })).workspace.auditLog;
}

const actions = ({ nodes }: LogView): string[] => nodes.map(({ action }) => action);
const rename = (caller: Caller, displayName: string) => caller.act('updateAgent', { id: scene.ids.agent, displayName });

describe('Organization.auditLog', () => {
  it('is refused to those who do not manage the organization', async () => {
    const { people, ids } = scene;
    for (const reader of [people.operator, people.viewer, people.limited]) {
      const { errors, data } = await reader.post(OF_ORGANIZATION, { id: ids.organization });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(data?.organization ?? null).toBeNull();
    }
    for (const reader of [people.otherMember, people.visitor, people.agentKey]) {
      expect(await reader.ask(OF_ORGANIZATION, { id: ids.organization })).toEqual({ organization: null });
    }
  });

  it('has the entries of that organization and of no other, newest first', async () => {
    const { people, ids } = scene;
    const foreign = await addScene(scene.api);
    await rename(people.manager, 'One');
    await people.otherMember.act('updateAgent', { id: ids.otherAgent, displayName: 'Elsewhere' });
    await foreign.people.manager.act('updateAgent', { id: foreign.ids.agent, displayName: 'Foreign' });
    await people.owner.act('createApiKey', { workspaceId: ids.workspace, name: 'CI' });
    await people.owner.act('updateAgentHandoff', { agentId: ids.agent, enabled: false });
    expect(actions(await organizationLog(people.manager))).toEqual(['AGENT_HANDOFF_UPDATED', 'AGENT_UPDATED']);
  });

  it('shows staff by name alone, and where somebody was for colleagues alone', async () => {
    const { people, world } = scene;
    await rename(people.manager, 'One');
    await rename(people.owner, 'Two');
    await rename(people.staffKey, 'Three');
    const { visitor, conversationId } = await scene.visit();
    await visitor.act('requestHandoff', { conversationId });
    const wrong = { email: world.operator.row.email, password: 'no', workspace: world.workspace.slug };
    expect(await scene.nobody.refusals('signIn', wrong)).toEqual(['INVALID_CREDENTIALS']);
    const seenBy = async (reader: Caller): Promise<unknown[]> =>
      (await organizationLog(reader)).nodes.map(({ actorKind, actor, address }) => [
        actorKind,
        actor?.__typename ?? null,
        actor?.email ?? null,
        address !== null,
      ]);
    expect(await seenBy(people.manager)).toEqual([
      ['ANONYMOUS', null, null, true],
      ['VISITOR', null, null, false],
      ['API_KEY', null, null, false],
      ['USER', 'OperatorCard', null, false],
      ['USER', 'User', world.manager.row.email, true],
    ]);
    expect(await seenBy(people.owner)).toEqual([
      ['ANONYMOUS', null, null, true],
      ['VISITOR', null, null, true],
      ['API_KEY', null, null, true],
      ['USER', 'User', world.owner.row.email, true],
      ['USER', 'User', world.manager.row.email, true],
    ]);
  });
});

describe('Workspace.auditLog', () => {
  it('is refused to everybody but staff', async () => {
    for (const reader of [scene.people.manager, scene.people.agentKey]) {
      const { errors } = await reader.post(OF_WORKSPACE);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(await scene.people.visitor.ask(OF_WORKSPACE)).toEqual({ workspace: null });
  });

  it('has every organization’s entries and the workspace’s own, and nothing of another workspace', async () => {
    const { people, ids } = scene;
    const foreign = await addScene(scene.api);
    await rename(people.manager, 'One');
    await people.otherMember.act('updateAgent', { id: ids.otherAgent, displayName: 'Elsewhere' });
    await people.owner.act('createApiKey', { workspaceId: ids.workspace, name: 'CI', agentId: ids.agent });
    await foreign.people.owner.act('createApiKey', { workspaceId: foreign.ids.workspace, name: 'Foreign' });
    const { nodes } = await workspaceLog(people.staffKey);
    expect(nodes.map(({ action, organization }) => [action, organization?.id ?? null])).toEqual([
      ['API_KEY_CREATED', null],
      ['AGENT_UPDATED', ids.otherOrganization],
      ['AGENT_UPDATED', ids.organization],
    ]);
    // Ids in changes are those that clients know.
    expect(nodes[0]!.changes).toContainEqual({ field: 'agentId', before: null, after: ids.agent });
    expect(JSON.stringify(nodes)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('pages without a hole, chooses actions, and refuses cursors of other lists', async () => {
    const { people, ids } = scene;
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) await rename(people.manager, name);
    await people.owner.act('updateAgentHandoff', { agentId: ids.agent, enabled: false });
    const names: (string | null)[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const page: LogView = await workspaceLog(people.owner, { first: 2, after, actions: ['AGENT_UPDATED'] });
      names.push(...page.nodes.map(({ changes }) => changes[0]!.after));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(names).toEqual(['Five', 'Four', 'Three', 'Two', 'One']);
    const { errors } = await people.owner.post(OF_WORKSPACE, { after: Buffer.from('["1"]').toString('base64url') });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('knows every action that is written', async () => {
    await scene.people.owner.ask(OF_WORKSPACE, { actions: Object.keys(AUDIT_SUBJECTS) });
  });

  it('has the client’s address as the trusted proxy gave it, and how it named itself', async () => {
    const { api, world, people } = scene;
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Curl/8' };
    const input = { email: world.operator.row.email, password: 'no', workspace: world.workspace.slug };
    const query = 'mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }';
    await fetch(api.url, { method: 'POST', headers, body: JSON.stringify({ query, variables: { input } }) });
    const renaming = 'mutation($input: UpdateAgentInput!) { updateAgent(input: $input) { userErrors { code } } }';
    const authorization = `Bearer ${people.manager.token}`;
    const variables = { input: { id: scene.ids.agent, displayName: 'New' } };
    const body = JSON.stringify({ query: renaming, variables });
    await fetch(api.url, { method: 'POST', headers: { ...headers, authorization }, body });
    const { nodes } = await workspaceLog(people.owner);
    expect(nodes.map(({ action, address, userAgent }) => [action, address, userAgent])).toEqual([
      ['AGENT_UPDATED', '203.0.113.9', 'Curl/8'],
      ['SIGN_IN_FAILED', '203.0.113.9', 'Curl/8'],
    ]);
  });
});
