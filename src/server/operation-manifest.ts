import { createHash } from 'node:crypto';
import { type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { OperationLimits } from './limit-rules';

/** What a request says about the operation it wants, on HTTP and socket alike. Nothing in it is checked yet. */
export interface OperationRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

export interface OperationRefusal {
  readonly code: 'BAD_REQUEST' | 'PERSISTED_QUERY_NOT_FOUND';
  readonly message: string;
}

/** The only documents that a server runs, where a deployment has named them. */
export class OperationManifest {
  private readonly documents: ReadonlySet<string>;
  /** By the id in the file, and by the SHA-256 of the text. */
  private readonly byId: ReadonlyMap<string, string>;

  private constructor(entries: readonly (readonly [string | null, string])[]) {
    this.documents = new Set(entries.map(([, document]) => document));
    this.byId = new Map([
      ...entries.map(([, document]) => [sha256(document), document] as const),
      ...entries.flatMap(([id, document]) => (id === null ? [] : [[id, document] as const])),
    ]);
  }

  /** From JSON: an object of id and document, or a list of documents. Throws an Error whose message is one line. */
  static read(json: string): OperationManifest {
    const entries = entriesOf(parseJson(json));
    if (entries.length === 0) throw new Error('names no operation: nobody could ask for anything');
    return new OperationManifest(entries);
  }

  /** Throws an Error whose message is one line when a document could never run: each is refused now, or by nobody. */
  check(schema: GraphQLSchema, limits: OperationLimits): void {
    for (const document of this.documents) {
      const problem = problemOf(document, schema, limits);
      if (problem === null) continue;
      const beginning = document.replace(/\s+/g, ' ').trim().slice(0, 60);
      throw new Error(`has an operation that cannot run (“${beginning}”): ${problem.replace(/\s+/g, ' ')}`);
    }
  }

  /** The document that a request may run: the one of its text, which has to be exact, or of its id. */
  find(request: OperationRequest): string | OperationRefusal {
    const { query } = request;
    if (typeof query === 'string' && query !== '') return this.documents.has(query) ? query : NOT_ALLOWED;
    const id = idOf(request);
    return id === null ? UNNAMED : (this.byId.get(id) ?? NOT_FOUND);
  }
}

const NOT_ALLOWED: OperationRefusal = {
  code: 'BAD_REQUEST',
  message: 'This server runs the operations of its manifest alone: send one of them, exactly as it is written there.',
};
const UNNAMED: OperationRefusal = {
  code: 'BAD_REQUEST',
  message: 'Name an operation of this server’s manifest: in documentId, or in extensions.persistedQuery.sha256Hash.',
};
const NOT_FOUND: OperationRefusal = {
  code: 'PERSISTED_QUERY_NOT_FOUND',
  message: 'No operation of this server’s manifest has this id: deploy the manifest before the client that needs it.',
};

function idOf({ documentId, extensions }: OperationRequest): string | null {
  if (typeof documentId === 'string' && documentId !== '') return documentId.replace(/^sha256:/, '');
  const persisted = fieldOf(extensions, 'persistedQuery');
  const hash = fieldOf(persisted, 'sha256Hash');
  return typeof hash === 'string' ? hash : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('is no valid JSON');
  }
}

function entriesOf(content: unknown): (readonly [string | null, string])[] {
  const shape = 'must hold an object of id and document, or a list of documents';
  if (typeof content !== 'object' || content === null) throw new Error(shape);
  const isList = Array.isArray(content);
  return Object.entries(content).map(([id, document]: [string, unknown]) => {
    if (typeof document !== 'string') throw new Error(shape);
    return [isList ? null : id.replace(/^sha256:/, ''), document] as const;
  });
}

function problemOf(document: string, schema: GraphQLSchema, limits: OperationLimits): string | null {
  try {
    const parsed = parse(document, { maxTokens: limits.maxTokens });
    return validate(schema, parsed, [...specifiedRules, ...limits.rules])[0]?.message ?? null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
