import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { type ASTNode, GraphQLError, type ValidationContext, type ValidationRule, visit } from 'graphql';
import { costRule } from './query-cost';

/** What one document may ask for. security.md has the reasons; the README tells clients. */
export const LIMITS = {
  /** Of the whole document, while it is parsed. */
  tokens: 2000,
  /** Fields inside of each other; what stands below `__schema` has a rule of graphql-js itself. */
  depth: 12,
  aliases: 15,
  directives: 5,
  /** Objects that the pages asked for could hold, all lists multiplied. */
  cost: 10_000,
} as const;

/** What every operation has to pass before it runs, wherever it comes from. */
export interface OperationLimits {
  /** For the parser: it stops at the first token too many. */
  readonly maxTokens: number;
  /** In addition to those of the GraphQL specification. */
  readonly rules: readonly ValidationRule[];
}

/** The rules that bound an operation before anything of it runs. Each refuses with a sentence that says what to do. */
export function limitRules(): readonly ValidationRule[] {
  return [
    maxDepthRule({
      n: LIMITS.depth,
      flattenFragments: true,
      ...refusing(
        `The operation nests fields more than ${LIMITS.depth} deep. Ask for the inner ones in an operation of their own.`,
      ),
    }),
    maxAliasesRule({
      n: LIMITS.aliases,
      allowList: [],
      ...refusing(`The operation has more than ${LIMITS.aliases} aliases. Send several operations instead.`),
    }),
    directivesRule,
    costRule(LIMITS.cost),
  ];
}

/** The package would throw out of the validation, which Apollo answers with 500, and calls it a syntax error. */
function refusing(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(new GraphQLError(message))],
  };
}

/** Our own: graphql-armor 2.3 does not count the directives of a spread whose fragment it has seen before. */
const directivesRule: ValidationRule = (context) => ({
  OperationDefinition: (operation) => {
    const parts = [operation, ...context.getRecursivelyReferencedFragments(operation)];
    const count = parts.reduce((sum, part) => sum + directivesIn(part), 0);
    if (count <= LIMITS.directives) return;
    const message = `The operation has more than ${LIMITS.directives} directives. Leave out on your side what you do not want.`;
    context.reportError(new GraphQLError(message, { nodes: operation }));
  },
});

function directivesIn(node: ASTNode): number {
  let count = 0;
  visit(node, {
    Directive: () => {
      count += 1;
    },
  });
  return count;
}
