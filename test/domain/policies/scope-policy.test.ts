import { API_KEY_SCOPES, type ApiKeyScope, NOWHERE, type Principal } from '../../../src/domain/actor';
import { missingScopes, SCOPED_FIELDS, scopesBeyond } from '../../../src/domain/policies/scope-policy';

const key = (agentId: string | null, ...scopes: ApiKeyScope[]): Principal => {
  return { kind: 'API_KEY', ...NOWHERE, workspaceId: 'w', keyId: 'k', agentId, scopes, secretVersion: 1 };
};
const visitor: Principal = {
  kind: 'VISITOR',
  ...NOWHERE,
  workspaceId: 'w',
  visitorId: 'v',
  agentId: 'a',
  sessionId: 's',
};
const owner: Principal = {
  kind: 'USER',
  ...NOWHERE,
  impersonatorId: null,
  workspaceId: 'w',
  userId: 'u',
  sessionId: 's',
  organizationId: null,
  workspaceRole: 'OWNER',
  permissions: [],
  agentIds: null,
};

describe('missingScopes', () => {
  it.each<[string, string, ApiKeyScope[]]>([
    ['createUser', 'PEOPLE', ['SETTINGS', 'CONVERSATIONS', 'KEYS']],
    ['createAgent', 'SETTINGS', ['PEOPLE', 'CONVERSATIONS', 'KEYS']],
    ['createApiKey', 'KEYS', ['PEOPLE', 'CONVERSATIONS', 'SETTINGS']],
    ['conversation', 'CONVERSATIONS', ['PEOPLE', 'KEYS', 'SETTINGS']],
    // Whoever says where questions are sent reads them.
    ['setAgentResponder', 'CONVERSATIONS', ['SETTINGS', 'KEYS', 'PEOPLE']],
    // Whoever has the mails has the links for another password in them.
    ['updateWorkspaceMailSettings', 'PEOPLE', ['SETTINGS', 'CONVERSATIONS', 'KEYS']],
    // Whoever knows the secret is any visitor.
    ['rotateIdentitySecret', 'CONVERSATIONS', ['SETTINGS', 'KEYS', 'PEOPLE']],
  ])('of %s tells %s to a key with every other scope', (field, missing, scopes) => {
    expect(missingScopes(key(null, ...scopes), field)).toEqual([missing]);
    expect(missingScopes(key(null, ...API_KEY_SCOPES), field)).toEqual([]);
  });

  it.each(['eraseEverything', 'toString', '__proto__', 'constructor'])(
    'of a field that is not in the table, %s, tells every scope',
    (field) => {
      expect(missingScopes(key(null, 'CONVERSATIONS', 'SETTINGS', 'PEOPLE'), field)).toEqual(['KEYS']);
      expect(missingScopes(key(null), field)).toEqual(API_KEY_SCOPES);
    },
  );

  it('says nothing to people, visitors and runtimes: other rules bound them', () => {
    for (const principal of [owner, visitor, key('a')]) {
      for (const field of SCOPED_FIELDS) expect(missingScopes(principal, field)).toEqual([]);
    }
  });
});

describe('scopesBeyond', () => {
  it.each<[string, Principal, Parameters<typeof scopesBeyond>[1], ApiKeyScope[]]>([
    ['a key makes none with more', key(null, 'KEYS'), { agentId: null, scopes: ['KEYS', 'PEOPLE'] }, ['PEOPLE']],
    ['a key makes no runtime that reads more', key(null, 'KEYS'), { agentId: 'a', scopes: [] }, ['CONVERSATIONS']],
    ['a runtime makes none', key('a'), { agentId: null, scopes: ['KEYS'] }, ['KEYS']],
    ['a visitor makes none', visitor, { agentId: null, scopes: ['KEYS'] }, ['KEYS']],
    ['a key makes one like itself', key(null, 'KEYS'), { agentId: null, scopes: ['KEYS'] }, []],
    ['a key makes one without scopes', key(null, 'KEYS'), { agentId: null, scopes: [] }, []],
    ['an owner makes any', owner, { agentId: null, scopes: API_KEY_SCOPES }, []],
  ])('%s', (_rule, principal, wanted, beyond) => {
    expect(scopesBeyond(principal, wanted)).toEqual(beyond);
  });
});
