/** How a connection to a mail server is encrypted. NONE is for a server on this machine, in development. */
export const SMTP_SECURITIES = ['TLS', 'STARTTLS', 'NONE'] as const;
export type SmtpSecurity = (typeof SMTP_SECURITIES)[number];

/** A mail server that a workspace has named, ready to be used: with its password in clear. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: SmtpSecurity;
  /** Null: the server asks for none. */
  readonly username: string | null;
  readonly password: string | null;
}
