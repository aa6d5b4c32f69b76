import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import type { Run } from './run';

/**
 * The fields that are selected on an object of that type, by the name that they have in the answer, in the order in which
 * it has them. A name that is selected several times has all of its nodes: their selections are merged.
 */
export function collectFields(
  run: Run,
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const selection of selections) collect(selection);
  return fields;

  function collect({ selections: nodes }: SelectionSetNode): void {
    for (const node of nodes) {
      if (node.kind === Kind.FIELD) addField(node);
      else if (node.kind === Kind.INLINE_FRAGMENT) addFragment(node, node);
      else if (!spread.has(node.name.value) && isIncluded(run, node)) {
        spread.add(node.name.value);
        const fragment = run.fragments[node.name.value];
        if (fragment !== undefined && fits(run, fragment, type)) collect(fragment.selectionSet);
      }
    }
  }

  function addFragment(fragment: InlineFragmentNode, node: SelectionNode): void {
    if (isIncluded(run, node) && fits(run, fragment, type)) collect(fragment.selectionSet);
  }

  function addField(node: FieldNode): void {
    if (!isIncluded(run, node)) return;
    const name = (node.alias ?? node.name).value;
    const nodes = fields.get(name);
    if (nodes === undefined) fields.set(name, [node]);
    else nodes.push(node);
  }
}

function isIncluded({ variableValues }: Run, node: SelectionNode): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if !== false
  );
}

function fits(
  { schema }: Run,
  fragment: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
): boolean {
  if (fragment.typeCondition === undefined) return true;
  const condition = typeFromAST(schema, fragment.typeCondition);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}
