import { registerEnumType } from 'type-graphql';

/**
 * Makes a GraphQL enum whose inner values are its names, from one table of value and description.
 * Returns the object to name in decorators; `keyof typeof` of it is the TypeScript type.
 */
export function defineEnum<K extends string>(
  name: string,
  description: string,
  values: Record<K, string>,
): { readonly [P in K]: P } {
  const names = Object.keys(values) as K[];
  const members = Object.fromEntries(names.map((key) => [key, key])) as { [P in K]: P };
  const valuesConfig = Object.fromEntries(names.map((key) => [key, { description: values[key] }])) as {
    [P in K]: { description: string };
  };
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}
