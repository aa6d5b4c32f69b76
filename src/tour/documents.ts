/** Everything that the tour asks of the API. */
const USER_ERRORS = 'userErrors { code message }';
const MESSAGE = 'message { id sequence kind authorKind text author { displayName } }';
const HANDOFF = 'handoff { id state origin reason summary acceptedBy { displayName } conversation { id } }';

export const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { accessToken viewer { displayName } ${USER_ERRORS} }
}`;

export const SIGN_OUT = `mutation ($input: SignOutInput!) {
  signOut(input: $input) { ${USER_ERRORS} }
}`;

export const SET_AVAILABILITY = `mutation ($input: SetAvailabilityInput!) {
  setAvailability(input: $input) { user { id } ${USER_ERRORS} }
}`;

export const START_VISITOR_SESSION = `mutation ($input: StartVisitorSessionInput!) {
  startVisitorSession(input: $input) { visitorToken agent { displayName } ${USER_ERRORS} }
}`;

export const START_CONVERSATION = `mutation ($input: StartConversationInput!) {
  startConversation(input: $input) {
    conversation { id controlEpoch streamCursor handoffOffer { mode operatorsOnline } }
    ${USER_ERRORS}
  }
}`;

export const SEND_MESSAGE = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { ${MESSAGE} ${USER_ERRORS} }
}`;

export const POST_AGENT_REPLY = `mutation ($input: PostAgentReplyInput!) {
  postAgentReply(input: $input) { message { id } ${USER_ERRORS} }
}`;

export const ACCEPT_HANDOFF = `mutation ($input: HandoffInput!) {
  acceptHandoff(input: $input) { ${HANDOFF} ${USER_ERRORS} }
}`;

export const HAND_BACK = `mutation ($input: HandBackToAiInput!) {
  handBackToAi(input: $input) { ${HANDOFF} ${USER_ERRORS} }
}`;

export const CREATE_API_KEY = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret apiKey { id } ${USER_ERRORS} }
}`;

export const REVOKE_API_KEY = `mutation ($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) { apiKey { id } ${USER_ERRORS} }
}`;

export const NOTIFICATIONS = `query {
  notifications(first: 20) {
    nodes { title conversation { id } deliveries { channel state detail } }
  }
}`;

export const TRANSCRIPT = `query ($id: ID!) {
  conversation(id: $id) {
    controller controlEpoch lastSequence
    messages(first: 100) { nodes { id sequence kind authorKind text author { displayName } } }
  }
}`;

export const CONVERSATION_EVENTS = `subscription ($id: ID!, $after: Cursor) {
  conversationEvents(conversationId: $id, after: $after) {
    __typename
    ... on StreamReady { recovered replayed }
    ... on MessageAdded { ${MESSAGE} }
    ... on ConversationChanged { conversation { controller controlEpoch } }
    ... on HandoffChanged { ${HANDOFF} }
  }
}`;

export const CONVERSATION_SIGNALS = `subscription ($id: ID!) {
  conversationSignals(conversationId: $id) { __typename ... on ReplyDelta { turnId controlEpoch text } }
}`;

export const HANDOFF_EVENTS = `subscription ($id: ID!) {
  handoffEvents(organizationId: $id) {
    __typename
    ... on StreamReady { recovered }
    ... on HandoffChanged { ${HANDOFF} }
  }
}`;

export const NOTIFICATION_ADDED = `subscription {
  notificationAdded { title body conversation { id } }
}`;
