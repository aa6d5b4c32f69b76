/** Whose notifications by mail a link turns off. */
export interface MailedPerson {
  readonly workspaceId: string;
  readonly userId: string;
}

/** The proof in a mail that lets its reader turn such mails off without signing in. */
export interface TurnOffTokens {
  /** Always the same one for the same person. */
  of(person: MailedPerson): string;
  /** Null for everything that this server has not written. */
  read(token: string): MailedPerson | null;
}
