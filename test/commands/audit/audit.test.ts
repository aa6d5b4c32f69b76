import { assignAgent } from '../../../src/commands/agent/assign-agent';
import { setAgentResponder } from '../../../src/commands/agent/set-agent-responder';
import { updateAgent } from '../../../src/commands/agent/update-agent';
import { setHosts } from '../../../src/commands/organization/set-hosts';
import { signIn } from '../../../src/commands/session/sign-in';
import { createUser } from '../../../src/commands/user/create-user';
import { setUserDisabled } from '../../../src/commands/user/set-user-disabled';
import { updateUser } from '../../../src/commands/user/update-user';
import { changesOf } from '../../../src/domain/audit';
import { AuditEntry } from '../../../src/entities/audit-entry';
import { User } from '../../../src/entities/user';
import type { PasswordHasher } from '../../../src/identity/password-hasher';
import { createWorld, type World } from '../../support/world';
import { anyTarget } from '../identity/any-target';
import { accepted, codes, openDatabase } from '../identity/open-database';
import { CLIENT, passwords } from './audited-commands';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const entries = (workspaceId = world.workspace.id): Promise<AuditEntry[]> =>
  database.source.manager.find(AuditEntry, { where: { workspaceId }, order: { id: 'ASC' } });

describe('a failed sign-in', () => {
  const fail = (email: string, hasher: PasswordHasher = passwords) =>
    signIn(database, { email, password: 'not the password', ...CLIENT }, { passwords: hasher });

  it('with an address that nobody has leaves nothing', async () => {
    expect(codes(await fail('nobody@example.com'))).toEqual(['INVALID_CREDENTIALS']);
    expect(await entries()).toEqual([]);
  });

  it('is written down in each workspace where the address has an account, and done by nobody', async () => {
    const second = await createWorld(database.source);
    const { email } = world.operator.row;
    await database.source.manager.update(User, { id: second.admin.id }, { email });
    expect(codes(await fail(email))).toEqual(['INVALID_CREDENTIALS']);
    const failed = { action: 'SIGN_IN_FAILED', actorKind: 'ANONYMOUS', actorId: null, subjectKind: 'USER', ...CLIENT };
    const { organization, operator } = world;
    expect(await entries()).toMatchObject([{ ...failed, subjectId: operator.id, organizationId: organization.id }]);
    expect(await entries(second.workspace.id)).toMatchObject([
      { ...failed, subjectId: second.admin.id, organizationId: null },
    ]);
  });

  it('because the account was disabled while the password was checked is one, too', async () => {
    const { operator } = world;
    const disabling: PasswordHasher = {
      ...passwords,
      verify: async () => {
        await database.source.manager.update(User, { id: operator.id }, { disabledAt: new Date() });
        return true;
      },
    };
    expect(codes(await fail(operator.row.email, disabling))).toEqual(['INVALID_CREDENTIALS']);
    expect(await entries()).toMatchObject([{ action: 'SIGN_IN_FAILED', subjectId: operator.id }]);
  });
});

describe('an agent that moves between organizations', () => {
  it('is in the log of each, which says nothing of the other', async () => {
    const { owner, agent, organization, otherOrganization } = world;
    accepted(await assignAgent(database, owner.principal, { agentId: agent.id, organizationId: otherOrganization.id }));
    expect(await entries()).toMatchObject([
      { action: 'AGENT_UNASSIGNED', organizationId: organization.id, subjectId: agent.id, changes: [] },
      { action: 'AGENT_ASSIGNED', organizationId: otherOrganization.id, subjectId: agent.id, changes: [] },
    ]);
  });
});

describe('the changes of an entry', () => {
  it('have no value of a field that nobody has declared fit for the log', () => {
    const changes = changesOf({ apiSecret: 'a', name: 'x' }, { apiSecret: 'b', name: 'y', slug: undefined });
    expect(changes).toEqual([{ field: 'apiSecret' }, { field: 'name', before: 'x', after: 'y' }]);
  });

  it('leave out what is the same, whatever order a list of agents came in', async () => {
    const { manager, operator, agent, secondAgent } = world;
    const limit = (agentIds: string[]) =>
      updateUser(database, manager.principal, { id: operator.id, agentIds }, anyTarget);
    accepted(await limit([agent.id, secondAgent.id]));
    accepted(await limit([secondAgent.id, agent.id, agent.id]));
    const agentIds = { field: 'agentIds', before: null, after: [agent.id, secondAgent.id].sort() };
    expect((await entries()).map(({ changes }) => changes)).toEqual([[agentIds]]);
  });

  it('tell what an empty value became', async () => {
    const { manager, agent } = world;
    const avatarUrl = 'https://pictures.example/ada.png';
    accepted(await updateAgent(database, manager.principal, { id: agent.id, avatarUrl }, anyTarget));
    const [entry] = await entries();
    expect(entry!.changes).toEqual([{ field: 'avatarUrl', before: null, after: avatarUrl }]);
  });

  it('never have what a responder is called with', async () => {
    const { manager, agent } = world;
    const outside = { checkTarget: () => Promise.resolve(null), sealSecret: (clear: string) => `sealed ${clear}` };
    const secret = 'hush-hush';
    const url = `https://llm.example/v1?token=${secret}`;
    const instructions = `The code is ${secret}.`;
    const input = { agentId: agent.id, kind: 'OPENAI_COMPATIBLE', url, model: 'small', instructions, secret } as const;
    accepted(await setAgentResponder(database, manager.principal, input, outside));
    const stored = JSON.stringify(await database.source.query('select * from audit_entries'));
    expect(stored).toContain('responderSecret');
    expect(stored).not.toContain(secret);
  });
});

describe('an entry', () => {
  it('says that somebody was let in again, and by whom', async () => {
    const { manager, operator, owner, workspace } = world;
    const account = { id: operator.id, workspaceId: workspace.id };
    accepted(await updateUser(database, manager.principal, { id: operator.id, disabled: true }, anyTarget));
    accepted(await setUserDisabled(database, { ...account, disabled: false }));
    accepted(
      await updateUser(database, owner.principal, { id: operator.id, disabled: true, displayName: 'Gone' }, anyTarget),
    );
    expect((await entries()).map(({ action, actorId }) => [action, actorId])).toEqual([
      ['USER_DISABLED', manager.id],
      ['USER_ENABLED', null],
      ['USER_DISABLED', owner.id],
    ]);
  });

  it('about staff, and about hosts of the workspace itself, is in no organization’s log', async () => {
    const { owner, workspace } = world;
    const person = { displayName: 'Ann', email: 'ann@example.com', password: 'a long password' };
    const input = { workspaceId: workspace.id, workspaceRole: 'ADMIN', ...person } as const;
    const created = accepted(await createUser(database, owner.principal, input, { passwords, ...anyTarget }));
    const hosts = { workspaceId: workspace.id, hosts: [`${workspace.slug}.example`] };
    accepted(await setHosts(database, owner.principal, hosts, { reservedHosts: [] }));
    expect(await entries()).toMatchObject([
      { action: 'USER_CREATED', subjectId: created.id, organizationId: null },
      { action: 'WORKSPACE_HOSTS_SET', subjectKind: 'WORKSPACE', subjectId: workspace.id, organizationId: null },
    ]);
  });

  it('keeps the first 300 characters of how the client named itself', async () => {
    const userAgent = 'x'.repeat(5000);
    const principal = { ...world.manager.principal, userAgent };
    accepted(await updateAgent(database, principal, { id: world.agent.id, displayName: 'Eve' }, anyTarget));
    expect((await entries())[0]!.userAgent).toBe('x'.repeat(300));
  });
});
