/** What the tests ask for, in one place: one selection for each type, and what comes back for it. */

export interface UserErrorView {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

export interface OfferView {
  readonly mode: string;
  readonly reason: string | null;
  readonly title: string;
  readonly operatorsOnline: number;
  readonly operators: readonly { readonly displayName: string; readonly isOnline: boolean }[];
  readonly inquiryAvailable: boolean;
}
const OFFER = '{ mode reason title operatorsOnline operators { displayName isOnline } inquiryAvailable }';

export interface ConversationView {
  readonly id: string;
  readonly status: string;
  readonly controller: string;
  readonly controlEpoch: number;
  readonly lastSequence: number;
  readonly unreadCount: number;
  readonly waitingSince: string | null;
  readonly viewerCan: readonly string[];
  readonly operator: { readonly id: string; readonly displayName: string } | null;
  readonly handoff: { readonly id: string; readonly state: string } | null;
  readonly handoffOffer: OfferView;
  readonly streamCursor: string;
}
export const CONVERSATION = `{ id status controller controlEpoch lastSequence unreadCount waitingSince viewerCan
  operator { id displayName } handoff { id state } handoffOffer ${OFFER} streamCursor }`;

export interface HandoffView {
  readonly id: string;
  readonly state: string;
  readonly origin: string;
  readonly reason: string | null;
  readonly summary: string | null;
  readonly brief: string | null;
  readonly answerBy: string | null;
  readonly acceptedBy: { readonly id: string; readonly displayName: string } | null;
  readonly inquiry: { readonly id: string } | null;
}
export const HANDOFF = '{ id state origin reason summary brief answerBy acceptedBy { id displayName } inquiry { id } }';

export interface AttachmentView {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly byteSize: number;
  readonly state: string;
  readonly url: string | null;
}
export const ATTACHMENT = '{ id fileName contentType byteSize state url }';

export interface MessageView {
  readonly id: string;
  readonly sequence: number;
  readonly kind: string;
  readonly authorKind: string;
  readonly text: string;
  readonly clientNonce: string | null;
  readonly author: { readonly __typename: string; readonly id: string; readonly displayName: string } | null;
  readonly attachments: readonly AttachmentView[];
}
export const MESSAGE = `{ id sequence kind authorKind text clientNonce author { __typename id displayName }
  attachments ${ATTACHMENT} }`;

export interface DeliveryView {
  readonly channel: string;
  readonly state: string;
  readonly detail: string | null;
}
const DELIVERY = '{ channel state detail }';

export interface InquiryView {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly text: string;
  readonly state: string;
  readonly conversation: { readonly id: string };
  readonly handoff: { readonly id: string } | null;
  readonly answers: readonly {
    readonly text: string;
    readonly author: { readonly displayName: string } | null;
    readonly delivery: DeliveryView;
  }[];
}
export const INQUIRY = `{ id email name text state assignee { displayName } conversation { id } handoff { id }
  answers { text author { displayName } delivery ${DELIVERY} } }`;

export interface NotificationView {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly seenAt: string | null;
  readonly conversation: { readonly id: string } | null;
  readonly deliveries: readonly DeliveryView[];
}
export const NOTIFICATION = `{ id kind title body seenAt conversation { id } deliveries ${DELIVERY} }`;

const EVENT = `__typename
  ... on StreamReady { cursor recovered replayed }
  ... on MessageAdded { cursor message { id sequence kind authorKind text attachments ${ATTACHMENT} } }
  ... on ConversationErased { cursor conversationId }
  ... on NoteAdded { cursor note { id text } }
  ... on NoteRemoved { cursor noteId conversationId }
  ... on HandoffChanged { cursor handoff { id state origin } }`;
const CHANGED =
  '... on ConversationChanged { cursor conversation { id status controller controlEpoch operator { displayName } } }';
const INQUIRY_CHANGED = '... on InquiryChanged { cursor inquiry { id state text } }';

/** An item of any event stream. */
export interface EventView {
  readonly __typename: string;
  readonly cursor: string;
  readonly recovered?: boolean;
  readonly replayed?: number;
  readonly message?: Pick<MessageView, 'id' | 'sequence' | 'kind' | 'authorKind' | 'text' | 'attachments'>;
  readonly handoff?: Pick<HandoffView, 'id' | 'state' | 'origin'>;
  readonly conversation?: Pick<ConversationView, 'id' | 'status' | 'controller' | 'controlEpoch' | 'operator'>;
  readonly inquiry?: Pick<InquiryView, 'id' | 'state' | 'text'>;
  readonly conversationId?: string;
  readonly note?: { readonly id: string; readonly text: string };
  readonly noteId?: string;
}

export const CONVERSATION_EVENTS = `subscription($id: ID!, $after: Cursor) {
  conversationEvents(conversationId: $id, after: $after) { ${EVENT} ${CHANGED} } }`;
export const ORGANIZATION_EVENTS = `subscription($id: ID!, $after: Cursor, $agentIds: [ID!]) {
  organizationEvents(organizationId: $id, after: $after, agentIds: $agentIds) { ${EVENT} ${CHANGED} ${INQUIRY_CHANGED} } }`;
export const WORKSPACE_EVENTS = `subscription($id: ID!, $after: Cursor) {
  workspaceEvents(workspaceId: $id, after: $after) { ${EVENT} ${CHANGED} ${INQUIRY_CHANGED} } }`;
export const HANDOFF_EVENTS = `subscription($id: ID!, $after: Cursor) {
  handoffEvents(organizationId: $id, after: $after) { __typename
    ... on StreamReady { cursor recovered replayed }
    ... on HandoffChanged { cursor handoff { id state origin } } } }`;

export interface SignalView {
  readonly __typename: string;
  readonly actor?: { readonly __typename: string; readonly displayName: string };
  readonly isTyping?: boolean;
  readonly expiresAt?: string;
  readonly presence?: { readonly status: string };
  readonly reader?: string;
  readonly upToSequence?: number;
  readonly text?: string;
}
export const CONVERSATION_SIGNALS = `subscription($id: ID!) { conversationSignals(conversationId: $id) { __typename
  ... on TypingChanged { actor { __typename displayName } isTyping expiresAt }
  ... on PresenceChanged { actor { __typename displayName } presence { status } }
  ... on ReadMarkChanged { reader upToSequence }
  ... on ReplyDelta { text } } }`;

export const NOTIFICATION_ADDED = `subscription { notificationAdded ${NOTIFICATION} }`;

export interface TurnView {
  readonly id: string;
  readonly controlEpoch: number;
  readonly brief: string | null;
  readonly message: { readonly text: string };
  readonly conversation: {
    readonly id: string;
    readonly messages: { readonly nodes: readonly Pick<MessageView, 'authorKind' | 'text'>[] };
  };
}
export const AGENT_TURNS = `subscription($id: ID!) { agentTurns(agentId: $id) { id controlEpoch brief message { text }
  conversation { id messages(last: 50) { nodes { authorKind text } } } } }`;

export const READ_CONVERSATION = `query($id: ID!) { conversation(id: $id) ${CONVERSATION} }`;
export const READ_MESSAGES = `query($id: ID!) { conversation(id: $id) { messages(last: 100) { nodes ${MESSAGE} } } }`;
export const READ_PUBLIC_AGENT = `query($key: String!) { publicAgent(publicKey: $key) {
  displayName handoffEnabled fixedPopup handoffOffer ${OFFER} } }`;
export const READ_NOTIFICATIONS = `query { notifications(first: 50) { unseenCount nodes ${NOTIFICATION} } }`;
