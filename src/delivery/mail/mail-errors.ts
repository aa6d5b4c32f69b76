/** The mail will never be accepted as it is: unknown recipient, refused content, or a field that we refuse to send. Do not try again. */
export class MailRejected extends Error {
  override readonly name = 'MailRejected';
}

/**
 * This attempt failed for a passing reason (server busy, connection cut, our own credentials refused). Try again with
 * the same Message-ID: when the connection broke after the text was sent, the server may have taken the mail already.
 */
export class MailDeferred extends Error {
  override readonly name = 'MailDeferred';
}
