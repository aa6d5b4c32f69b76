import fc from 'fast-check';

/** What may be asked of each type in a stream: plain fields, and such as are decided or read for whoever asks. */
const FIELDS = {
  message: [
    'id',
    'sequence kind authorKind',
    'text createdAt',
    'clientNonce',
    'author { __typename id displayName ... on User { email permissions } ... on OperatorCard { avatarUrl } }',
    'author { ... on OperatorCard { isOnline } ... on Visitor { mail: email } }',
    'conversation { id unreadCount }',
    'conversation { viewerCan }',
    'handoff { id summary brief acceptedBy { id email } }',
  ],
  conversation: [
    'id',
    'status controller controlEpoch',
    'lastSequence waitingSince',
    'unreadCount',
    'viewerCan',
    'operator { id email }',
    'operatorCard { id displayName isOnline }',
    'handoff { id summary brief }',
    'handoffOffer { mode reason operatorsOnline operators { displayName } }',
    'lastMessage { id text clientNonce }',
    'visitor { id displayName }',
  ],
  handoff: [
    'id',
    'state origin reason',
    'summary',
    'brief',
    'acceptedBy { id displayName email }',
    'conversation { id unreadCount viewerCan }',
    'inquiry { id text }',
  ],
  inquiry: ['id', 'email text state', 'conversation { id unreadCount }', 'answers { text author { email } }'],
} as const;

/** What one document selects of each type. */
type Selections = Readonly<Record<keyof typeof FIELDS, string>>;

const selectionOf = (fields: readonly string[]): fc.Arbitrary<string> =>
  fc.subarray([...fields], { minLength: 1, maxLength: Math.min(5, fields.length) }).map((chosen) => chosen.join(' '));

export const selections: fc.Arbitrary<Selections> = fc.record({
  message: selectionOf(FIELDS.message),
  conversation: selectionOf(FIELDS.conversation),
  handoff: selectionOf(FIELDS.handoff),
  inquiry: selectionOf(FIELDS.inquiry),
});

/** Root field of a subscription, the argument that says whose events, and which of them there are. */
const STREAMS = {
  conversation: ['conversationEvents', 'conversationId', false],
  organization: ['organizationEvents', 'organizationId', true],
  workspace: ['workspaceEvents', 'workspaceId', true],
} as const;
export type StreamKind = keyof typeof STREAMS;

/** Variables: `id`, and `withCopy`, by which viewers of one document differ. */
export function documentOf(stream: StreamKind, { message, conversation, handoff, inquiry }: Selections): string {
  const [field, argument, withInquiries] = STREAMS[stream];
  const inquiries = withInquiries ? `... on InquiryChanged { cursor inquiry { ${inquiry} } }` : '';
  return `subscription Watch($id: ID!, $withCopy: Boolean!) { ${field}(${argument}: $id) { __typename
    ... on StreamReady { cursor recovered replayed }
    ... on MessageAdded { cursor message { ${message} copy: text @include(if: $withCopy) } }
    ... on ConversationChanged { cursor conversation { ${conversation} } }
    ... on HandoffChanged { cursor handoff { ${handoff} } } ${inquiries} } }`;
}
