/** Who may answer the visitor now. NONE: nobody, the visitor waits and the AI is silent. */
export type Controller = 'AI' | 'HUMAN' | 'NONE';
export type ConversationStatus = 'OPEN' | 'CLOSED';
export type HandoffState = 'REQUESTED' | 'ACCEPTED' | 'RETURNED' | 'RESOLVED' | 'UNANSWERED' | 'CANCELLED';
export type HandoffOrigin = 'VISITOR' | 'AI' | 'OPERATOR';
export type AuthorKind = 'VISITOR' | 'AI' | 'OPERATOR' | 'SYSTEM';
export type MessageKind = 'TEXT' | 'HANDOFF_EVENT' | 'INQUIRY';
export type InquiryState = 'OPEN' | 'ANSWERED' | 'CLOSED';
/** FENCED: the answer came after control had moved. SUPERSEDED: the visitor wrote again before it was answered. */
export type TurnState = 'OPEN' | 'ANSWERED' | 'SUPERSEDED' | 'FENCED' | 'HUMAN_REQUESTED' | 'FAILED';
/** How an operator came to a handoff. */
export type HoldOrigin = 'ACCEPTED' | 'TAKEN_OVER' | 'TRANSFERRED';
/** How it ended that the operator had it. TRANSFERRED: another operator has it then, or the team. */
export type HoldEnding = 'RETURNED' | 'RESOLVED' | 'TRANSFERRED';
