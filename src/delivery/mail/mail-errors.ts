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

/** A workspace's own server cannot be used: it refuses our name and password, its certificate, or does not answer. Nothing about the mail. */
export class MailServerFailed extends MailDeferred {}

/** Nothing was tried: too many mails wait for this server already, or it has just failed. */
export class MailPostponed extends Error {
  override readonly name = 'MailPostponed';
}
