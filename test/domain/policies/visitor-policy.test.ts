import { NOWHERE, type Permission, type Principal } from '../../../src/domain/actor';
import { mayHoldVisitorData } from '../../../src/domain/policies/visitor-policy';

const subject = { workspaceId: 'w', visitorId: 'v', agentId: 'a', organizationIds: ['o', 'o'] };

function member(
  change: { permissions?: Permission[]; agentIds?: string[] | null; workspaceId?: string } = {},
): Principal {
  const base = {
    kind: 'USER',
    ...NOWHERE,
    impersonatorId: null,
    workspaceId: 'w',
    userId: 'u',
    sessionId: 's',
    organizationId: 'o',
  } as const;
  return { ...base, workspaceRole: null, permissions: ['MANAGE_ORGANIZATION'], agentIds: null, ...change };
}

describe('mayHoldVisitorData', () => {
  const others: Permission[] = [
    'VIEW_CONVERSATIONS',
    'HANDLE_CONVERSATIONS',
    'MANAGE_AGENT_SETTINGS',
    'MANAGE_MEMBERS',
  ];
  const refused: [string, Principal, (string | null)[]][] = [
    ['a member with every other permission', member({ permissions: others }), ['o']],
    ['a member limited to another agent', member({ agentIds: ['b'] }), ['o']],
    ['a member when one conversation is of another organization', member(), ['o', 'p']],
    ['a member when one conversation is of no organization', member(), ['o', null]],
    ['a member of another workspace', member({ workspaceId: 'x' }), ['o']],
    [
      'another visitor',
      { kind: 'VISITOR', ...NOWHERE, sessionId: 's', workspaceId: 'w', visitorId: 'other', agentId: 'a' },
      ['o'],
    ],
    [
      "the agent's runtime",
      { kind: 'API_KEY', ...NOWHERE, scopes: [], secretVersion: 1, workspaceId: 'w', keyId: 'k', agentId: 'a' },
      ['o'],
    ],
    [
      'the back end of another workspace',
      { kind: 'API_KEY', ...NOWHERE, scopes: [], secretVersion: 1, workspaceId: 'x', keyId: 'k', agentId: null },
      ['o'],
    ],
  ];
  it.each(refused)('refuses %s', (_, principal, organizationIds) => {
    expect(mayHoldVisitorData(principal, { ...subject, organizationIds })).toBe(false);
  });

  const allowed: [string, Principal, (string | null)[]][] = [
    ['who manages the one organization', member(), ['o', 'o']],
    ['the same, limited to this agent', member({ agentIds: ['a'] }), ['o']],
    [
      'the visitor itself, wherever it has talked',
      { kind: 'VISITOR', ...NOWHERE, sessionId: 's', workspaceId: 'w', visitorId: 'v', agentId: 'a' },
      ['o', 'p', null],
    ],
    [
      'the back end of the partner',
      { kind: 'API_KEY', ...NOWHERE, scopes: [], secretVersion: 1, workspaceId: 'w', keyId: 'k', agentId: null },
      ['o', null],
    ],
  ];
  it.each(allowed)('lets %s', (_, principal, organizationIds) => {
    expect(mayHoldVisitorData(principal, { ...subject, organizationIds })).toBe(true);
  });
});
