/** What the tour's documents bring back. */
export interface Message {
  readonly id: string;
  readonly sequence: number;
  readonly kind: 'TEXT' | 'HANDOFF_EVENT' | 'INQUIRY';
  readonly authorKind: 'VISITOR' | 'AI' | 'OPERATOR' | 'SYSTEM';
  readonly text: string;
  readonly author: { readonly displayName: string } | null;
}

export interface Handoff {
  readonly id: string;
  readonly state: string;
  readonly origin: string;
  readonly reason: string | null;
  readonly summary: string | null;
  readonly acceptedBy: { readonly displayName: string } | null;
  readonly conversation: { readonly id: string };
}

export interface StreamReady {
  readonly __typename: 'StreamReady';
  readonly recovered: boolean;
  readonly replayed: number;
}

export interface MessageAdded {
  readonly __typename: 'MessageAdded';
  readonly message: Message;
}

export interface ConversationChanged {
  readonly __typename: 'ConversationChanged';
  readonly conversation: { readonly controller: string; readonly controlEpoch: number };
}

export interface HandoffChanged {
  readonly __typename: 'HandoffChanged';
  readonly handoff: Handoff;
}

export interface ReplyDelta {
  readonly __typename: 'ReplyDelta';
  readonly turnId: string;
  readonly controlEpoch: number;
  readonly text: string;
}

export type ConversationEvent = StreamReady | MessageAdded | ConversationChanged | HandoffChanged;
export type HandoffEvent = StreamReady | HandoffChanged;
export type Signal = ReplyDelta | { readonly __typename: 'TypingChanged' | 'PresenceChanged' };

export interface Notification {
  readonly title: string;
  readonly body: string;
  readonly conversation: { readonly id: string } | null;
}

export interface ListedNotification extends Omit<Notification, 'body'> {
  readonly deliveries: readonly { readonly channel: string; readonly state: string; readonly detail: string | null }[];
}
