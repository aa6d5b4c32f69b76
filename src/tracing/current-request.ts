import { AsyncLocalStorage } from 'node:async_hooks';

/** What is being answered: one request over HTTP, or one message of a socket. */
export interface CurrentRequest {
  /** In every log line of it, in `x-request-id`, and in the answer when it failed on our side. */
  id: string;
  /** Known once its document was read. */
  operation: OperationKind;
}

/** "none": it was refused, or failed, before there was an operation. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'none';

const storage = new AsyncLocalStorage<CurrentRequest>();

/** Whatever `work` does, also later and on its behalf, belongs to this request. */
export function inRequest<Result>(request: CurrentRequest, work: () => Result): Result {
  return storage.run(request, work);
}

/** Undefined outside of every request: timers, the event log, jobs. */
export function currentRequest(): CurrentRequest | undefined {
  return storage.getStore();
}
