/** What a link in a mail lets its reader do. */
export type MailTokenKind = 'INVITATION' | 'PASSWORD_RESET';

/**
 * The token that a mail carries for the row with this id, always the same one. It is computed where it is needed, so
 * that whoever sends the mail has it although the database holds nothing but its hash.
 */
export type MailTokens = (kind: MailTokenKind, id: string) => string;
