/** What the actors ask for. One selection for each thing, as a frontend has it. */

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export interface ConversationView {
  readonly id: string;
  readonly controller: string;
  readonly controlEpoch: number;
  readonly streamCursor: string;
}
const CONVERSATION = '{ id controller controlEpoch streamCursor }';

export interface HandoffView {
  readonly id: string;
  readonly state: string;
  readonly acceptedBy: { readonly id: string } | null;
}
const HANDOFF = '{ id state acceptedBy { id } }';

export interface MessageView {
  readonly id: string;
  readonly sequence: number;
  /** Where they were asked for. */
  readonly attachments?: readonly { readonly id: string }[];
}

/** What any mutation here answers with, as far as it has it. */
export interface Payload {
  readonly userErrors: readonly Refusal[];
  readonly conversation?: ConversationView | null;
  readonly handoff?: HandoffView | null;
  readonly message?: MessageView | null;
  readonly inquiry?: { readonly id: string } | null;
  readonly note?: { readonly id: string } | null;
  readonly attachment?: { readonly id: string } | null;
  readonly uploadUrl?: string | null;
  readonly visitorToken?: string | null;
  readonly accessToken?: string | null;
  readonly secret?: string | null;
  readonly organization?: { readonly id: string; readonly streamCursor: string } | null;
  readonly agent?: { readonly id: string; readonly publicKey: string } | null;
  readonly user?: { readonly id: string } | null;
  readonly viewer?: { readonly id: string; readonly workspace: { readonly id: string } } | null;
}

const OF_HANDOFF = `handoff ${HANDOFF} conversation ${CONVERSATION}`;
const OF_MESSAGE = 'message { id sequence } wasDuplicate';

/** Payload fields of each mutation, and the name of its input where it is not made of its own. */
const MUTATIONS = {
  acceptHandoff: [OF_HANDOFF, 'HandoffInput'],
  addNote: ['note { id }'],
  cancelHandoff: [OF_HANDOFF, 'HandoffInput'],
  closeConversation: [`conversation ${CONVERSATION}`],
  createAgent: ['agent { id publicKey }'],
  createApiKey: ['secret'],
  createAttachment: ['attachment { id } uploadUrl'],
  createOrganization: ['organization { id streamCursor }'],
  createUser: ['user { id }'],
  handBackToAi: [OF_HANDOFF],
  postAgentReply: [OF_MESSAGE],
  registerPushSubscription: [''],
  requestHandoff: [OF_HANDOFF],
  sendMessage: [OF_MESSAGE],
  setAgentResponder: [''],
  signIn: ['accessToken viewer { id workspace { id } }'],
  startConversation: [`conversation ${CONVERSATION}`],
  startVisitorSession: ['visitorToken'],
  submitInquiry: ['inquiry { id }'],
  takeOverConversation: [OF_HANDOFF],
  transferHandoff: [OF_HANDOFF],
  updateAgentHandoff: [''],
  updateNotificationSettings: [''],
  updateOrganizationHandoff: [''],
} as const satisfies Record<string, readonly [string, string?]>;

export type Mutation = keyof typeof MUTATIONS;

export function mutationDocument(name: Mutation): string {
  const [selection, inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`] = MUTATIONS[name];
  return `mutation($input: ${inputType}!) { ${name}(input: $input) { ${selection} userErrors { code message } } }`;
}

const EVENT = `__typename
  ... on StreamReady { cursor recovered }
  ... on HandoffChanged { cursor handoff { id state version acceptedAt answerBy conversation { id agent { id } } } }
  ... on ConversationErased { cursor conversationId }`;
const MORE = `
  ... on MessageAdded { cursor message { id sequence kind authorKind text author { displayName } attachments { id } } }
  ... on NoteAdded { cursor note { id text conversation { id } } }
  ... on ConversationChanged { cursor conversation { id controller controlEpoch operator { id } agent { id } } }`;
const INQUIRY = '... on InquiryChanged { cursor inquiry { id state } }';

/** An item of any event stream. */
export interface EventView {
  readonly __typename: string;
  readonly cursor: string;
  readonly recovered?: boolean;
  readonly message?: MessageView;
  readonly handoff?: {
    readonly id: string;
    readonly state: string;
    readonly version: number;
    readonly acceptedAt: string | null;
    readonly answerBy: string | null;
    readonly conversation: { readonly id: string; readonly agent: { readonly id: string } };
  };
  readonly note?: { readonly id: string; readonly text: string };
  readonly conversation?: {
    readonly id: string;
    readonly controller: string;
    readonly controlEpoch: number;
    readonly operator: { readonly id: string } | null;
    readonly agent: { readonly id: string };
  };
  readonly inquiry?: { readonly id: string; readonly state: string };
  readonly conversationId?: string;
}

export const STREAMS = {
  CONVERSATION: `subscription($id: ID!, $after: Cursor) {
    conversationEvents(conversationId: $id, after: $after) { ${EVENT} ${MORE} } }`,
  ORGANIZATION: `subscription($id: ID!, $after: Cursor) {
    organizationEvents(organizationId: $id, after: $after) { ${EVENT} ${MORE} ${INQUIRY} } }`,
  WORKSPACE: `subscription($id: ID!, $after: Cursor) {
    workspaceEvents(workspaceId: $id, after: $after) { ${EVENT} ${MORE} ${INQUIRY} } }`,
  HANDOFFS: `subscription($id: ID!, $after: Cursor) { handoffEvents(organizationId: $id, after: $after) { ${EVENT} } }`,
} as const;

export interface TurnView {
  readonly id: string;
  readonly controlEpoch: number;
  readonly message: { readonly text: string };
  readonly conversation: {
    readonly id: string;
    /** Null for the AI runtime: no note is for it. */
    readonly notes: { readonly nodes: readonly { readonly text: string }[] } | null;
    readonly messages: { readonly nodes: readonly { readonly text: string }[] };
  };
}
export const AGENT_TURNS = `subscription($id: ID!) { agentTurns(agentId: $id) { id controlEpoch message { text } conversation {
    id notes(last: 3) { nodes { text } } messages(last: 3) { nodes { text } } } } }`;

export interface FilesView {
  readonly attachments: readonly {
    readonly id: string;
    readonly fileName: string;
    readonly byteSize: number;
    readonly url: string | null;
  }[];
}
export const FILES_OF_MESSAGE =
  'query($id: ID!) { node(id: $id) { ... on Message { attachments { id fileName byteSize url } } } }';
/** What somebody who has no business with it may ask of anything. */
export const ANYTHING = 'query($id: ID!) { node(id: $id) { __typename id } }';
/** The same of notes, for whoever may see the conversation and not them. */
export const NOTES_OF_CONVERSATION =
  'query($id: ID!) { node(id: $id) { ... on Conversation { notes(last: 3) { nodes { id text } } } } }';
