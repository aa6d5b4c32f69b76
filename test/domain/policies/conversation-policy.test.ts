import {
  NOWHERE,
  API_KEY_SCOPES,
  type ApiKeyPrincipal,
  type ApiKeyScope,
  type Permission,
  type Principal,
  type UserPrincipal,
  type VisitorPrincipal,
} from '../../../src/domain/actor';
import {
  type ConversationOperation,
  type ConversationSubject,
  coversAgent,
  mayDeleteNote,
  mayOnConversation,
} from '../../../src/domain/policies/conversation-policy';

const subject: ConversationSubject = {
  workspaceId: 'workspace',
  organizationId: 'client',
  agentId: 'ada',
  visitorId: 'vera',
};
const unassigned: ConversationSubject = { ...subject, organizationId: null };

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
const visitor = (visitorId: string, workspaceId = 'workspace'): VisitorPrincipal => {
  return { kind: 'VISITOR', ...NOWHERE, workspaceId, visitorId, agentId: 'ada', sessionId: 'session' };
};
const key = (
  agentId: string | null,
  workspaceId = 'workspace',
  scopes: readonly ApiKeyScope[] = agentId === null ? API_KEY_SCOPES : [],
): ApiKeyPrincipal => {
  return { kind: 'API_KEY', ...NOWHERE, workspaceId, keyId: 'key', agentId, scopes, secretVersion: 1 };
};

const handler = member('HANDLE_CONVERSATIONS');
const OPERATIONS: ConversationOperation[] = ['view', 'viewNotes', 'operate', 'visit', 'runAi'];

function allowed(principal: Principal, of: ConversationSubject): ConversationOperation[] {
  return OPERATIONS.filter((operation) => mayOnConversation(principal, operation, of));
}

describe('mayOnConversation', () => {
  it.each<[string, Principal, ConversationOperation[]]>([
    ['a member without permissions', member(), []],
    [
      'a member with every permission but the two',
      member('MANAGE_AGENT_SETTINGS', 'MANAGE_MEMBERS', 'MANAGE_ORGANIZATION'),
      [],
    ],
    ['a member of another organization', { ...handler, organizationId: 'other' }, []],
    ['a member of another workspace', { ...handler, workspaceId: 'foreign' }, []],
    ['a member limited to no agent', { ...handler, agentIds: [] }, []],
    ['a member limited to another agent', { ...handler, agentIds: ['bea'] }, []],
    ['an owner of another workspace', user({ workspaceRole: 'OWNER', workspaceId: 'foreign' }), []],
    ['another visitor', visitor('viktor'), []],
    ['the same visitor id in another workspace', visitor('vera', 'foreign'), []],
    ['a key of another agent', key('bea'), []],
    ['a key of another workspace', key('ada', 'foreign'), []],
    ['a back end of another workspace', key(null, 'foreign'), []],
    ['a back end without the scope', key(null, 'workspace', ['SETTINGS', 'PEOPLE', 'KEYS']), []],
    ['a back end with the scope alone', key(null, 'workspace', ['CONVERSATIONS']), ['view', 'viewNotes']],
    ['a reader', member('VIEW_CONVERSATIONS'), ['view', 'viewNotes']],
    ['an operator', handler, ['view', 'viewNotes', 'operate']],
    ['an operator limited to this agent', { ...handler, agentIds: ['bea', 'ada'] }, ['view', 'viewNotes', 'operate']],
    ['a reader limited to another agent', { ...member('VIEW_CONVERSATIONS'), agentIds: ['bea'] }, []],
    ['an admin', user({ workspaceRole: 'ADMIN' }), ['view', 'viewNotes', 'operate']],
    ['an owner', user({ workspaceRole: 'OWNER' }), ['view', 'viewNotes', 'operate']],
    ['its visitor', visitor('vera'), ['view', 'visit']],
    ['the runtime of its agent', key('ada'), ['view', 'runAi']],
    ['the back end of its workspace, which is no person', key(null), ['view', 'viewNotes']],
  ])('lets %s', (_who, principal, expected) => {
    expect(allowed(principal, subject)).toEqual(expected);
  });

  it.each<[string, Principal, ConversationOperation[]]>([
    ['a member', handler, []],
    ['a member without organization, were there one', { ...handler, organizationId: null }, []],
    ['an admin', user({ workspaceRole: 'ADMIN' }), ['view', 'viewNotes', 'operate']],
    ['its visitor', visitor('vera'), ['view', 'visit']],
    ['the runtime', key('ada'), ['view', 'runAi']],
  ])('in a conversation of no organization lets %s', (_who, principal, expected) => {
    expect(allowed(principal, unassigned)).toEqual(expected);
  });
});

describe('mayDeleteNote', () => {
  const own = { authorUserId: 'somebody' };
  const others = { authorUserId: 'oscar' };
  it.each<[string, Principal, { authorUserId: string }, boolean]>([
    ['its author', handler, own, true],
    ['its author who only reads now', member('VIEW_CONVERSATIONS'), own, false],
    ['its author who sees nothing of the agent now', { ...handler, agentIds: ['bea'] }, own, false],
    ['somebody who is logged in as its author', { ...handler, impersonatorId: 'owner' }, own, false],
    ['another operator', handler, others, false],
    ['who manages the organization and reads', member('VIEW_CONVERSATIONS', 'MANAGE_ORGANIZATION'), others, true],
    ['who manages the organization and reads nothing', member('MANAGE_ORGANIZATION'), others, false],
    ['who is logged in as a manager', { ...user({ workspaceRole: 'OWNER' }), impersonatorId: 'x' }, others, false],
    ['staff', user({ workspaceRole: 'ADMIN' }), others, true],
    ['a back end without SETTINGS', key(null, 'workspace', ['CONVERSATIONS']), others, false],
    ['a back end', key(null), others, true],
    ['its visitor', visitor('vera'), others, false],
    ['the runtime', key('ada'), others, false],
  ])('by %s', (_who, principal, note, expected) => {
    expect(mayDeleteNote(principal, note, subject)).toBe(expected);
  });
});

describe('coversAgent', () => {
  it.each<[string, Principal, boolean]>([
    ['a member who is limited to others', { ...handler, agentIds: ['bea'] }, false],
    ['a member who is limited to none', { ...handler, agentIds: [] }, false],
    ['a member who is limited to it', { ...handler, agentIds: ['ada'] }, true],
    ['a member who is not limited', handler, true],
  ])('of %s: %s', (_who, principal, expected) => {
    expect(coversAgent(principal, 'ada')).toBe(expected);
  });
});
