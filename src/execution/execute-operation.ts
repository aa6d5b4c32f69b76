import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FragmentDefinitionNode,
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { Failures, type Run } from './run';
import { Selection } from './selection';

/** As graphql-js has it. */
const MAX_VARIABLE_ERRORS = 50;
/** What is included, all variables of directives combined. More than a valid document comes to. */
const MAX_VARIANTS = 64;

export type ExecuteArgs = Pick<
  ExecutionArgs,
  'schema' | 'document' | 'rootValue' | 'contextValue' | 'variableValues' | 'operationName'
>;

/**
 * What `execute` of graphql-js does, for a document that was validated: the same data, errors and nulls. What does not
 * depend on the request is found out once a document object, so a document that comes often should be the same object.
 * See docs/adr/0029.
 */
export function executeOperation(args: ExecuteArgs): ExecutionResult | Promise<ExecutionResult> {
  const prepared = preparedOf(args);
  return prepared === null ? execute(args) : prepared.execute(args);
}

/** By schema, document and name of the operation: null is for graphql-js. */
const remembered = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Map<string, PreparedOperation | null>>>();

function preparedOf({ schema, document, operationName }: ExecuteArgs): PreparedOperation | null {
  const documents = remembered.get(schema) ?? new WeakMap<DocumentNode, Map<string, PreparedOperation | null>>();
  remembered.set(schema, documents);
  const operations = documents.get(document) ?? new Map<string, PreparedOperation | null>();
  documents.set(document, operations);
  // Null and an empty name are not the same question.
  const key = operationName == null ? '' : `=${operationName}`;
  let found = operations.get(key);
  if (found === undefined) {
    found = prepare(document, operationName ?? null);
    // A name that the document does not have is the client's to invent: nothing of it is kept.
    if (found !== null || operations.size === 0) operations.set(key, found);
  }
  return found;
}

/** Null where graphql-js has to say what is wrong, and for what nobody asks in earnest. */
function prepare(document: DocumentNode, operationName: string | null): PreparedOperation | null {
  const operations = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .filter(({ name }) => operationName === null || name?.value === operationName);
  const [operation, other] = operations;
  if (operation === undefined || other !== undefined || namesPrototype(document)) return null;
  return new PreparedOperation(document, operation);
}

/** An answer is an object like any other, of which `__proto__` is no property. */
function namesPrototype(document: DocumentNode): boolean {
  let isNamed = false;
  visit(document, {
    Name: ({ value }) => {
      isNamed ||= value === '__proto__';
    },
  });
  return isNamed;
}

class PreparedOperation {
  private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  private readonly deciding: readonly string[];
  /** By the values of the variables that decide what is included. */
  private readonly variants = new Map<string, Selection>();

  constructor(
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
  ) {
    const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
    this.deciding = variablesOfDirectives(document);
  }

  execute({
    schema,
    rootValue,
    contextValue,
    variableValues,
  }: ExecuteArgs): ExecutionResult | Promise<ExecutionResult> {
    const { operation, fragments } = this;
    const variables = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {}, {
      maxErrors: MAX_VARIABLE_ERRORS,
    });
    if (variables.errors !== undefined) return { errors: variables.errors };
    const failures = new Failures();
    const run = { schema, operation, fragments, rootValue, contextValue, variableValues: variables.coerced, failures };
    const refuse = (error: unknown): ExecutionResult => {
      failures.add(error as GraphQLError, undefined);
      return answerOf(run, null);
    };
    try {
      const data = this.run(run);
      return data instanceof Promise ? data.then((done) => answerOf(run, done), refuse) : answerOf(run, data);
    } catch (error) {
      return refuse(error);
    }
  }

  private run(run: Run): Record<string, unknown> | Promise<Record<string, unknown>> {
    const selection = this.variantFor(run);
    return this.operation.operation === OperationTypeNode.MUTATION
      ? selection.executeSerially(run, run.rootValue)
      : selection.execute(run, run.rootValue, undefined);
  }

  private variantFor(run: Run): Selection {
    const key = this.deciding.map((name) => String(run.variableValues[name])).join();
    let variant = this.variants.get(key);
    if (variant === undefined) {
      const root = run.schema.getRootType(this.operation.operation);
      if (root == null) throw new Error(`The schema has no type for a ${this.operation.operation}.`);
      variant = new Selection(root, [this.operation.selectionSet]);
      if (this.variants.size < MAX_VARIANTS) this.variants.set(key, variant);
    }
    return variant;
  }
}

function variablesOfDirectives(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      visit(directive, {
        Variable: ({ name }) => {
          names.add(name.value);
        },
      });
    },
  });
  return [...names];
}

function answerOf({ failures: { errors } }: Run, data: Record<string, unknown> | null): ExecutionResult {
  return errors.length === 0 ? { data } : { errors, data };
}
