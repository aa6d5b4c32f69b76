import { API_KEY_SCOPES, type ApiKeyScope, NOWHERE, type Principal } from '../../../src/domain/actor';
import { grantsBeyond, mayManageStaff, NO_REACH, type Reach } from '../../../src/domain/policies/member-policy';

const user = (change: object): Principal => ({
  kind: 'USER',
  ...NOWHERE,
  impersonatorId: null,
  workspaceId: 'w',
  userId: 'u',
  sessionId: 's',
  organizationId: 'o',
  workspaceRole: null,
  permissions: ['MANAGE_MEMBERS', 'VIEW_CONVERSATIONS'],
  agentIds: null,
  ...change,
});
const member = user({});
const limited = user({ agentIds: ['a'] });
const owner = user({ organizationId: null, workspaceRole: 'OWNER', permissions: [] });
const admin = user({ organizationId: null, workspaceRole: 'ADMIN', permissions: [] });
const key = (agentId: string | null, ...scopes: ApiKeyScope[]): Principal => {
  return { kind: 'API_KEY', ...NOWHERE, workspaceId: 'w', keyId: 'k', agentId, scopes, secretVersion: 1 };
};
const staffKey = key(null, ...API_KEY_SCOPES);
const peopleKey = key(null, 'PEOPLE', 'CONVERSATIONS');
const agentKey = key('a');
const visitor: Principal = {
  kind: 'VISITOR',
  ...NOWHERE,
  workspaceId: 'w',
  visitorId: 'v',
  agentId: 'a',
  sessionId: 's',
};

const reach = (permissions: Reach['permissions'], agentIds: Reach['agentIds']): Reach => ({ permissions, agentIds });
const everything = reach(['MANAGE_ORGANIZATION'], null);

describe('grantsBeyond', () => {
  it.each<[string, Principal, Reach, Reach, string[]]>([
    ['an agent’s key gives nothing', agentKey, NO_REACH, everything, ['permissions', 'agentIds']],
    ['a visitor gives nothing', visitor, NO_REACH, everything, ['permissions', 'agentIds']],
    ['a member does not give what it lacks', member, NO_REACH, everything, ['permissions']],
    ['a limited member gives no other agent', limited, NO_REACH, reach([], ['a', 'b']), ['agentIds']],
    ['a limited member gives not all agents', limited, NO_REACH, reach([], null), ['agentIds']],
    ['a limited member does not lift a limit', limited, reach([], ['b']), reach([], null), ['agentIds']],
    ['a member gives what it has', member, NO_REACH, reach(['VIEW_CONVERSATIONS'], null), []],
    ['a limited member gives its agents, none too', limited, NO_REACH, reach([], []), []],
    ['what is there may stay', limited, everything, everything, []],
    ['what is there may stay beside what is added', limited, reach([], ['b']), reach([], ['a', 'b']), []],
    ['what is there may be taken away', limited, everything, reach([], ['b']), []],
    ['staff gives everything', admin, NO_REACH, everything, []],
    ['the partner’s back end gives everything', staffKey, NO_REACH, everything, []],
    ['a key gives no permission beyond its scopes', peopleKey, NO_REACH, everything, ['permissions']],
    ['a key gives the permissions of its scopes', peopleKey, NO_REACH, reach(['VIEW_CONVERSATIONS'], null), []],
  ])('%s', (_rule, principal, current, wanted, beyond) => {
    expect(grantsBeyond(principal, current, wanted)).toEqual(beyond);
  });
});

it.each([
  ['visitor', visitor, false, false],
  ['agentKey', agentKey, false, false],
  ['member', member, false, false],
  ['a key without every scope', peopleKey, false, false],
  ['staffKey', staffKey, false, true],
  ['admin', admin, false, true],
  ['owner', owner, true, true],
] as const)('mayManageStaff of %s', (_who, principal, managesOwners, managesAdmins) => {
  expect(mayManageStaff(principal, 'OWNER')).toBe(managesOwners);
  expect(mayManageStaff(principal, 'ADMIN')).toBe(managesAdmins);
});
