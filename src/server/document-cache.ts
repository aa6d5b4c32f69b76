import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import type { OperationLimits } from './limit-rules';
import { badRequest, withCode } from './operation-errors';
import { RecentlyUsed } from './recently-used';

/** Distinct documents that are remembered; an open subscription keeps its own. A frame, and so a document, has at most 64 KiB. */
const MAX_DOCUMENTS = 500;

/** One operation of a document that has passed every rule, the same object for everybody who sends it. */
export interface PlannedOperation {
  readonly query: string;
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
  /** Different for each. */
  readonly number: number;
  /** Variables that say where to resume and nothing else: what is executed does not depend on them. */
  readonly cursorVariables: ReadonlySet<string>;
  /** Its events were found to depend on who is looking. Learned while it runs; see docs/adr/0028. */
  isPersonal: boolean;
}

/** Parses and validates a document once, however many sockets send it. Only what is valid is remembered. */
export class DocumentCache {
  private readonly documents = new RecentlyUsed<Map<string, PlannedOperation>>(MAX_DOCUMENTS);
  private count = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: OperationLimits,
  ) {}

  /** The operation of that name, or of the only one; otherwise what is wrong. */
  find(query: string, operationName: string | null): PlannedOperation | readonly GraphQLError[] {
    const known = this.documents.get(query);
    const operations = known ?? this.read(query);
    if (!(operations instanceof Map)) return operations;
    if (known === undefined) this.documents.set(query, operations);
    const [only, other] = operations.values();
    const found = operationName === null ? (other === undefined ? only : undefined) : operations.get(operationName);
    return found ?? [noSuchOperation()];
  }

  private read(query: string): Map<string, PlannedOperation> | readonly GraphQLError[] {
    const document = parseQuery(query, this.limits.maxTokens);
    if (document instanceof GraphQLError) return [document];
    if (!document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) return [noSuchOperation()];
    const errors = validate(this.schema, document, [...specifiedRules, ...this.limits.rules]);
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    const operations = new Map<string, PlannedOperation>();
    for (const node of document.definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION) continue;
      this.count += 1;
      const cursorVariables = cursorVariablesOf(document, node);
      operations.set(node.name?.value ?? '', {
        query,
        document,
        node,
        number: this.count,
        cursorVariables,
        isPersonal: false,
      });
    }
    return operations;
  }
}

function noSuchOperation(): GraphQLError {
  return badRequest('The document has no such operation.');
}

function parseQuery(query: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

/** Those that stand as `after` of a root field and nowhere else in the document. */
function cursorVariablesOf(document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const uses = new Map<string, number>();
  visit(document, {
    // Names what it defines; a default value has no variables.
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      uses.set(name.value, (uses.get(name.value) ?? 0) + 1);
    },
  });
  const resumes = operation.selectionSet.selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    return (selection.arguments ?? []).flatMap(({ name, value }) =>
      name.value === 'after' && value.kind === Kind.VARIABLE ? [value.name.value] : [],
    );
  });
  return new Set(resumes.filter((name) => uses.get(name) === 1));
}
