/** The outside world failed a responder; becomes a FAILED outcome. Anything else that is thrown is a defect and stays one. */
export class ResponderFailure extends Error {
  constructor(
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
    this.name = 'ResponderFailure';
  }
}

const DETAIL_LENGTH = 300;

/** One line, at most 300 characters, without the secret: endpoints like to repeat the key that they refuse. */
export function describeFailure(text: string, secret: string | null): string {
  const withoutSecret = secret === null || secret === '' ? text : text.replaceAll(secret, '[secret]');
  return withoutSecret
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, DETAIL_LENGTH);
}
