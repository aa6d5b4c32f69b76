import { API_KEY_SCOPES, type ApiKeyScope, hasScope, type Principal } from '../actor';

/**
 * What a back end's key needs for each root field; none for what tells no more than how the workspace is set up. A
 * field that is not here is for keys with every scope. Below the root fields, conversations have their own rule
 * (`conversation-policy`), because they hang on much.
 */
const NEEDED: Readonly<Record<string, readonly ApiKeyScope[]>> = {
  // The public ones, and what is the caller's own.
  acceptInvitation: [],
  brandingFor: [],
  publicAgent: [],
  requestPasswordReset: [],
  resetPassword: [],
  signIn: [],
  startVisitorSession: [],
  viewer: [],
  // They belong to people and visitors: a key is refused by them, or finds nothing.
  endVisitorSession: [],
  logInAs: [],
  markNotificationsSeen: [],
  myConversations: [],
  notificationAdded: [],
  notificationChanged: [],
  notifications: [],
  pushSubscriptions: [],
  registerPushSubscription: [],
  removePushSubscription: [],
  session: [],
  setAvailability: [],
  signOut: [],
  updateNotificationSettings: [],
  sendTestNotification: [],
  vapidPublicKey: [],

  agent: [],
  node: [],
  organization: [],
  workspace: [],

  acceptHandoff: ['CONVERSATIONS'],
  addNote: ['CONVERSATIONS'],
  agentTurns: ['CONVERSATIONS'],
  answerInquiry: ['CONVERSATIONS'],
  assignInquiry: ['CONVERSATIONS'],
  retryDelivery: ['CONVERSATIONS'],
  cancelHandoff: ['CONVERSATIONS'],
  closeConversation: ['CONVERSATIONS'],
  closeInquiry: ['CONVERSATIONS'],
  createAttachment: ['CONVERSATIONS'],
  deleteNote: ['CONVERSATIONS', 'SETTINGS'],
  eraseVisitor: ['CONVERSATIONS', 'SETTINGS'],
  exportVisitor: ['CONVERSATIONS'],
  conversation: ['CONVERSATIONS'],
  conversationEvents: ['CONVERSATIONS'],
  conversationSignals: ['CONVERSATIONS'],
  handBackToAi: ['CONVERSATIONS'],
  handoff: ['CONVERSATIONS'],
  handoffEvents: ['CONVERSATIONS'],
  inquiry: ['CONVERSATIONS'],
  mailTranscript: ['CONVERSATIONS'],
  markRead: ['CONVERSATIONS'],
  organizationEvents: ['CONVERSATIONS'],
  organizationSignals: ['CONVERSATIONS'],
  postAgentReply: ['CONVERSATIONS'],
  requestHandoff: ['CONVERSATIONS'],
  sendMessage: ['CONVERSATIONS'],
  setTyping: ['CONVERSATIONS'],
  startConversation: ['CONVERSATIONS'],
  submitInquiry: ['CONVERSATIONS'],
  takeOverConversation: ['CONVERSATIONS'],
  transferHandoff: ['CONVERSATIONS'],
  workspaceEvents: ['CONVERSATIONS'],

  assignAgent: ['SETTINGS'],
  createAgent: ['SETTINGS'],
  createCannedAnswer: ['SETTINGS'],
  deleteCannedAnswer: ['SETTINGS'],
  updateCannedAnswer: ['SETTINGS'],
  createOrganization: ['SETTINGS'],
  // Whoever says where questions are sent reads them.
  setAgentResponder: ['SETTINGS', 'CONVERSATIONS'],
  setHosts: ['SETTINGS'],
  updateAgent: ['SETTINGS'],
  updateAgentHandoff: ['SETTINGS'],
  updateOrganization: ['SETTINGS'],
  // Through it go answers to visitors, invitations and links for another password.
  removeWorkspaceMailSettings: ['SETTINGS', 'CONVERSATIONS', 'PEOPLE'],
  sendTestMail: ['SETTINGS', 'CONVERSATIONS', 'PEOPLE'],
  updateWorkspaceMailSettings: ['SETTINGS', 'CONVERSATIONS', 'PEOPLE'],
  updateOrganizationHandoff: ['SETTINGS'],

  createUser: ['PEOPLE'],
  inviteUser: ['PEOPLE'],
  revokeInvitation: ['PEOPLE'],
  revokeSession: ['PEOPLE'],
  updateUser: ['PEOPLE'],

  createApiKey: ['KEYS'],
  revokeApiKey: ['KEYS'],
  rotateApiKey: ['KEYS'],
  // Whoever knows it is whichever visitor of the agent they like.
  rotateIdentitySecret: ['SETTINGS', 'KEYS', 'CONVERSATIONS'],
};

export const SCOPED_FIELDS = Object.keys(NEEDED);

/** The scopes that the principal lacks for a root field. Back ends' keys alone have scopes: a runtime is bound to its agent. */
export function missingScopes(principal: Principal, field: string): ApiKeyScope[] {
  if (principal.kind !== 'API_KEY' || principal.agentId !== null) return [];
  const needed = Object.hasOwn(NEEDED, field) ? (NEEDED[field] ?? []) : API_KEY_SCOPES;
  return needed.filter((scope) => !hasScope(principal, scope));
}

export function hasEveryScope(principal: Principal): boolean {
  return API_KEY_SCOPES.every((scope) => hasScope(principal, scope));
}

/** What such a key can do that the principal cannot: it may neither be made by it nor get a new secret from it. */
export function scopesBeyond(
  principal: Principal,
  key: { readonly agentId: string | null; readonly scopes: readonly ApiKeyScope[] },
): ApiKeyScope[] {
  // A runtime reads and answers the conversations of its agent.
  const power: readonly ApiKeyScope[] = key.agentId === null ? key.scopes : ['CONVERSATIONS'];
  return power.filter((scope) => !hasScope(principal, scope));
}
