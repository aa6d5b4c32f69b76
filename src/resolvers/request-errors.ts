import { GraphQLError } from 'graphql';

/** No or an invalid credential where one is needed. */
export function unauthenticated(): GraphQLError {
  return refused('UNAUTHENTICATED', 'Sign in first: send `Authorization: Bearer <token>`.');
}

/** The caller sees the object but not this field of it. */
export function forbiddenField(message: string): GraphQLError {
  return refused('FORBIDDEN', message);
}

/** For a subscription whose object does not exist or may not be seen: the two are never told apart. */
export function missingObject(noun: string): GraphQLError {
  return refused('NOT_FOUND', `There is no such ${noun}, or you may not see it.`);
}

/** An argument of a query that nobody could answer. @param path of the argument, where there is more than one that it could be */
export function badInput(message: string, path?: readonly string[]): GraphQLError {
  return refused('BAD_USER_INPUT', message, path === undefined ? {} : { path });
}

/** Expected, so nobody reads where it was made; and graphql-js would have the stack formatted to say where it stands. */
function refused(code: string, message: string, more: { readonly path?: readonly string[] } = {}): GraphQLError {
  const error = new GraphQLError(message, { extensions: { code, ...more } });
  error.stack = `${error.name}: ${message}`;
  return error;
}
