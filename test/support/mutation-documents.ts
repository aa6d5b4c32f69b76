import {
  ATTACHMENT,
  type AttachmentView,
  CONVERSATION,
  HANDOFF,
  MESSAGE,
  INQUIRY,
  type UserErrorView,
  type ConversationView,
  type HandoffView,
  type MessageView,
  type InquiryView,
} from './documents';

export interface AgentView {
  readonly id: string;
  readonly publicKey: string;
  readonly organization: { readonly id: string } | null;
  readonly handoff: {
    readonly enabled: boolean;
    readonly fixedPopup: boolean;
    readonly announcements: Readonly<Record<string, string>>;
  };
}
const AGENT = `{ id publicKey organization { id }
  handoff { enabled fixedPopup announcements { requested accepted returned unanswered cancelled } } }`;

export interface UserView {
  readonly id: string;
  readonly displayName: string;
  readonly presence: { readonly status: string };
}

export interface MailSettingsView {
  readonly host: string;
  readonly hasPassword: boolean;
  readonly fromAddress: string;
  readonly verifiedAt: string | null;
  readonly lastError: string | null;
}

/** The answer of any mutation: what its payload has besides `userErrors` depends on the mutation. */
export interface Payload {
  readonly userErrors: readonly UserErrorView[];
  readonly conversation?: ConversationView | null;
  readonly handoff?: HandoffView | null;
  readonly message?: MessageView | null;
  readonly wasDuplicate?: boolean;
  readonly attachment?: AttachmentView | null;
  readonly uploadUrl?: string | null;
  readonly uploadExpiresAt?: string | null;
  readonly note?: { readonly id: string; readonly text: string } | null;
  readonly deletedNoteId?: string | null;
  readonly transcript?: {
    readonly email: string;
    readonly author: { readonly id: string } | null;
    readonly delivery: { readonly id: string; readonly state: string };
  } | null;
  readonly cannedAnswer?: {
    readonly id: string;
    readonly title: string;
    readonly shortcut: string;
    readonly version: number;
  } | null;
  readonly deletedCannedAnswerId?: string | null;
  readonly inquiry?: InquiryView | null;
  readonly agent?: AgentView | null;
  readonly user?: UserView | null;
  readonly visitorToken?: string | null;
  readonly resumeToken?: string | null;
  readonly visitor?: { readonly id: string } | null;
  readonly erasedVisitorId?: string | null;
  readonly records?: readonly Readonly<Record<string, unknown>>[];
  readonly endCursor?: string | null;
  readonly accessToken?: string | null;
  readonly apiKey?: { readonly id: string } | null;
  readonly invitation?: { readonly id: string; readonly revokedAt: string | null } | null;
  readonly session?: { readonly id: string; readonly revokedAt: string | null; readonly isCurrent: boolean } | null;
  readonly secret?: string | null;
  readonly unseenCount?: number;
  readonly mailSettings?: MailSettingsView | null;
  readonly delivery?: {
    readonly id: string;
    readonly channel: string;
    readonly state: string;
    readonly attempts: number;
    readonly detail: string | null;
  } | null;
}

const OF_HANDOFF = `handoff ${HANDOFF} conversation ${CONVERSATION}`;
const OF_CONVERSATION = `conversation ${CONVERSATION}`;
const OF_MESSAGE = `message ${MESSAGE} wasDuplicate`;
const OF_INQUIRY = `inquiry ${INQUIRY}`;
const OF_AGENT = `agent ${AGENT}`;
const OF_USER = 'user { id displayName presence { status } }';
const OF_DELIVERY = 'delivery { id channel state attempts detail }';
const OF_CANNED_ANSWER = 'cannedAnswer { id title shortcut version }';
const OF_INVITATION = 'invitation { id revokedAt }';

const OF_MAIL_SETTINGS =
  'mailSettings { host port security username hasPassword fromAddress replyTo verifiedAt lastError lastErrorAt }';

/** Payload fields that the tests look at; a mutation that is not listed answers with its user errors alone. */
const SELECTIONS: Readonly<Record<string, string>> = {
  acceptHandoff: OF_HANDOFF,
  acceptInvitation: 'accessToken user: viewer { id displayName presence { status } }',
  addNote: 'note { id text }',
  answerInquiry: OF_INQUIRY,
  assignAgent: OF_AGENT,
  cancelHandoff: OF_HANDOFF,
  closeConversation: OF_CONVERSATION,
  assignInquiry: OF_INQUIRY,
  closeInquiry: OF_INQUIRY,
  createApiKey: 'apiKey { id } secret',
  createAttachment: `attachment ${ATTACHMENT} uploadUrl uploadExpiresAt`,
  createCannedAnswer: OF_CANNED_ANSWER,
  createUser: OF_USER,
  deleteCannedAnswer: 'deletedCannedAnswerId',
  deleteNote: 'deletedNoteId',
  eraseVisitor: 'erasedVisitorId',
  exportVisitor: 'records endCursor',
  handBackToAi: OF_HANDOFF,
  inviteUser: OF_INVITATION,
  mailTranscript: 'transcript { email author { id } delivery { id state } }',
  markNotificationsSeen: 'unseenCount',
  markRead: OF_CONVERSATION,
  postAgentReply: OF_MESSAGE,
  requestHandoff: OF_HANDOFF,
  retryDelivery: OF_DELIVERY,
  rotateApiKey: 'apiKey { id } secret',
  rotateIdentitySecret: `${OF_AGENT} secret`,
  revokeInvitation: OF_INVITATION,
  revokeSession: 'session { id revokedAt isCurrent }',
  sendMessage: OF_MESSAGE,
  sendTestNotification: OF_DELIVERY,
  setAvailability: OF_USER,
  signIn: 'accessToken',
  logInAs: 'accessToken',
  startConversation: OF_CONVERSATION,
  startVisitorSession: 'visitorToken resumeToken visitor { id }',
  submitInquiry: OF_INQUIRY,
  takeOverConversation: OF_HANDOFF,
  transferHandoff: OF_HANDOFF,
  updateAgentHandoff: OF_AGENT,
  updateCannedAnswer: OF_CANNED_ANSWER,
  updateUser: OF_USER,
  sendTestMail: OF_MAIL_SETTINGS,
  updateWorkspaceMailSettings: OF_MAIL_SETTINGS,
};

const INPUT_TYPES: Readonly<Record<string, string>> = { acceptHandoff: 'HandoffInput', cancelHandoff: 'HandoffInput' };

/** The document of one mutation; its one variable is `$input`. */
export function mutationDocument(name: string): string {
  const inputType = INPUT_TYPES[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const selection = SELECTIONS[name] ?? '';
  return `mutation($input: ${inputType}!) { ${name}(input: $input) { ${selection} userErrors { code message path } } }`;
}
