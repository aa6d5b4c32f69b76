import type { HTTPGraphQLRequest } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { executeOperation } from '../execution/execute-operation';
import { ReadColumns } from '../queries/read-columns';
import type { LimitsAsked, RequestContext } from '../resolvers/request-context';
import type { Gate } from './gate';
import { RecentlyUsed } from './recently-used';

/** Documents of front ends, not of people who try things out: 500 of them are 8 MB at most, and 13 with their columns. */
const MAX_DOCUMENTS = 500;
const MAX_LENGTH = 16_384;
const PLAIN_KEYS = new Set(['query', 'variables', 'operationName']);

/** What a request asks for, where everything about it is plain: `operation` has passed every rule before. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What queries of this document read. */
  readonly columns: ReadColumns;
}

type Known = Pick<KnownOperation, 'document' | 'columns'>;
type Asked = Pick<HTTPGraphQLRequest, 'method' | 'body'>;
interface AskedHeaders {
  readonly 'content-type'?: string | undefined;
  readonly accept?: string | undefined;
}

/**
 * The documents that Apollo has found valid in this process. A request that sends one of them again, with nothing else to
 * decide, is answered without Apollo's pipeline, whose headers, hooks and copies cost more than reading a message does
 * (docs/adr/0040). Whatever is not plain is Apollo's to answer, as every error before execution is.
 */
export class KnownOperations {
  private readonly documents = new RecentlyUsed<Known>(MAX_DOCUMENTS);

  /** Only of a document that was validated, and by the rules of every request. */
  remember(query: string, document: DocumentNode): void {
    if (query.length > MAX_LENGTH || this.documents.get(query) !== undefined) return;
    this.documents.set(query, { document, columns: new ReadColumns() });
  }

  /** Null: not plain, or not known. */
  find(asked: Asked, headers: AskedHeaders): KnownOperation | null {
    if (asked.method !== 'POST' || !isPlain(headers)) return null;
    const body = plainBodyOf(asked.body);
    const known = body === null ? undefined : this.documents.get(body.query);
    if (body === null || known === undefined) return null;
    const operation = getOperationAST(known.document, body.operationName);
    // Which errors these are, Apollo says.
    if (operation == null || operation.operation === OperationTypeNode.SUBSCRIPTION) return null;
    const { operationName, variables } = body;
    const { document, columns } = known;
    return { document, operation, operationName, variables, columns };
  }
}

/** JSON in, and JSON out: `graphql-response+json` has other status codes, and a browser's form is no request of ours. */
function isPlain({ 'content-type': sent, accept = '*/*' }: AskedHeaders): boolean {
  return (
    (sent === 'application/json' || sent === 'application/json; charset=utf-8') &&
    (accept === '*/*' || accept === 'application/json')
  );
}

function plainBodyOf(body: unknown): (Pick<KnownOperation, 'operationName' | 'variables'> & { query: string }) | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const key in body) if (!PLAIN_KEYS.has(key)) return null;
  const { query, variables, operationName = null } = body as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string' || (operationName !== null && typeof operationName !== 'string')) return null;
  if (variables == null) return { query, operationName, variables: {} };
  if (typeof variables !== 'object' || Array.isArray(variables)) return null;
  return { query, operationName, variables: variables as Readonly<Record<string, unknown>> };
}

/** The answer as JSON, as Apollo would give it; null: nothing was executed, for its variables are wrong. */
export async function executeKnown(
  schema: GraphQLSchema,
  gate: Pick<Gate, 'formatError'>,
  { document, operation, operationName, variables, columns }: KnownOperation,
  { context, requestId }: { readonly context: RequestContext; readonly requestId: string },
): Promise<string | null> {
  const execute = (contextValue: RequestContext): ExecutionResult | Promise<ExecutionResult> =>
    executeOperation({ schema, document, operationName, variableValues: variables, contextValue });
  const limitsAsked: LimitsAsked = new Map();
  const { data, errors } =
    operation.operation === OperationTypeNode.QUERY
      ? await columns.answer((reading) => execute(context.anew(reading, limitsAsked)))
      : await execute(context);
  if (data === undefined) return null;
  return JSON.stringify({ errors: errors?.map((error) => gate.formatError(error, requestId)), data });
}
