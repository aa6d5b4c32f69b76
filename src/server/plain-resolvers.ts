import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { RequestContext } from '../resolvers/request-context';

type Metadata = ReturnType<typeof getMetadataStorage>['fieldResolvers'][number];
type Method = (...parameters: unknown[]) => unknown;

/**
 * Before the schema is built: a field without a resolver is a property, read by whoever executes. type-graphql would wrap
 * each of them in a function, which looks like a resolver and has to be treated as one.
 */
export function readPropertiesPlainly(): void {
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers = true;
}

/**
 * After it is built: methods that take nothing but their object and the context are called with them. type-graphql sorts,
 * maps and searches the list of parameters at every call: 5 % of the CPU of an inbox of 50.
 */
export function callPlainly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  for (const metadata of fieldResolvers) {
    const owner = metadata.getObjectType?.();
    const type = schema.getType(objectTypes.find(({ target }) => target === owner)?.name ?? '');
    const field = isObjectType(type) ? type.getFields()[metadata.schemaName] : undefined;
    if (field?.resolve === undefined || !takesRootAndContextAlone(metadata)) continue;
    field.resolve = called(metadata, owner as new () => object, field.resolve);
  }
}

function takesRootAndContextAlone({ kind, params = [], middlewares = [], roles }: Metadata): boolean {
  const isPlain = params.every(
    (parameter) => (parameter.kind === 'root' || parameter.kind === 'context') && parameter.propertyName === undefined,
  );
  return kind === 'external' && isPlain && middlewares.length === 0 && roles === undefined;
}

function called(
  { target, methodName, params = [] }: Metadata,
  owner: new () => object,
  otherwise: GraphQLFieldResolver<unknown, RequestContext>,
): GraphQLFieldResolver<unknown, RequestContext> {
  // Resolvers keep nothing between two calls.
  const resolver = new (target as new () => Record<string, Method>)();
  const places = [...params].sort((one, other) => one.index - other.index).map(({ kind }) => kind);
  const [first, second] = places;
  const isRootFirst = first !== 'context';
  return (root, args, context, info) => {
    // A plain object first has to become one of the class.
    if (!(root instanceof owner)) return otherwise(root, args, context, info);
    const given: [unknown, unknown] = isRootFirst ? [root, context] : [context, root];
    return resolver[methodName]?.(...(second === undefined ? given.slice(0, 1) : given));
  };
}
