import {
  API_KEY_SCOPES,
  type ApiKeyScope,
  NOWHERE,
  type Permission,
  PERMISSIONS,
  type Principal,
  type UserPrincipal,
} from '../../../src/domain/actor';
import {
  mayManageAgent,
  mayManageMembers,
  mayManageOrganization,
  mayManageWorkspace,
  maySee,
  maySeeAgent,
} from '../../../src/domain/policies/settings-policy';

const owner = { workspaceId: 'workspace', organizationId: 'client' };
const agent = { ...owner, id: 'ada' };
const organization = { workspaceId: 'workspace', id: 'client' };

function user(change: Partial<UserPrincipal>): UserPrincipal {
  return {
    kind: 'USER',
    ...NOWHERE,
    impersonatorId: null,
    workspaceId: 'workspace',
    userId: 'somebody',
    sessionId: 'session',
    organizationId: null,
    workspaceRole: null,
    permissions: [],
    agentIds: null,
    ...change,
  };
}
const member = (...permissions: Permission[]): UserPrincipal => user({ organizationId: 'client', permissions });

const key = (agentId: string | null, ...scopes: ApiKeyScope[]): Principal => {
  return { kind: 'API_KEY', ...NOWHERE, workspaceId: 'workspace', keyId: 'key', agentId, scopes, secretVersion: 1 };
};
const backEnd = key(null, ...API_KEY_SCOPES);

const RULES: Record<string, (principal: Principal) => boolean> = {
  workspace: (principal) => mayManageWorkspace(principal, 'workspace'),
  see: (principal) => maySee(principal, owner),
  seeAgent: (principal) => maySeeAgent(principal, agent),
  agent: (principal) => mayManageAgent(principal, agent),
  members: (principal) => mayManageMembers(principal, owner),
  organization: (principal) => mayManageOrganization(principal, organization),
};
const EVERYTHING = Object.keys(RULES);
const allowed = (principal: Principal): string[] => EVERYTHING.filter((name) => RULES[name]!(principal));

describe('the settings rules', () => {
  it.each<[string, Principal, string[]]>([
    [
      'a visitor',
      { kind: 'VISITOR', ...NOWHERE, workspaceId: 'workspace', visitorId: 'vera', agentId: 'ada', sessionId: 's' },
      ['seeAgent'],
    ],
    [
      'a visitor of another agent',
      { kind: 'VISITOR', ...NOWHERE, workspaceId: 'workspace', visitorId: 'vera', agentId: 'bea', sessionId: 's' },
      [],
    ],
    ['a runtime', key('ada'), ['seeAgent']],
    ['a runtime of another agent', key('bea'), []],
    ['a back end', backEnd, EVERYTHING],
    // Who may ask for what of the workspace is up to `scope-policy`.
    ['a back end without scopes', key(null), ['workspace', 'see', 'seeAgent']],
    ['a back end for settings', key(null, 'SETTINGS'), ['workspace', 'see', 'seeAgent', 'agent', 'organization']],
    ['a back end for people', key(null, 'PEOPLE'), ['workspace', 'see', 'seeAgent', 'members']],
    ['a foreign back end', { ...backEnd, workspaceId: 'foreign' }, []],
    ['a foreign owner', user({ workspaceId: 'foreign', workspaceRole: 'OWNER' }), []],
    ['an owner', user({ workspaceRole: 'OWNER' }), EVERYTHING],
    ['an admin', user({ workspaceRole: 'ADMIN' }), EVERYTHING],
    ['a member of another organization', { ...member(...PERMISSIONS), organizationId: 'other' }, []],
    ['promise 4: a member who handles conversations', member('HANDLE_CONVERSATIONS'), ['see', 'seeAgent']],
    ['promise 4: a member with MANAGE_AGENT_SETTINGS', member('MANAGE_AGENT_SETTINGS'), ['see', 'seeAgent', 'agent']],
    ['a member with MANAGE_MEMBERS', member('MANAGE_MEMBERS'), ['see', 'seeAgent', 'members']],
    ['a member with MANAGE_ORGANIZATION', member('MANAGE_ORGANIZATION'), ['see', 'seeAgent', 'organization']],
    [
      'a member limited to another agent',
      { ...member(...PERMISSIONS), agentIds: ['bea'] },
      ['see', 'members', 'organization'],
    ],
  ])('let %s manage or see exactly what is theirs', (_who, principal, expected) => {
    expect(allowed(principal)).toEqual(expected);
  });

  it('leave an agent of no organization to the staff', () => {
    const unassigned = { ...agent, organizationId: null };
    expect(mayManageAgent(member('MANAGE_AGENT_SETTINGS'), unassigned)).toBe(false);
    expect(maySeeAgent(member('MANAGE_AGENT_SETTINGS'), unassigned)).toBe(false);
    expect(mayManageAgent(user({ workspaceRole: 'ADMIN' }), unassigned)).toBe(true);
  });
});
