/**
 * A request over HTTP while it is answered. Handed from function to function: an AsyncLocalStorage would find it
 * anywhere, and switch on promise hooks for the whole process (docs/adr/0026).
 */
export interface CurrentRequest {
  /** In every log line about it, in `x-request-id`, and in the answer when it failed on our side. */
  readonly id: string;
  /** Known once its document was read. */
  operation: OperationKind;
}

/** "none": it was refused, or failed, before there was an operation. */
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'none';
