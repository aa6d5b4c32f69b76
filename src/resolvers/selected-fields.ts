import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** By the nodes of a field, which a document that comes often keeps. */
const found = new WeakMap<readonly FieldNode[], ReadonlySet<string>>();

/**
 * Names of all fields below the one that is resolved, at any depth. For reading ahead alone: it says nothing of
 * directives and types, so a name in it may turn out not to be asked for.
 */
export function namesBelow({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const known = found.get(fieldNodes);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const spread = new Set<string>();
  for (const { selectionSet } of fieldNodes) collect(selectionSet);
  found.set(fieldNodes, names);
  return names;

  function collect(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const { value } = selection.name;
        if (!spread.has(value)) collect(fragments[value]?.selectionSet);
        spread.add(value);
        continue;
      }
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      collect(selection.selectionSet);
    }
  }
}
