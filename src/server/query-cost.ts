import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** What a page holds when neither `first` nor `last` is given. */
const DEFAULT_PAGE = 20;
/** What a page size in a variable counts as: rules see documents before their variables, and a document is checked once. */
const LARGEST_PAGE = 100;

type FieldDefinitions = ReadonlyMap<FieldNode, GraphQLField<unknown, unknown>>;

/**
 * Refuses an operation that may load more than `limit` objects. Each field with a selection is one object; inside of a
 * list it is one for each item of the page, so page sizes of lists within lists multiply. Plain values are free: the
 * limit on tokens bounds them.
 */
export function costRule(limit: number): ValidationRule {
  return (context) => {
    const definitions = new Map<FieldNode, GraphQLField<unknown, unknown>>();
    return {
      // Types are known only on the way through; costs add up only when all fragments were seen.
      Field: (field) => {
        const definition = context.getFieldDef();
        if (definition) definitions.set(field, definition);
      },
      Document: {
        leave: ({ definitions: all }) => {
          const cost = new CostOf(context, definitions);
          for (const operation of all) {
            if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
            const objects = cost.ofSelection(operation.selectionSet);
            if (objects > limit) context.reportError(tooCostly(operation, objects, limit));
          }
        },
      },
    };
  };
}

function tooCostly(operation: OperationDefinitionNode, objects: number, limit: number): GraphQLError {
  return new GraphQLError(
    `The operation may load ${objects} objects, and ${limit} are allowed. Ask for smaller pages, or for fewer lists inside of lists; a page size in a variable counts as ${LARGEST_PAGE}.`,
    { nodes: operation },
  );
}

class CostOf {
  private readonly fragments = new Map<string, number>();

  constructor(
    private readonly context: ValidationContext,
    private readonly definitions: FieldDefinitions,
  ) {}

  ofSelection(set: SelectionSetNode): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += this.ofField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) cost += this.ofSelection(selection.selectionSet);
      else cost += this.ofFragment(selection.name.value);
    }
    return cost;
  }

  private ofField(field: FieldNode): number {
    const isPlain = field.selectionSet === undefined || field.name.value.startsWith('__');
    return isPlain ? 0 : 1 + this.pageSizeOf(field) * this.ofSelection(field.selectionSet);
  }

  /** Counted at its first spread and remembered: fragments that spread each other twice would double the work each. */
  private ofFragment(name: string): number {
    const known = this.fragments.get(name);
    if (known !== undefined) return known;
    // Stands until the fragment is counted; a fragment that spreads itself is refused by another rule.
    this.fragments.set(name, 0);
    const fragment = this.context.getFragment(name);
    const cost = fragment ? this.ofSelection(fragment.selectionSet) : 0;
    this.fragments.set(name, cost);
    return cost;
  }

  private pageSizeOf(field: FieldNode): number {
    if (this.definitions.get(field)?.args.some(({ name }) => isPageSize(name)) !== true) return 1;
    const sizes = (field.arguments ?? [])
      .filter(({ name }) => isPageSize(name.value))
      .flatMap(({ value }) => {
        if (value.kind === Kind.INT) return [Math.max(1, Number(value.value))];
        return value.kind === Kind.NULL ? [] : [LARGEST_PAGE];
      });
    return sizes.length === 0 ? DEFAULT_PAGE : Math.max(...sizes);
  }
}

function isPageSize(argument: string): boolean {
  return argument === 'first' || argument === 'last';
}
