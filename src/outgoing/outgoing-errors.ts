import { isNativeError } from 'node:util/types';

/** What every failed outgoing request throws, so that a caller can tell "it failed" from a defect of its own. */
export abstract class OutgoingError extends Error {
  abstract readonly reason: 'UNSAFE_TARGET' | 'TIMEOUT' | 'TOO_LARGE' | 'NETWORK' | 'ABORTED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The URL may not be called at all; the message says why and may be shown to a person. Trying again is pointless until the URL or its DNS changes. */
export class UnsafeTargetError extends OutgoingError {
  readonly reason = 'UNSAFE_TARGET';
}

/** No complete answer within the time limit; the other side may still have acted on the request. */
export class OutgoingTimeoutError extends OutgoingError {
  readonly reason = 'TIMEOUT';

  constructor(readonly timeoutMs: number) {
    super(`No complete answer within ${timeoutMs} ms.`);
  }
}

/** The answer was longer than the caller accepts. `status` and `headers` had arrived and are trustworthy. */
export class ResponseTooLargeError extends OutgoingError {
  readonly reason = 'TOO_LARGE';

  constructor(
    readonly maxResponseBytes: number,
    readonly status: number,
    readonly headers: Record<string, string>,
  ) {
    super(`The answer is longer than ${maxResponseBytes} bytes.`);
  }
}

/** Name not found, connection refused or cut, TLS refused, no valid HTTP. `code` is the system's, e.g. `ECONNREFUSED`. */
export class OutgoingNetworkError extends OutgoingError {
  readonly reason = 'NETWORK';
  readonly code: string | null;

  constructor(cause: unknown) {
    super(isNativeError(cause) ? cause.message : String(cause), { cause });
    this.code = systemCodeOf(cause);
  }
}

/** The caller's own signal ended the request. */
export class OutgoingAbortedError extends OutgoingError {
  readonly reason = 'ABORTED';

  constructor() {
    super('The request was cancelled.');
  }
}

function systemCodeOf(cause: unknown): string | null {
  if (!isNativeError(cause) || !('code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}
