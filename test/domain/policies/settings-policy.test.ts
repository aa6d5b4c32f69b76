import { NOWHERE, type Permission, PERMISSIONS, type Principal, type UserPrincipal } from '../../../src/domain/actor';
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
      {
        kind: 'VISITOR',
        ...NOWHERE,
        workspaceId: 'workspace',
        visitorId: 'vera',
        sessionId: 'session',
        agentId: 'ada',
      },
      ['seeAgent'],
    ],
    [
      'a visitor of another agent',
      {
        kind: 'VISITOR',
        ...NOWHERE,
        workspaceId: 'workspace',
        visitorId: 'vera',
        sessionId: 'session',
        agentId: 'bea',
      },
      [],
    ],
    [
      'a runtime',
      { kind: 'API_KEY', ...NOWHERE, workspaceId: 'workspace', keyId: 'key', agentId: 'ada' },
      ['seeAgent'],
    ],
    [
      'a runtime of another agent',
      { kind: 'API_KEY', ...NOWHERE, workspaceId: 'workspace', keyId: 'key', agentId: 'bea' },
      [],
    ],
    ['a back end', { kind: 'API_KEY', ...NOWHERE, workspaceId: 'workspace', keyId: 'key', agentId: null }, EVERYTHING],
    ['a foreign back end', { kind: 'API_KEY', ...NOWHERE, workspaceId: 'foreign', keyId: 'key', agentId: null }, []],
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
