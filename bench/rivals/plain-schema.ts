/** For servers that take a schema as text: the part of Baton's that the benchmark subscribes to. */
export const PLAIN_SCHEMA = `
  type Query { ready: Boolean! }
  type Subscription { organizationEvents(organizationId: ID!): OrganizationEvent! }
  union OrganizationEvent = MessageAdded | StreamReady
  type StreamReady { cursor: String! recovered: Boolean! }
  type MessageAdded { cursor: String! message: Message! }
  type Message {
    id: ID! sequence: Int! kind: MessageKind! authorKind: AuthorKind! text: String! createdAt: String! author: Actor
  }
  enum MessageKind { TEXT HANDOFF_EVENT INQUIRY }
  enum AuthorKind { VISITOR AI OPERATOR SYSTEM }
  interface Actor { id: ID! displayName: String! }
  type Visitor implements Actor { id: ID! displayName: String! }
`;
